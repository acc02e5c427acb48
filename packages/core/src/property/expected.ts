/** What a scenario wants to have checked: a law by its id, or an expectation of a pod or of other objects. */
import type { ClusterEvent } from "../event/ClusterEvent.ts"
import { check } from "./Checker.ts"
import { type Expectation, unmet } from "./expectation.ts"
import { laws } from "./laws.ts"
import { type ObjectExpectation, unmetByObjects } from "./objectExpectation.ts"

export type Check = { readonly law: string } | Expectation | ObjectExpectation

export const lawIds: ReadonlyArray<string> = laws.map(({ id }) => id)

const brokenLaw = (history: Iterable<ClusterEvent>, id: string): ReadonlyArray<string> => {
  const law = laws.find((one) => one.id === id)
  if (law === undefined) return [`there is no law ${id}`]
  return check([law], history).flatMap(({ violations }) =>
    violations.map(({ seq, slice }) => `${law.each.name} ${slice}: ${id} is broken by event ${seq}: ${law.says}`)
  )
}

/** A sentence for each violation, in the order of the checks. `namespace`: of expectations that name none. */
export const violations = (
  history: ReadonlyArray<ClusterEvent>,
  checks: ReadonlyArray<Check>,
  namespace: string
): ReadonlyArray<string> =>
  checks.flatMap((one) => {
    if ("law" in one) return brokenLaw(history, one.law)
    return "pod" in one ? unmet(history, one, namespace) : unmetByObjects(history, one, namespace)
  })
