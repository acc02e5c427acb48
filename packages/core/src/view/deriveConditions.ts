/** What happened to a pod's conditions, and to the generation that its status speaks of. */
import type { PodEvent } from "../event/PodEvent.ts"
import { sameCondition } from "../state/conditionJson.ts"
import { evolve } from "../state/evolve.ts"
import type { Condition, Pod } from "../state/Pod.ts"
import { present } from "./present.ts"

export const deriveConditions = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> => {
  const events: Array<PodEvent> = []
  let known = pod
  const tell = (event: PodEvent) => {
    events.push(event)
    known = evolve(known, event)
  }
  if (pod.observedGeneration !== next.observedGeneration) {
    tell({ _tag: "PodGenerationObserved", ...present({ generation: next.observedGeneration }) })
  }
  for (const { type } of pod.conditions) {
    if (find(next, type) === undefined) tell({ _tag: "PodConditionRemoved", type })
  }
  for (const condition of next.conditions) {
    const was = find(known, condition.type)
    if (was === undefined || !sameCondition(was, condition)) tell(changed(condition))
  }
  const types = next.conditions.map(({ type }) => type)
  if (known.conditions.some(({ type }, i) => type !== types[i])) tell({ _tag: "PodConditionsOrdered", types })
  return events
}

const find = (pod: Pod, type: string): Condition | undefined =>
  pod.conditions.find((condition) => condition.type === type)

const changed = (condition: Condition): PodEvent => {
  const { lastProbeTime, lastTransitionTime, message, observedGeneration, reason, status, type } = condition
  const others = present({ observedGeneration, lastProbeTime, lastTransitionTime, reason, message })
  return { _tag: "PodConditionChanged", type, status, ...others }
}
