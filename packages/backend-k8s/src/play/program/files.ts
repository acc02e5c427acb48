/** The little programs that a container's program puts into files: what answers a command, and what answers a connection. */
import { STATUS_CODES } from "node:http"
import { type Call, type ExecAnswer, type HttpAnswer, type HttpCall, type ProgramRun, urlOf } from "@kubereel/core"
import { grpcHandler } from "./grpc.ts"
import { clock, openNow, quoted, seconds } from "./shell.ts"

const wait = (takes: number): string => (takes === 0 ? "" : `"$B" sleep ${seconds(takes)}; `)

const commandText = ({ command }: ExecAnswer): string => command.join(" ")

/** The commands that a run answers, by the name of their program: one file each. */
export const answeredCommands = ({ execs }: ProgramRun): ReadonlyMap<string, ReadonlyArray<ExecAnswer>> => {
  const byName = new Map<string, ReadonlyArray<ExecAnswer>>()
  for (const exec of execs) {
    const [name = ""] = commandText(exec).split(" ")
    byName.set(name, [...(byName.get(name) ?? []), exec])
  }
  return byName
}

/** Programs that only look: what they complain of is worth hearing where nobody says what is printed. */
const harmless: ReadonlySet<string> = new Set(["cat", "ls", "stat", "test", "[", "grep", "false"])

const output = (name: string, { exitCode, output: said }: ExecAnswer): string => {
  if (said !== undefined) return said === "" ? "" : `printf %s ${quoted(said)}; `
  return exitCode !== 0 && harmless.has(name) ? `(${others(name)}); ` : ""
}

/** The program of that name that the image has. */
const others = (name: string): string => `PATH=\${PATH#"$D":}; exec ${quoted(name)} "$@"`

/**
 * The first answer whose window is open counts; outside of all of them the command succeeds. Other arguments are for the
 * program of that name that the image has.
 */
export const commandFile = (name: string, execs: ReadonlyArray<ExecAnswer>): string => {
  const answers = execs.map((exec) => {
    return `if [ "$C" = ${quoted(commandText(exec))} ] && ${openNow(exec)}; then ${commandCalls(exec)}${wait(exec.takes)}${output(name, exec)}exit ${exec.exitCode}; fi`
  })
  const known = [...new Set(execs.map((exec) => quoted(commandText(exec))))].join("|")
  return [
    clock,
    ...(execs.some(({ calls = [] }) => calls.length > 0) ? [LOUD_CALL] : []),
    "now",
    `C=${quoted(name)}`,
    `[ $# -eq 0 ] || C="$C $*"`,
    ...answers,
    `case $C in ${known}) exit 0;; esac`,
    others(name)
  ].join("\n")
}

const reply = ({ body = "", location, status, takes }: Pick<HttpAnswer, "body" | "location" | "status" | "takes">) => {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Status"}`,
    ...(location === undefined ? [] : [`Location: ${location}`]),
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close"
  ]
  const lines = head.map(quoted).join(" ")
  return `${wait(takes)}printf '%s\\r\\n' ${lines} ''; printf %s ${quoted(body)}; exit 0`
}

/** Who is not done in time is killed (137), so that his silence is told from a failure. What waits holds no connection open. */
const callWith = (redirect: string): string => `call() {
  N=$1; shift
  "$B" "$@" ${redirect} & W=$!
  { "$B" sleep "$N"; kill -9 "$W"; } </dev/null >/dev/null 2>&1 & K=$!
  wait "$W" 2>/dev/null; E=$?
  kill "$K" 2>/dev/null
  return $E
}`
export const CALL = callWith("</dev/null >/dev/null 2>&1")
/** What wget complains of is heard. */
const LOUD_CALL = callWith("</dev/null >/dev/null")

/** The call as a command of the shell. A server of nothing but connections is left as soon as it has taken one. */
export const callOf = ({ target, timeout }: Call): string => {
  const { host, port, scheme } = target
  const asked =
    scheme === "tcp" ? `nc ${quoted(host)} ${port} -e "$B" true` : `wget -q -O /dev/null ${quoted(urlOf(target))}`
  return `call ${seconds(timeout)} ${asked}`
}

const late = ({ target }: Call): string => (target.scheme === "tcp" ? "nc: timed out" : "wget: download timed out")

/** A command that depends on others ends with 1 when one of them fails, as wget does. */
const commandCalls = ({ calls = [] }: ExecAnswer): string =>
  calls
    .map((call) => `${callOf(call)}; case $? in 0) ;; 137) echo ${quoted(late(call))} >&2; exit 1;; *) exit 1;; esac; `)
    .join("")

const failed = (status: number): string => reply({ status, takes: 0 })

/** Asks first whom the answer depends on. */
const called = ({ otherwise, ...call }: HttpCall): string =>
  `${callOf(call)}; case $? in 0) ;; 137) ${failed(otherwise ?? 504)};; *) ${failed(otherwise ?? 502)};; esac; `

const answered = (answer: HttpAnswer): string => `${(answer.calls ?? []).map(called).join("")}${reply(answer)}`

const notFound = reply({ status: 404, takes: 0 })

const matches = ({ path }: HttpAnswer): string =>
  path === undefined ? "" : ` && { [ "$Q" = ${quoted(path)} ] || [ "\${Q%%\\?*}" = ${quoted(path)} ]; }`

/** Takes what comes and says nothing. */
const SILENCE = 'exec "$B" cat >/dev/null'

/** What the HTTP part says once the first line was read. */
const httpHandler = (here: ReadonlyArray<HttpAnswer>, silent: boolean): string =>
  [
    `while read -r H; do [ -n "\${H%"$R"}" ] || break; done`,
    "now",
    ...here.map((one) => `if ${openNow(one)}${matches(one)}; then ${answered(one)}; fi`),
    `if ${here.map((one) => `{ ${openNow(one)}; }`).join(" || ")}; then ${notFound}; fi`,
    // Too late for anybody: the port is about to be closed.
    ...(silent ? [SILENCE] : [])
  ].join("\n")

/** A server of gRPC begins to speak, whoever has come. */
const NOT_HTTP = "printf '\\000\\000\\000\\004\\000\\000\\000\\000\\000'"

/** What answers on a port: HTTP or gRPC where the run has any for it, silence where it only takes connections. */
export const portFile = (port: number, { grpc, http, tcp }: ProgramRun): string => {
  const isHere = (one: { readonly port: number | undefined }) => one.port === undefined || one.port === port
  const [pages, checks] = [http.filter(isHere), grpc.filter(isHere)]
  if (pages.length + checks.length === 0) return SILENCE
  const silent = tcp.some((one) => one.port === port)
  const plain = pages.length > 0 ? httpHandler(pages, silent) : NOT_HTTP
  return [
    clock,
    ...(pages.some(({ calls = [] }) => calls.length > 0) ? [CALL] : []),
    "R=$(printf '\\r')",
    "read -r W Q _",
    `Q=\${Q%"$R"}`,
    ...(checks.length > 0 ? [`if [ "$W" = PRI ]; then`, grpcHandler(checks), "fi"] : []),
    plain
  ].join("\n")
}
