/**
 * One HTTP request through the network, with all requests that its answer depends on. What is found out is how it will end if nobody
 * dies meanwhile: as a probe's course does, it looks at the cluster as it is now, and at each program as it will be when it is asked.
 */
import {
  type Call,
  type HttpCall,
  type HttpEnd,
  type HttpReply,
  type HttpTarget,
  httpGet,
  type Micros
} from "@kubereel/core"
import { quantile } from "../profile/quantiles.ts"
import { type Answerer, type HttpFound, httpReply, tcpReply } from "../runtime/answers.ts"
import type { Runtime } from "../runtime/Runtime.ts"
import type { Asker, ClusterNetwork } from "./ClusterNetwork.ts"
import { connect } from "./connect.ts"

/** A process that works on an answer, from and until so long after the first request was sent. */
export interface Hop {
  readonly runtime: Runtime
  readonly uid: string
  readonly id: string
  readonly begins: Micros
  readonly ends: Micros
  /** With what the first of all answers if this process dies meanwhile; `undefined`: it is that one, and there is no answer. */
  readonly breaks: number | undefined
}

/** A request on its way: what it was asked for, since when, and by whom. */
export interface Trip {
  /** Since the first request of all. */
  readonly elapsed: Micros
  /** The answers that wait for this one, by process. */
  readonly waiting: ReadonlyArray<string>
  /** Filled in on the way. */
  readonly hops: Array<Hop>
}

/** Answers that wait for each other so deep in a row will all have run out of time before there is a last one. */
const DEEPEST = 64

/** The first of several calls that failed, and the last reply that its client got. */
export interface FailedCall<C extends Call> {
  readonly call: C
  readonly end: HttpEnd
  readonly reply: HttpReply
}

const statusOf = ({ call: { otherwise }, end }: FailedCall<HttpCall>): number =>
  otherwise ?? (end._tag === "Silent" ? 504 : 502)

/** What is answered when the connection breaks. */
const broken = (call: Call & { readonly otherwise?: number | undefined }): number => call.otherwise ?? 502

const shifted = (answerers: ReadonlyArray<Answerer>, by: Micros): ReadonlyArray<Answerer> =>
  answerers.map((one) => ({ ...one, since: one.since + by }))

/** A program's own requests, one after the other until one fails, and how long they took together. */
export const callAll = <C extends Call>(
  network: ClusterNetwork,
  asker: Asker,
  calls: ReadonlyArray<C>,
  trip: Trip
): { readonly failed: FailedCall<C> | undefined; readonly takes: Micros } => {
  let takes: Micros = 0
  for (const call of calls) {
    let asked: Micros = 0
    let last: HttpReply = { _tag: "Silent" }
    const ask = (target: HttpTarget): HttpReply => {
      const reply = request(network, asker, target, { ...trip, elapsed: trip.elapsed + takes + asked })
      if (reply._tag === "Response") asked += reply.takes
      last = reply
      return reply
    }
    const before = trip.hops.length
    const end = httpGet(call.target, ask, call.timeout)
    if (trip.waiting.length === 1) {
      const behind = trip.hops.splice(before)
      trip.hops.push(...behind.map((hop) => ({ ...hop, breaks: broken(call) })))
    }
    takes += end._tag === "Silent" ? call.timeout : end.takes
    if (end._tag !== "Response" || end.status >= 400) return { failed: { call, end, reply: last }, takes }
  }
  return { failed: undefined, takes }
}

const depending = (network: ClusterNetwork, asker: Asker, found: HttpFound, trip: Trip): HttpReply => {
  const { answer, calls = [], id } = found
  if (answer._tag !== "Response") return answer
  const waiting = `${id} ${found.entry}`
  // Whoever waits for himself waits until somebody's time is over.
  if (trip.waiting.includes(waiting) || trip.waiting.length >= DEEPEST) return { _tag: "Silent" }
  const { failed, takes } = callAll(network, asker, calls, { ...trip, waiting: [...trip.waiting, waiting] })
  return failed === undefined
    ? { ...answer, takes: answer.takes + takes }
    : { _tag: "Response", status: statusOf(failed), takes, body: "", location: undefined }
}

/** A pod, and its processes in the order in which they are looked at. */
export interface Asked {
  readonly server: Asker
  readonly answerers: ReadonlyArray<Answerer>
}

/** What these processes answer, who are asked now. `holds`: how long nobody will give another answer. */
export const answerOf = (
  network: ClusterNetwork,
  { answerers, server }: Asked,
  target: HttpTarget,
  trip: Trip
): { readonly reply: HttpReply; readonly holds: Micros } => {
  const found = httpReply(shifted(answerers, trip.elapsed), target)
  const alone = found.calls === undefined || found.calls.length === 0
  const reply = alone ? found.answer : depending(network, server, found, trip)
  const uid = server.pod?.uid
  if (reply._tag === "Response" && reply.takes > 0 && uid !== undefined && found.id !== undefined)
    trip.hops.push({
      runtime: server.node.runtime,
      uid,
      id: found.id,
      begins: trip.elapsed,
      ends: trip.elapsed + reply.takes,
      breaks: undefined
    })
  // What others answer may be another thing at any time, and a connection may be sent elsewhere.
  return { reply, holds: alone ? found.holds : 0 }
}

/** What comes back to an asker: from the first address of the name that takes a connection. */
export const request = (network: ClusterNetwork, asker: Asker, target: HttpTarget, trip: Trip): HttpReply => {
  const found = network.lookup(asker, target.host)
  if (found._tag !== "Addresses") return found
  let last: HttpReply = { _tag: "Silent" }
  for (const ip of found.addresses) {
    const landing = connect(network, asker, { ip, port: target.port })
    if (landing._tag === "Silent") return { _tag: "Silent" }
    last = { _tag: "Refused", address: ip }
    if (landing._tag === "Refused") continue
    const way = quantile(asker.node.profile.connect, network.randomOf(asker).next())
    const { port } = landing
    if (target.scheme === "tcp") {
      const { answer } = tcpReply(shifted(landing.answerers, trip.elapsed + way), port)
      if (answer) return { _tag: "Response", status: 200, takes: way, body: "", location: undefined }
      continue
    }
    const there = { ...trip, elapsed: trip.elapsed + way }
    const { reply } = answerOf(network, landing, { ...target, port }, there)
    if (reply._tag !== "Refused") return reply._tag === "Response" ? { ...reply, takes: reply.takes + way } : reply
  }
  return last
}
