/**
 * The gRPC health check (grpc.health.v1.Health/Check) as a busybox script: as much of HTTP/2 as one call on a fresh connection
 * needs. The client's frames are read one by one; the end of its stream is answered.
 */
import type { GrpcAnswer } from "@kubereel/core"
import { openNow, quoted, seconds } from "./shell.ts"

/** `\ooo` for each byte, for `printf`. */
const bytes = (all: ReadonlyArray<number>): string =>
  all.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")

const textBytes = (text: string): ReadonlyArray<number> => [...Buffer.from(text)]

const [DATA, HEADERS, SETTINGS] = [0, 1, 4]
const [ACK, END_STREAM, END_HEADERS] = [1, 1, 4]

/** A frame of the stream that the client has opened, the first one. */
const frame = (type: number, flags: number, payload: ReadonlyArray<number>, stream = 1): ReadonlyArray<number> => [
  payload.length >> 16,
  (payload.length >> 8) & 255,
  payload.length & 255,
  type,
  flags,
  ...[0, 0, 0, stream],
  ...payload
]

/** A header field that nobody need remember (RFC 7541, 6.2.2); these are all shorter than 127 bytes. */
const field = (name: string, value: string): ReadonlyArray<number> => [
  0,
  name.length,
  ...textBytes(name),
  value.length,
  ...textBytes(value)
]

/** `:status: 200` is the eighth entry of HPACK's static table. */
const head = [0x88, ...field("content-type", "application/grpc")]

const failed = (status: number, message: string): ReadonlyArray<number> =>
  frame(HEADERS, END_STREAM + END_HEADERS, [
    ...head,
    ...field("grpc-status", String(status)),
    ...field("grpc-message", message)
  ])

const [NOT_FOUND, UNIMPLEMENTED] = [5, 12]

/** `HealthCheckResponse.ServingStatus`. */
const servingStatus = { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const

const isServingStatus = (status: string): status is keyof typeof servingStatus => Object.hasOwn(servingStatus, status)

/** A status that no health check knows is one of a server without health checks. */
const answerOf = (status: string): ReadonlyArray<number> => {
  if (!isServingStatus(status)) return failed(UNIMPLEMENTED, "unknown service grpc.health.v1.Health")
  const code = servingStatus[status]
  const message = code === 0 ? [] : [0x08, code]
  return [
    ...frame(HEADERS, END_HEADERS, head),
    ...frame(DATA, 0, [0, 0, 0, 0, message.length, ...message]),
    ...frame(HEADERS, END_STREAM + END_HEADERS, field("grpc-status", "0"))
  ]
}

/** `HealthCheckRequest` as hexadecimal digits. */
const requestFor = (service: string): string =>
  service === "" ? "" : Buffer.from([0x0a, Buffer.byteLength(service), ...textBytes(service)]).toString("hex")

const send = (all: ReadonlyArray<number>): string => `printf '${bytes(all)}'`

const ofEntry = (entry: GrpcAnswer): string => {
  const asked = entry.service === undefined ? "" : ` && [ "$X" = ${quoted(requestFor(entry.service))} ]`
  const wait = entry.takes === 0 ? "" : `"$B" sleep ${seconds(entry.takes)}; `
  return `if ${openNow(entry)}${asked}; then ${wait}${send(answerOf(entry.status))}; return; fi`
}

/** What is said to whoever speaks HTTP/2 to the port, after the first line of its preface was read. */
export const grpcHandler = (entries: ReadonlyArray<GrpcAnswer>): string => `answer() {
  now
${entries.map((entry) => `  ${ofEntry(entry)}\n`).join("")}  ${send(failed(NOT_FOUND, "unknown service"))}
}
X=
read -r H; read -r H; read -r H
${send(frame(SETTINGS, 0, [], 0))}
while :; do
  set -- $("$B" dd bs=1 count=9 2>/dev/null | "$B" od -An -v -tu1)
  [ $# -eq 9 ] || exit 0
  L=$(($1 * 65536 + $2 * 256 + $3))
  Y=
  [ "$L" -eq 0 ] || Y=$("$B" dd bs=1 count="$L" 2>/dev/null | "$B" od -An -v -tx1 | "$B" tr -d ' \\n')
  case $4 in
    ${DATA}) [ "$L" -eq 0 ] || X=\${Y#??????????} ;;
    ${SETTINGS}) [ "$5" -eq ${ACK} ] || ${send(frame(SETTINGS, ACK, [], 0))} ;;
  esac
  case $4 in ${DATA} | ${HEADERS}) [ $(($5 & ${END_STREAM})) -eq 0 ] || answer ;; esac
done`
