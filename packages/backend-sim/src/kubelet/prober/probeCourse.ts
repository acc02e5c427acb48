/** How one probe against the simulated runtime will end, if nobody dies meanwhile (`pkg/kubelet/prober/prober.go`, runProbe). */
import {
  execProbe,
  type GrpcReply,
  grpcProbe,
  type HttpReply,
  type HttpTarget,
  hostPort,
  httpProbe,
  type Micros,
  noSuchHost,
  type ProbeOutcome,
  type ProbeTarget,
  tcpProbe
} from "@kubereel/core"
import type { Asker } from "../../network/ClusterNetwork.ts"
import { BROKEN, commandReply } from "../../network/command.ts"
import { connect } from "../../network/connect.ts"
import { answerOf, type Hop, request, type Trip } from "../../network/exchange.ts"
import type { NodeProfile } from "../../profile/NodeProfile.ts"
import type { Quantiles } from "../../profile/quantiles.ts"
import { type Answerer, grpcReply, tcpReply } from "../../runtime/answers.ts"
import { notRunning, taskGone } from "../../runtime/execRefusal.ts"
import type { Runtime } from "../../runtime/Runtime.ts"

/** One container of a pod, by the runtime's ID, and the pod's address as the status manager has it. */
export interface Probed {
  readonly runtime: Runtime
  readonly uid: string
  readonly id: string
  readonly podIP: string
}

export interface ProbeCall {
  readonly target: ProbeTarget
  readonly timeout: Micros
  /** What the way to the answer and back takes. */
  readonly overhead: Micros
}

export interface Course {
  readonly outcome: ProbeOutcome
  /** From the beginning until the outcome is known. */
  readonly after: Micros
  /** For so long from now on the answer stays the same, as long as the same processes run. */
  readonly holds: Micros
  /** The outcome when the container dies so long after it began to answer (before: negative); `undefined`: that changes nothing any more. */
  readonly death: ((elapsed: Micros) => ProbeOutcome) | undefined
  /** Others that work on the answer, and the outcome when one of them dies while it does. */
  readonly behind?: ReadonlyArray<{ readonly hop: Hop; readonly outcome: ProbeOutcome }>
}

/** How long probes of that kind take beside what the answer itself takes. */
export const overheads = (profile: NodeProfile, target: ProbeTarget): Quantiles => {
  switch (target._tag) {
    case "Exec":
      return profile.exec
    case "Error":
      return [0, 0, 0, 0]
    default:
      return profile.connect
  }
}

const forever = Number.POSITIVE_INFINITY

type ExecTarget = ProbeTarget & { readonly _tag: "Exec" }
type HttpProbeTarget = ProbeTarget & { readonly _tag: "Http" }
type TcpTarget = ProbeTarget & { readonly _tag: "Tcp" }
type GrpcTarget = ProbeTarget & { readonly _tag: "Grpc" }

const execCourse = (
  { id, runtime, uid }: Probed,
  { overhead, timeout }: ProbeCall,
  { command }: ExecTarget
): Course => {
  const answerer = runtime.answerer(uid, id)
  if (answerer === undefined) {
    const outcome = execProbe(notRunning(runtime, uid, id), command, timeout)
    return { outcome, after: 0, holds: forever, death: undefined }
  }
  const { answer, holds, hops } = commandReply(answerer, { runtime, uid, command, begins: overhead })
  const late = answer.takes >= timeout
  const { exitCode, output } = answer
  return {
    outcome: execProbe(late ? { _tag: "TimedOut" } : { _tag: "Exited", exitCode, output }, command, timeout),
    after: overhead + Math.min(answer.takes, timeout),
    holds,
    // What is executed in it is killed with it; what is not yet, finds nothing there any more.
    death: (elapsed) =>
      execProbe(elapsed < 0 ? taskGone(id) : { _tag: "Exited", exitCode: 137, output: "" }, command, timeout),
    behind: hops.map((hop) => ({
      hop,
      outcome: execProbe({ _tag: "Exited", exitCode: 1, output: BROKEN }, command, timeout)
    }))
  }
}

/** The pod's processes, as they are when a connection has been made. */
const ownAnswerers = ({ id, runtime, uid }: Probed, overhead: Micros): ReadonlyArray<Answerer> =>
  runtime.answerers(uid, id).map((one): Answerer => ({ ...one, since: one.since + overhead }))

/** Is it the pod itself that is asked? Before its address is known nobody is. */
const isOwn = ({ podIP }: Probed, host: string): boolean => host === podIP

/** A network that is gone swallows what is sent to it. */
const swallowed = ({ podIP, runtime, uid }: Probed, host: string): boolean =>
  host === podIP && podIP !== "" && !runtime.hasNetwork(uid)

/** The kubelet asks the pod at its address; another host it looks up and reaches as every process of the node does. */
const httpAsked = (
  probed: Probed,
  target: HttpTarget,
  trip: Trip
): { readonly reply: HttpReply; readonly holds: Micros } => {
  const { id, podIP, runtime, uid } = probed
  const { cluster, node } = runtime.network
  if (!isOwn(probed, target.host)) return { reply: request(cluster, { node, pod: undefined }, target, trip), holds: 0 }
  if (podIP === "") return { reply: { _tag: "Refused" }, holds: forever }
  const pod = runtime.networkOf(uid)
  if (pod === undefined) return { reply: { _tag: "Silent" }, holds: forever }
  return answerOf(cluster, { server: { node, pod }, answerers: runtime.answerers(uid, id) }, target, trip)
}

