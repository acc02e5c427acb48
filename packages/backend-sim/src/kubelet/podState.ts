/** What a worker asks of its pod. */
import type { Condition, RuntimePodStatus } from "@kubereel/core"

export const isRestarting = ({ status, type }: Condition): boolean =>
  type === "AllContainersRestarting" && status === "True"

/** Is anything of it left that runs? */
export const isAlive = ({ containers, sandboxes }: RuntimePodStatus): boolean =>
  containers.some(({ state }) => state === "running") || sandboxes.some(({ ready }) => ready)
