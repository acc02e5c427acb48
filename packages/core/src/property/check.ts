/** What a scenario wants to have checked: a law of pods by its id, or an expectation of a pod or of other objects. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { type Expectation, unmet } from "./expectation.ts"
import { type ObjectExpectation, unmetByObjects } from "./objectExpectation.ts"
import { podLives } from "./PodLaw.ts"
import { podLaws } from "./podLaws.ts"

export type Check = { readonly law: string } | Expectation | ObjectExpectation

export const lawIds: ReadonlyArray<string> = podLaws.map(({ id }) => id)

const brokenLaw = (history: Iterable<ClusterEvent>, id: string): ReadonlyArray<string> => {
  const law = podLaws.find((one) => one.id === id)
  if (law === undefined) return [`there is no law ${id}`]
  return podLives(history).flatMap((life) => {
    const at = law.violatedAt(life)
    const pod = at === undefined ? undefined : life.versions[at]
    return pod === undefined
      ? []
      : [
          `pod ${pod.metadata.name}: ${id} is broken at resource version ${pod.metadata.resourceVersion}: ${law.sentence}`
        ]
  })
}

/** A sentence for each violation, in the order of the checks. `namespace`: of expectations that name none. */
export const violations = (
  history: ReadonlyArray<ClusterEvent>,
  checks: ReadonlyArray<Check>,
  namespace: string
): ReadonlyArray<string> =>
  checks.flatMap((check) => {
    if ("law" in check) return brokenLaw(history, check.law)
    return "pod" in check ? unmet(history, check, namespace) : unmetByObjects(history, check, namespace)
  })
