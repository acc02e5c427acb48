/**
 * What a kubelet says while its runtime has no network for pods (`pkg/kubelet/kubelet.go`, updateRuntimeUp and SyncPod; K-345, T-38).
 * The reason is containerd's (`internal/cri/server/status.go`).
 */

/** Of the node (`runtimeState.networkErrors`): the runtime's condition in one line. */
export const networkError = (message: string): string =>
  `container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${message}`

/** Of a pod that needs a network. */
export const networkNotReady = (error: string): string => `network is not ready: ${error}`
