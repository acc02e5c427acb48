/** The last step of a container's start (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, startContainer, step 4; K-090, K-091). */
import { killContainer } from "./KillContainer.ts"
import { type HookTarget, runHook } from "./LifecycleHooks.ts"
import { recordContainerEvent } from "./podEvents.ts"
import type { StartFailure } from "./StartContainer.ts"

/** The start waits for the hook, however long it takes. A container whose hook fails is killed, with the pod's grace (T-12). */
export const executePostStartHook = (target: HookTarget, done: (failure?: StartFailure) => void): void => {
  const { id, node, pod, spec } = target
  const handler = spec.lifecycle?.postStart
  if (handler === undefined) return done()
  runHook(target, handler, (message) => {
    if (message === undefined) return done()
    const event = { type: "Warning", reason: "FailedPostStartHook", message: "PostStartHook failed" } as const
    recordContainerEvent(node, pod, spec.name, event)
    const kill = { message: "FailedPostStartHook", reason: "FailedPostStartHook", grace: undefined } as const
    killContainer(target, { id, name: spec.name }, kill, () => done({ reason: "PostStartHookError", message }))
  })
}
