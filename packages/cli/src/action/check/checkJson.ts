/** What `kubereel check --json` prints. */
import { explanationJson, type Outcome, propertyJson } from "@kubereel/core"
import { beliefIn } from "./beliefs.ts"
import type { Checked } from "./checkHistory.ts"
import { standingOf } from "./standing.ts"

const outcomeJson = (outcome: Outcome, { explanations }: Checked) => ({
  ...propertyJson(outcome.property),
  standing: standingOf(outcome),
  verdict: outcome.verdict,
  vacuous: outcome.isVacuous,
  slices: outcome.slices,
  fired: outcome.fired,
  inconclusive: Object.fromEntries(outcome.inconclusive),
  notApplicable: outcome.notApplicable ?? null,
  belief: beliefIn(outcome.property)?.id ?? null,
  violations: outcome.violations,
  explanations: (explanations.get(outcome.property) ?? []).map(explanationJson)
})

export const checkedJson = (checked: Checked) => ({
  file: checked.file,
  sort: checked.sort,
  ...(checked.seed === undefined ? {} : { seed: checked.seed }),
  events: checked.events,
  end: checked.end,
  digest: checked.digest ?? null,
  properties: checked.outcomes.map((outcome) => outcomeJson(outcome, checked))
})
