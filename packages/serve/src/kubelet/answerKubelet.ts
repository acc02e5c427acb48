/** What a simulated node's kubelet answers (`pkg/kubelet/server/server.go`): its pods, their logs, commands in them, their ports. */
import { failure, notFoundResource, type PodObject, type ServedKubelet, type Status } from "@kubereel/core"
import { logOptions } from "../http/podLog.ts"
import { pump } from "../http/pump.ts"
import { isStatus, type Reply, textReply } from "../http/Reply.ts"
import { noAttach } from "../http/refusals.ts"
import { execStreaming, portStreaming, type Streaming } from "../streams/Streaming.ts"

export interface KubeletRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
}

const missing = failure(404, "NotFound", "pod does not exist")

const notServed = failure(
  404,
  "NotFound",
  "a simulated kubelet answers /containerLogs, /exec, /run, /portForward, /pods and /healthz, and nothing else"
)

const wrongMethod = failure(405, "MethodNotAllowed", "405: Method Not Allowed")

/** Kubelets say what is wrong in words. */
const refusal = ({ code = 500, message = "" }: Status): Reply => textReply(code, message)

interface Path {
  readonly root: string
  readonly namespace: string
  readonly pod: string
  readonly uid: string | undefined
  readonly container: string
}

/** `/exec/NAMESPACE/POD[/UID]/CONTAINER`; a port belongs to no container. */
const pathOf = (path: string): Path | undefined => {
  const parts = path.split("/").slice(1)
  const names = parts.map((part) => {
    try {
      return decodeURIComponent(part)
    } catch {
      return ""
    }
  })
  const [root = "", namespace = "", pod = ""] = names
  const rest = names.slice(3)
  const isPort = root === "portForward"
  const container = isPort ? "" : (rest.pop() ?? "")
  const isWhole = namespace !== "" && pod !== "" && (isPort || container !== "") && rest.length <= 1
  return isWhole ? { root, namespace, pod, uid: rest[0], container } : undefined
}

const podOf = async (kubelet: ServedKubelet, { namespace, pod, uid }: Path): Promise<PodObject | undefined> =>
  (await kubelet.pods()).find(
    ({ metadata }) =>
      metadata.namespace === namespace && metadata.name === pod && (uid === undefined || metadata.uid === uid)
  )

const containerLogs = async (kubelet: ServedKubelet, path: Path, query: URLSearchParams): Promise<Reply> => {
  const given = new URLSearchParams(query)
  const tail = given.get("tail")
  if (tail !== null && tail !== "all") given.set("tailLines", tail)
  const options = logOptions(given)
  if (typeof options === "string") return textReply(400, `{"message": "Unable to decode query."}`)
  const stream = given.get("stream") ?? "All"
  // What a program prints is not told apart by where it prints it.
  if (stream !== "All") return textReply(400, `unable to return the given log stream: ${JSON.stringify(stream)}`)
  const { container, namespace, pod } = path
  const log = await kubelet.of.log(namespace, pod, { ...options, container })
  if (isStatus(log)) return refusal(log)
  return { code: 200, headers: { "content-type": "text/plain" }, stream: (sink) => pump(log, sink) }
}

const run = async (kubelet: ServedKubelet, path: Path, query: URLSearchParams): Promise<Reply> => {
  const { container, namespace, pod } = path
  const command = (query.get("cmd") ?? "").split(" ")
  const end = await kubelet.of.exec(namespace, pod, { container, command })
  if (isStatus(end)) return refusal(end)
  const said = `${end.stdout}${end.stderr}`
  return end.exitCode === 0
    ? { code: 200, headers: { "content-type": "application/json" }, body: said }
    : textReply(500, `command '${command.join(" ")}' exited with ${end.exitCode}: ${said}`)
}

const podList = async (kubelet: ServedKubelet): Promise<Reply> => ({
  code: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: await kubelet.pods() })
})

/** `path` with and without a slash at its end are one. */
export const answerKubelet = async (kubelet: ServedKubelet, request: KubeletRequest): Promise<Reply> => {
  const path = request.path.replace(/\/$/, "")
  if (/^\/healthz(\/ping|\/log|\/syncloop)?$/.test(path)) return textReply(200, "ok")
  if (path === "/pods") return request.method === "GET" ? podList(kubelet) : refusal(wrongMethod)
  const of = pathOf(path)
  const answers = { containerLogs: ["GET", containerLogs], run: ["POST", run] } as const
  if (of === undefined) return refusal(notServed)
  if (["attach", "exec", "portForward"].includes(of.root)) return textReply(400, "Upgrade request required")
  if (of.root !== "containerLogs" && of.root !== "run") return refusal(notServed)
  const [method, answer] = answers[of.root]
  if (request.method !== method) return refusal(wrongMethod)
  const pod = await podOf(kubelet, of)
  return pod === undefined ? refusal(missing) : answer(kubelet, of, request.query)
}

/** NewOptions (`k8s.io/cri-streaming/pkg/streaming/remotecommand/httpstream.go`). */
const isAsked = (query: URLSearchParams, name: string): boolean => query.get(name) === "1"

/** What a request for another protocol is about. */
export const streamingOfKubelet = async (
  kubelet: ServedKubelet,
  { path, query }: KubeletRequest
): Promise<Streaming | Status> => {
  const of = pathOf(path)
  if (of === undefined) return notFoundResource
  if (of.root === "attach") return noAttach
  if ((await podOf(kubelet, of)) === undefined) return missing
  const { container, namespace, pod } = of
  if (of.root === "portForward")
    return portStreaming((port) => kubelet.of.connect(namespace, pod, port), query.getAll("port"))
  if (of.root !== "exec") return notServed
  const end = await kubelet.of.exec(namespace, pod, { container, command: query.getAll("command") })
  if (isStatus(end)) return end
  return execStreaming(end, {
    stdin: isAsked(query, "input"),
    stdout: isAsked(query, "output"),
    stderr: isAsked(query, "error") && !isAsked(query, "tty")
  })
}
