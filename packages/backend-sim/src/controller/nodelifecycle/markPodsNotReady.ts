/** Nobody knows how the pods of a node do that is not ready: they are not ready, either (`pkg/controller/util/node/controller_utils.go`, MarkPodsNotReady; C-324). */
import { type PodObject, updatedPodCondition, withPodCondition } from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type ControllerTools, eventAbout } from "../ControllerContext.ts"

/** One after the other; `false`: not all of them could be marked. What else their condition says stays. */
export function* markPodsNotReady(
  { client, engine, events }: ControllerTools,
  pods: ReadonlyArray<PodObject>
): Course<boolean> {
  let all = true
  for (const pod of pods) {
    const before = pod.status.conditions?.find(({ type }) => type === "Ready")
    const told = before === undefined ? undefined : { ...before, status: "False" }
    const condition = told === undefined ? undefined : updatedPodCondition(pod, told, engine.now)
    if (condition === undefined) continue
    const status = { ...pod.status, conditions: withPodCondition(pod, { ...before, ...condition }) }
    const refusal = refusalOf(yield* client.update({ ...pod, status }, "status"))
    if (refusal?.code === 404) continue
    all &&= refusal === undefined
    events.record(eventAbout(pod, "Warning", "NodeNotReady", "Node is not ready"))
  }
  return all
}