const eof = ({ host, path, port, scheme }: HttpTarget): ProbeOutcome => {
  const url = `${scheme}://${hostPort(host, port)}${path}`
  return { _tag: "Failure", output: `Get ${JSON.stringify(url)}: EOF` }
}

const httpCourse = (probed: Probed, { overhead, timeout }: ProbeCall, target: HttpProbeTarget): Course => {
  let holds = forever
  let elapsed = overhead
  const hops: Array<Hop> = []
  const { outcome, takes } = httpProbe(target, timeout, (asked): HttpReply => {
    const held = httpAsked(probed, asked, { elapsed, waiting: [], hops })
    holds = Math.min(holds, held.holds)
    if (held.reply._tag === "Response") elapsed += held.reply.takes
    return held.reply
  })
  const broken = ({ breaks }: Hop): ProbeOutcome => {
    if (breaks === undefined) return eof(target)
    const reply = { _tag: "Response", status: breaks, takes: 0, body: "", location: undefined } as const
    return httpProbe(target, timeout, () => reply).outcome
  }
  // The process that is probed is looked after by itself.
  const behind = hops.filter(({ breaks, uid }) => breaks !== undefined || uid !== probed.uid)
  return {
    outcome,
    after: overhead + takes,
    holds,
    death: takes === 0 ? undefined : () => eof(target),
    behind: behind.map((hop) => ({ hop, outcome: broken(hop) }))
  }
}

/** A connection to another host than the pod: the first address of its name that takes one. */
const tcpElsewhere = (asker: Asker, { runtime }: Probed, { overhead, timeout }: ProbeCall, to: TcpTarget): Course => {
  const { cluster } = runtime.network
  const never = { holds: 0, death: undefined }
  const found = cluster.lookup(asker, to.host)
  if (found._tag === "NoSuchHost") {
    const output = noSuchHost(to.host, found.server)
    return { outcome: { _tag: "Failure", output }, after: overhead, ...never }
  }
  const addresses = found._tag === "Silent" ? [] : found.addresses
  let refused: string | undefined
  for (const ip of addresses) {
    const landing = connect(cluster, asker, { ip, port: to.port })
    if (landing._tag === "Silent") break
    const answerers = landing._tag === "Pod" ? landing.answerers : []
    if (landing._tag === "Pod" && tcpReply(answerers, landing.port).answer)
      return { outcome: tcpProbe("Accepted", hostPort(ip, to.port)), after: overhead, ...never }
    refused = ip
  }
  const last = addresses.at(-1)
  return refused !== undefined && refused === last
    ? { outcome: tcpProbe("Refused", hostPort(refused, to.port)), after: overhead, ...never }
    : { outcome: tcpProbe("Silent", hostPort(last ?? to.host, to.port)), after: timeout, ...never }
}

const tcpCourse = (probed: Probed, call: ProbeCall, target: TcpTarget): Course => {
  const { overhead, timeout } = call
  const { host, port } = target
  const address = hostPort(host, port)
  const { node } = probed.runtime.network
  if (!isOwn(probed, host)) return tcpElsewhere({ node, pod: undefined }, probed, call, target)
  if (swallowed(probed, host))
    return { outcome: tcpProbe("Silent", address), after: timeout, holds: forever, death: undefined }
  const { answer, holds } = tcpReply(host === "" ? [] : ownAnswerers(probed, overhead), port)
  return { outcome: tcpProbe(answer ? "Accepted" : "Refused", address), after: overhead, holds, death: undefined }
}

const grpcCourse = (probed: Probed, { overhead, timeout }: ProbeCall, { host, port, service }: GrpcTarget): Course => {
  const { answer, holds } = grpcReply(host === "" ? [] : ownAnswerers(probed, overhead), port, service)
  const reply: GrpcReply = swallowed(probed, host) ? { _tag: "Unreachable" } : answer
  const takes = reply._tag === "Unreachable" ? timeout : reply._tag === "Status" ? Math.min(reply.takes, timeout) : 0
  const lost = "error: health rpc probe failed: rpc error: code = Unavailable desc = error reading from server: EOF"
  return {
    outcome: grpcProbe(reply, hostPort(host, port), timeout),
    after: overhead + takes,
    holds,
    death: reply._tag === "Status" && takes > 0 ? () => ({ _tag: "Failure", output: lost }) : undefined
  }
}

export const probeCourse = (probed: Probed, call: ProbeCall): Course => {
  const { target } = call
  switch (target._tag) {
    case "Exec":
      return execCourse(probed, call, target)
    case "Http":
      return httpCourse(probed, call, target)
    case "Tcp":
      return tcpCourse(probed, call, target)
    case "Grpc":
      return grpcCourse(probed, call, target)
    case "Error":
      return { outcome: target, after: 0, holds: forever, death: undefined }
  }
}
