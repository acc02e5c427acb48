/** The pods of a controller, adopted and released as it selects them (`pkg/controller/controller_ref_manager.go`, ClaimPods). */
import type { KubernetesObject, PodObject, Status } from "@kubereel/core"
import type { Course } from "../client/Course.ts"
import type { ControllerTools } from "./ControllerContext.ts"
import { type ClaimOptions, claimObjects } from "./claimObjects.ts"

export interface Claimed {
  readonly pods: ReadonlyArray<PodObject>
  /** Why one of them could not be adopted or released. */
  readonly failure: Status | undefined
}

/** The owner's pods among `pods`, those that it adopts now included. */
export function* claimPods(
  tools: Pick<ControllerTools, "client">,
  owner: KubernetesObject,
  pods: ReadonlyArray<PodObject>,
  options: ClaimOptions = {}
): Course<Claimed> {
  const { claimed, failure } = yield* claimObjects(tools, owner, pods, options)
  return { pods: claimed, failure }
}
