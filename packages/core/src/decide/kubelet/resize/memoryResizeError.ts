/** A memory limit does not go below what is used (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, validateMemoryResizeAction; K-365). */

export interface MemoryResize {
  /** The pod's new limit, where it is lower than before. */
  readonly podLimit: bigint | undefined
  /** Containers whose limit is to be lowered, with the new one and what they use. */
  readonly containers: ReadonlyArray<{ readonly name: string; readonly limit: bigint; readonly usage: bigint }>
  readonly podUsage: bigint
}

/** Why it cannot be done now. A container's message shows the usage of the whole pod, as Kubernetes' does. */
export const memoryResizeError = ({ containers, podLimit, podUsage }: MemoryResize): string | undefined => {
  const errors = [
    ...(podLimit !== undefined && podUsage >= podLimit
      ? [`attempting to set pod memory limit (${podLimit}) below current usage (${podUsage})`]
      : []),
    ...containers
      .filter(({ limit, usage }) => usage >= limit)
      .map(
        ({ limit, name }) =>
          `attempting to set container "${name}" memory limit (${limit}) below current usage (${podUsage})`
      )
  ]
  if (errors.length === 0) return undefined
  return `cannot decrease memory limits: ${errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`}`
}
