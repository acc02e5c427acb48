/** `pods/exec`: what a command writes and how it ends, by WebSocket or SPDY (`k8s.io/cri-streaming/pkg/streaming/remotecommand`). */
import type { Duplex } from "node:stream"
import type { ExecEnd, JsonObject } from "@kubereel/core"
import type { WebSocket } from "ws"
import { openChannels } from "./channels.ts"
import { SpdySession, type SpdyStream } from "./spdy/SpdySession.ts"

/** Newest first; the name of the protocol says whether bytes are written in base64. */
export const execProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
  "base64.channel.k8s.io"
]
/** By SPDY nobody closes a stream of its own, and so there is no version 5 (`k8s.io/apimachinery/pkg/util/remotecommand/constants.go`). */
export const spdyExecProtocols = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"]

/** Which streams the client wants. */
export interface Wanted {
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
}

const STDOUT = 1
const STDERR = 2
const ERROR = 3

/** The Status of its end: from version 4 on a client is told so. */
const statusOf = ({ exitCode }: ExecEnd): JsonObject =>
  exitCode === 0
    ? { metadata: {}, status: "Success" }
    : {
        metadata: {},
        status: "Failure",
        message: `command terminated with non-zero exit code: exit status ${exitCode}`,
        reason: "NonZeroExitCode",
        details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] }
      }

/** As words, for clients before version 4; nothing of a good end. */
const endWords = (end: ExecEnd, protocol: string): string =>
  /^v[45]\./.test(protocol)
    ? JSON.stringify(statusOf(end))
    : end.exitCode === 0
      ? ""
      : `command terminated with exit code ${end.exitCode}`

const tell = (end: ExecEnd, wanted: Wanted, protocol: string, on: (stream: number) => Duplex | undefined): void => {
  if (wanted.stdout && end.stdout !== "") on(STDOUT)?.write(end.stdout)
  if (wanted.stderr && end.stderr !== "") on(STDERR)?.write(end.stderr)
  const words = endWords(end, protocol)
  if (words !== "") on(ERROR)?.write(words)
}

export const execOnWebSocket = (socket: WebSocket, end: ExecEnd, wanted: Wanted): void => {
  const { channels, close } = openChannels(socket, 5, socket.protocol.includes("base64") ? "base64" : "binary")
  tell(end, wanted, socket.protocol, (stream) => channels[stream])
  close()
}

const streamTypes = ["stdin", "stdout", "stderr", "error"]

/** The client opens a stream for each; the command runs when all are there. */
export const execOnSpdy = (socket: Duplex, end: ExecEnd, wanted: Wanted, protocol: string): void => {
  const streams = new Map<string, SpdyStream>()
  const awaited = ["error", ...(["stdin", "stdout", "stderr"] as const).filter((name) => wanted[name])]
  const session = new SpdySession(socket, (stream) => {
    streams.set(stream.headers.get("streamtype") ?? "", stream)
    if (!awaited.every((name) => streams.has(name))) return
    tell(end, wanted, protocol, (number) => streams.get(streamTypes[number] ?? ""))
    for (const one of streams.values()) one.end()
    setImmediate(() => session.close())
  })
}
