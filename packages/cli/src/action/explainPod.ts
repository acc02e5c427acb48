/** What `kubereel why` does. */
import { type NumberedEvent, renderScheduling, schedulingOf, timeline } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes, Verdict } from "../exitCode.ts"
import { collectNumbered, openHistory } from "../input/openHistory.ts"
import { print } from "../output/stdout.ts"
import { look } from "../output/terminal.ts"
import { momentIn } from "./arguments.ts"
import { choosePod } from "./choosePod.ts"

export interface WhyInput {
  readonly file: string
  readonly pod: string
  readonly at?: string
  readonly json: boolean
}

/** The namespaces that have a pod of that name. */
const namespacesOf = (lives: ReadonlyArray<{ readonly kind: string; readonly namespace?: string }>) => [
  ...new Set(lives.flatMap(({ kind, namespace = "" }) => (kind === "Pod" ? [namespace] : [])))
]

export const explainPod = Effect.fn("explainPod")(function* (input: WhyInput) {
  const { at, file, pod } = input
  const events: ReadonlyArray<NumberedEvent> = yield* collectNumbered(yield* openHistory(file))
  const all = timeline(events.map(({ event }) => event))
  const { lives } = yield* choosePod(file, all, pod)
  const [namespace = "", ...others] = namespacesOf(lives)
  if (others.length > 0) {
    const named = [namespace, ...others].map((one) => `${one}/${pod}`).join(", ")
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: `${file}: has several pods ${pod}; name one: ${named}`
    })
  }
  const name = lives[0]?.name
  const scheduling = schedulingOf(events, {
    isMeant: ({ metadata }) => metadata.name === name && (metadata.namespace ?? "") === namespace,
    ...(at === undefined ? {} : { until: (yield* momentIn(file, at, all.start)).moment })
  })
  if (scheduling === undefined)
    return yield* new Complaint({
      code: exitCodes.noInput,
      problem: `${file}: had no pod ${pod} then; name a later --at`
    })
  yield* print(
    input.json
      ? JSON.stringify({ schemaVersion: 1, file, ...scheduling }, undefined, 2)
      : renderScheduling(scheduling, { ...look(), start: all.start })
  )
  const last = scheduling.steps.at(-1)?.outcome._tag
  const isKnown = scheduling.answer !== undefined || last === "Made" || last === "Gated"
  if (!isKnown) return yield* new Verdict({ code: exitCodes.inconclusive })
})
