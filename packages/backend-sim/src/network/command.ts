/** A command that is executed in a container, with the requests that it depends on: as a script does that begins with `wget -q`. */
import type { Call, Micros } from "@kubereel/core"
import { type Answerer, type ExecReply, execReply, type Held } from "../runtime/answers.ts"
import type { Runtime } from "../runtime/Runtime.ts"
import { callAll, type FailedCall, type Hop } from "./exchange.ts"

/** In which pod, and how long after the moment of asking it begins. */
export interface Execution {
  readonly runtime: Runtime
  readonly uid: string
  readonly command: ReadonlyArray<string>
  readonly begins: Micros
}

export interface CommandReply extends Held<ExecReply> {
  /** Others that work for it. */
  readonly hops: ReadonlyArray<Hop>
}

/** What it says when the one goes away whom it asks. */
export const BROKEN = "wget: error getting response\n"

/** As busybox says it (`networking/wget.c`, `networking/nc.c`). */
const wordsOf = ({ call: { target }, end, reply }: FailedCall<Call>): string => {
  const program = target.scheme === "tcp" ? "nc" : "wget"
  if (end._tag === "Silent") return `${program}: ${program === "nc" ? "timed out" : "download timed out"}\n`
  switch (reply._tag) {
    case "NoSuchHost":
      return `${program}: bad address '${target.host}'\n`
    case "Refused":
      return `${program}: can't connect to remote host (${reply.address ?? target.host}): Connection refused\n`
    case "Response":
      return `wget: server returned error: HTTP/1.1 ${reply.status}\n`
    default:
      return BROKEN
  }
}

export const commandReply = (process: Answerer, { begins, command, runtime, uid }: Execution): CommandReply => {
  const held = execReply({ ...process, since: process.since + begins }, command)
  const { calls = [] } = held
  if (calls.length === 0) return { ...held, hops: [] }
  const { cluster, node } = runtime.network
  const hops: Array<Hop> = []
  const trip = { elapsed: begins, waiting: [process.id], hops }
  const { failed, takes } = callAll(cluster, { node, pod: runtime.networkOf(uid) }, calls, trip)
  // Somebody else may answer another thing at any time.
  if (failed === undefined) return { answer: { ...held.answer, takes: held.answer.takes + takes }, holds: 0, hops }
  const words = wordsOf(failed)
  return { answer: { exitCode: 1, output: words, stderr: words, takes }, holds: 0, hops }
}
