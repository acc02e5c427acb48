/**
 * What a kubelet says while its runtime is not as it should be (`pkg/kubelet/runtime.go`, runtimeErrors and networkErrors;
 * `kubelet.go`, updateRuntimeUp and SyncPod; K-345, T-38). The network's reason is containerd's (`internal/cri/server/status.go`).
 */

/** The runtime has not answered for half a minute. */
export const runtimeDown = "container runtime is down"

/** The runtime has not answered since the kubelet started. */
export const runtimeUnknown = "container runtime status check may not have completed yet"
export const networkUnknown = "network state unknown"

/** The runtime's condition in one line. */
export const networkError = (message: string): string =>
  `container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${message}`

/** Of a pod that needs a network. */
export const networkNotReady = (error: string): string => `network is not ready: ${error}`

/** Several errors as one text (apimachinery `pkg/util/errors/errors.go`, aggregate.Error). */
export const aggregateErrors = (errors: ReadonlyArray<string | undefined>): string | undefined => {
  const [first, ...others] = [...new Set(errors.filter((error) => error !== undefined))]
  return others.length === 0 ? first : `[${[first, ...others].join(", ")}]`
}
