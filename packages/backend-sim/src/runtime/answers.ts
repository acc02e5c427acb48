/**
 * What the processes of a pod answer to a command, a connection, an HTTP request and a gRPC health check, at a moment since each
 * one's start. A command of which nobody said anything succeeds at once; a port of which nobody said anything is closed.
 */
import type {
  Call,
  ExecAnswer,
  GrpcReply,
  HttpAnswer,
  HttpCall,
  HttpReply,
  Micros,
  ProgramRun,
  Window
} from "@kubereel/core"
import { commandOutput } from "./commandOutput.ts"

/** A running process: what it does, and for how long it has. */
export interface Answerer {
  /** The runtime's ID of its container. */
  readonly id: string
  readonly image: string
  readonly run: ProgramRun
  readonly since: Micros
}

/** An answer, and how long from now nobody will give another one (as long as the same processes run). */
export interface Held<A> {
  readonly answer: A
  readonly holds: Micros
}

export interface ExecReply {
  readonly exitCode: number
  /** All that it prints. */
  readonly output: string
  /** What of it are complaints; a program's declared output is none. */
  readonly stderr: string
  readonly takes: Micros
}

const open = (window: Window, since: Micros): boolean =>
  window.from <= since && (window.until === undefined || since < window.until)

/** The time until the first of the windows opens or closes. */
const untilNext = (windows: ReadonlyArray<Window>, since: Micros): Micros =>
  windows
    .flatMap(({ from, until }) => (until === undefined ? [from] : [from, until]))
    .reduce((least, at) => (at > since && at - since < least ? at - since : least), Number.POSITIVE_INFINITY)

/** A text without spaces to split stands for the whole command. */
const sameCommand = (declared: ReadonlyArray<string>, asked: ReadonlyArray<string>): boolean =>
  declared.join(" ") === asked.join(" ")

/** Does its program say how that command ends? */
export const declares = ({ run }: Answerer, command: ReadonlyArray<string>): boolean =>
  run.execs.some((entry) => sameCommand(entry.command, command))

/** A command that is executed in that process' container: the first entry whose window is open counts. */
export const execReply = (
  { image, run, since }: Answerer,
  command: ReadonlyArray<string>
): Held<ExecReply> & { readonly calls: ReadonlyArray<Call> | undefined } => {
  const declared = run.execs.filter((entry) => sameCommand(entry.command, command))
  const found: ExecAnswer | undefined = declared.find((entry) => open(entry, since))
  // A process that waits for what it needs has not done yet what its commands look at.
  const waits = since === Number.NEGATIVE_INFINITY && declared.length > 0
  const exitCode = found?.exitCode ?? (waits ? 1 : 0)
  const stderr = found?.output === undefined ? commandOutput(image, command, exitCode) : ""
  return {
    answer: { exitCode, output: found?.output ?? stderr, stderr, takes: found?.takes ?? 0 },
    holds: untilNext(declared, since),
    calls: found?.calls
  }
}

/** All windows of a process in which some port may open or close. */
const windowsOf = ({ run }: Answerer): ReadonlyArray<Window> => [...run.http, ...run.tcp, ...run.grpc]

const holdsOf = (answerers: ReadonlyArray<Answerer>): Micros =>
  Math.min(Number.POSITIVE_INFINITY, ...answerers.map((one) => untilNext(windowsOf(one), one.since)))

const onPort = (port: number) => (entry: { readonly port: number | undefined }) =>
  entry.port === undefined || entry.port === port

/** What of a process listens on a port now. */
const listening = ({ run, since }: Answerer, port: number) => {
  const now = (entry: Window & { readonly port: number | undefined }) => open(entry, since) && onPort(port)(entry)
  return { http: run.http.filter(now), tcp: run.tcp.filter(now), grpc: run.grpc.filter(now) }
}

interface Listening extends ReturnType<typeof listening> {
  readonly by: Answerer
}

/** One process has the port: the first of those given that listens on it. */
const listener = (answerers: ReadonlyArray<Answerer>, port: number): Listening | undefined =>
  answerers
    .map((one) => ({ ...listening(one, port), by: one }))
    .find(({ grpc, http, tcp }) => grpc.length > 0 || http.length > 0 || tcp.length > 0)

/** Does somebody take a connection to that port? All containers of a pod share its network. */
export const tcpReply = (answerers: ReadonlyArray<Answerer>, port: number): Held<boolean> => ({
  answer: listener(answerers, port) !== undefined,
  holds: holdsOf(answerers)
})

const response = ({ body, location, status, takes }: HttpAnswer): HttpReply => ({
  _tag: "Response",
  status,
  takes,
  body: body ?? "",
  location
})

const notFound: HttpReply = { _tag: "Response", status: 404, takes: 0, body: "", location: undefined }

/** What Go's server says to somebody who forgot the TLS. */
const tlsWanted: HttpReply = {
  _tag: "Response",
  status: 400,
  takes: 0,
  body: "Client sent an HTTP request to an HTTPS server.\n",
  location: undefined
}

export interface HttpRequest {
  readonly port: number
  readonly path: string
  readonly scheme: string
}

/** Who answers a request, and what, once everybody has answered whom he asks first. */
export interface HttpFound extends Held<HttpReply> {
  /** The container whose process it is; `undefined`: nobody listens there. */
  readonly id: string | undefined
  /** Whom it asks first. */
  readonly calls: ReadonlyArray<HttpCall> | undefined
  /** Which of its run's answers it is; `undefined`: none. */
  readonly entry: number | undefined
}

type Answered = Pick<HttpFound, "answer" | "calls" | "entry">

const plain = (answer: HttpReply): Answered => ({ answer, calls: undefined, entry: undefined })

const httpAnswer = (found: Listening | undefined, { path, scheme }: HttpRequest): Answered => {
  if (found === undefined) return plain({ _tag: "Refused" })
  const [spoken] = found.http.flatMap((one) => (one.scheme === undefined ? [] : [one.scheme.toLowerCase()]))
  if (spoken !== undefined && spoken !== scheme) return plain(spoken === "http" ? { _tag: "PlainHttp" } : tlsWanted)
  const [bare = ""] = path.split("?")
  const entry = found.http.find((one) => one.path === undefined || one.path === path || one.path === bare)
  if (entry !== undefined)
    return { answer: response(entry), calls: entry.calls, entry: found.by.run.http.indexOf(entry) }
  if (found.http.length > 0) return plain(notFound)
  return plain(found.grpc.length > 0 ? { _tag: "NotHttp" } : { _tag: "Silent" })
}

export const httpReply = (answerers: ReadonlyArray<Answerer>, request: HttpRequest): HttpFound => {
  const found = listener(answerers, request.port)
  return { ...httpAnswer(found, request), id: found?.by.id, holds: holdsOf(answerers) }
}

const grpcAnswer = (found: Listening | undefined, service: string): GrpcReply => {
  if (found === undefined || found.grpc.length === 0) return { _tag: "Unreachable" }
  const entry = found.grpc.find((one) => one.service === undefined || one.service === service)
  return entry === undefined ? { _tag: "UnknownService" } : { _tag: "Status", status: entry.status, takes: entry.takes }
}

export const grpcReply = (answerers: ReadonlyArray<Answerer>, port: number, service: string): Held<GrpcReply> => ({
  answer: grpcAnswer(listener(answerers, port), service),
  holds: holdsOf(answerers)
})
