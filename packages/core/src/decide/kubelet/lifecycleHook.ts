/** What a lifecycle hook is, and what is said of one that failed (`pkg/kubelet/lifecycle/handlers.go`, handlerRunner.Run; K-092, K-093). */
import type { ContainerSpec, HTTPGetAction, LifecycleHandler } from "../../event/KubernetesObject.ts"
import type { Pod } from "../../state/Pod.ts"

export type Hook =
  | { readonly _tag: "Exec"; readonly command: ReadonlyArray<string> }
  | { readonly _tag: "HTTPGet"; readonly action: HTTPGetAction }
  | { readonly _tag: "Sleep"; readonly seconds: number }
  /** The API server takes it, the kubelet has nothing that runs it (`tcpSocket`). */
  | { readonly _tag: "Invalid"; readonly error: string }

/** How Go prints a `tcpSocket` handler: an IntOrString is its type, its number and its text. */
const printed = ({ tcpSocket }: LifecycleHandler): string => {
  if (tcpSocket === undefined) return "&LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:nil,Sleep:nil,}"
  const { host = "", port } = tcpSocket
  const intOrString = typeof port === "number" ? `{0 ${port} }` : `{1 0 ${port}}`
  const action = `&TCPSocketAction{Port:${intOrString},Host:${host},}`
  return `&LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:${action},Sleep:nil,}`
}

export const hookOf = (handler: LifecycleHandler): Hook => {
  if (handler.exec !== undefined) return { _tag: "Exec", command: handler.exec.command ?? [] }
  if (handler.httpGet !== undefined) return { _tag: "HTTPGet", action: handler.httpGet }
  if (handler.sleep !== undefined) return { _tag: "Sleep", seconds: handler.sleep.seconds }
  return { _tag: "Invalid", error: `invalid handler: ${printed(handler)}` }
}

/** `pkg/kubelet/util/format/pod.go`, Pod. */
const formatPod = ({ metadata: { name, namespace = "", uid = "" } }: Pod): string => `${name}_${namespace}(${uid})`

/** Why a hook failed; `output`: what its command printed. */
export interface HookError {
  readonly error: string
  readonly output: string
}

/** Go's `%q`: the output is shown as a Go string. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, (_, byte: string) =>
    byte === "07" ? "\\a" : byte === "0b" ? "\\v" : `\\x${byte}`
  )

/** The message of a hook that failed. */
export const hookMessage = (pod: Pod, container: ContainerSpec, hook: Hook, { error, output }: HookError): string => {
  const whose = `for Container ${quoted(container.name)} in Pod ${quoted(formatPod(pod))} failed - error: ${error}`
  switch (hook._tag) {
    case "Exec":
      return `Exec lifecycle hook ([${hook.command.join(" ")}]) ${whose}, message: ${quoted(output)}`
    case "HTTPGet":
      return `HTTP lifecycle hook (${hook.action.path ?? ""}) ${whose}`
    case "Sleep":
      return `Sleep lifecycle hook (${hook.seconds}) ${whose}`
    case "Invalid":
      return `Cannot run handler: ${hook.error}`
  }
}
