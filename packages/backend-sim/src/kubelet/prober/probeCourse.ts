/** How one probe against the simulated runtime will end, if nobody dies meanwhile (`pkg/kubelet/prober/prober.go`, runProbe). */
import {
  execProbe,
  type GrpcReply,
  grpcProbe,
  type HttpReply,
  hostPort,
  httpProbe,
  type Micros,
  type ProbeOutcome,
  type ProbeTarget,
  tcpProbe
} from "@kubereel/core"
import type { NodeProfile } from "../../profile/NodeProfile.ts"
import type { Quantiles } from "../../profile/quantiles.ts"
import { type Answerer, execReply, grpcReply, httpReply, tcpReply } from "../../runtime/answers.ts"
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
type HttpTarget = ProbeTarget & { readonly _tag: "Http" }
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
  const { answer, holds } = execReply({ ...answerer, since: answerer.since + overhead }, command)
  const late = answer.takes >= timeout
  const { exitCode, output } = answer
  return {
    outcome: execProbe(late ? { _tag: "TimedOut" } : { _tag: "Exited", exitCode, output }, command, timeout),
    after: overhead + Math.min(answer.takes, timeout),
    holds,
    // What is executed in it is killed with it; what is not yet, finds nothing there any more.
    death: (elapsed) =>
      execProbe(elapsed < 0 ? taskGone(id) : { _tag: "Exited", exitCode: 137, output: "" }, command, timeout)
  }
}

/** Who answers at a host: the pod's processes at its own address; elsewhere nobody of whom the scenario says anything. */
const answerersAt = ({ id, podIP, runtime, uid }: Probed, host: string, overhead: Micros): ReadonlyArray<Answerer> =>
  host === podIP && podIP !== ""
    ? runtime.answerers(uid, id).map((one): Answerer => ({ ...one, since: one.since + overhead }))
    : []

/** A network that is gone swallows what is sent to it. */
const swallowed = ({ podIP, runtime, uid }: Probed, host: string): boolean =>
  host === podIP && podIP !== "" && !runtime.hasNetwork(uid)

const httpCourse = (probed: Probed, { overhead, timeout }: ProbeCall, target: HttpTarget): Course => {
  let holds = forever
  const { outcome, takes } = httpProbe(target, timeout, (asked): HttpReply => {
    if (swallowed(probed, asked.host)) return { _tag: "Silent" }
    const held = httpReply(answerersAt(probed, asked.host, overhead), asked)
    holds = Math.min(holds, held.holds)
    return held.answer
  })
  const url = `${target.scheme}://${hostPort(target.host, target.port)}${target.path}`
  const death =
    takes === 0 ? undefined : () => ({ _tag: "Failure", output: `Get ${JSON.stringify(url)}: EOF` }) as const
  return { outcome, after: overhead + takes, holds, death }
}

const tcpCourse = (probed: Probed, { overhead, timeout }: ProbeCall, { host, port }: TcpTarget): Course => {
  const address = hostPort(host, port)
  if (swallowed(probed, host))
    return { outcome: tcpProbe("Silent", address), after: timeout, holds: forever, death: undefined }
  const { answer, holds } = tcpReply(answerersAt(probed, host, overhead), port)
  return { outcome: tcpProbe(answer ? "Accepted" : "Refused", address), after: overhead, holds, death: undefined }
}

const grpcCourse = (probed: Probed, { overhead, timeout }: ProbeCall, { host, port, service }: GrpcTarget): Course => {
  const { answer, holds } = grpcReply(answerersAt(probed, host, overhead), port, service)
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
