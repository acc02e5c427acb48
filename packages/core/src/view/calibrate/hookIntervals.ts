/** How long a command that is executed in a container takes beside itself, from hooks whose commands say how long they take. */
import { type Micros, SECOND } from "../../event/Instant.ts"
import type { ContainerSpec, LifecycleHandler } from "../../event/KubernetesObject.ts"
import type { ObservedPod } from "./ObservedPod.ts"
import { between } from "./startIntervals.ts"

const failing = /^(?:sleep (\d+(?:\.\d+)?) *; *)?exit [1-9]\d*$/

/**
 * The command's own time where it can be read off it: a shell that sleeps, if at all, and then fails. Of anything else a
 * recording does not show when it ended by itself.
 */
const ownTime = (handler: LifecycleHandler | undefined): Micros | undefined => {
  const [shell, option, script = "", ...others] = handler?.exec?.command ?? []
  const match = shell === "sh" && option === "-c" && others.length === 0 ? failing.exec(script.trim()) : null
  return match === null ? undefined : Math.round(Number(match[1] ?? 0) * SECOND)
}

const ofContainer = (pod: ObservedPod, { lifecycle, name }: ContainerSpec): ReadonlyArray<Micros> => {
  const own = { ...pod, events: pod.events.filter(({ fieldPath }) => fieldPath === `spec.containers{${name}}`) }
  const beside = (handler: LifecycleHandler | undefined, from: string, to: string): ReadonlyArray<Micros> => {
    const time = ownTime(handler)
    return time === undefined ? [] : between(own, from, to).map((value) => value - time)
  }
  return [
    ...beside(lifecycle?.postStart, "Started", "FailedPostStartHook"),
    ...beside(lifecycle?.preStop, "Killing", "FailedPreStopHook")
  ]
}

/**
 * A hook is run when its container's Started or Killing Event is said, and its failure is said when the runtime has answered. Both
 * Events are assumed to take as long to be written.
 */
export const execHook = (pod: ObservedPod): ReadonlyArray<Micros> =>
  (pod.versions[0]?.pod.spec.containers ?? []).flatMap((container) => ofContainer(pod, container))
