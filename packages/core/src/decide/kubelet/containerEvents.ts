/** What the kubelet says when it has created and started a container (`pkg/kubelet/kuberuntime/kuberuntime_container.go`, startContainer). */
import type { KubernetesRelease } from "./featureGates.ts"

/** The name went into the Event's `fieldPath` alone in 1.35; before, it had got a colon in 1.32. */
export const containerCreated = ({ minor }: KubernetesRelease, name: string): string =>
  minor >= 35 ? "Container created" : minor >= 32 ? `Created container: ${name}` : `Created container ${name}`

export const containerStarted = ({ minor }: KubernetesRelease, name: string): string =>
  minor >= 35 ? "Container started" : `Started container ${name}`
