/**
 * What a container most likely does of which nobody has declared a program: what its command says where that is simple, what its image is
 * known to do, else it runs until TERM. It answers what its own probes ask: whoever wrote them expects that.
 */

import { MILLISECOND, type Micros, SECOND } from "../event/Instant.ts"
import type { ContainerSpec, Probe } from "../event/KubernetesObject.ts"
import type { GrpcAnswer, LogLine, ProgramRun, TcpAnswer } from "./Program.ts"

export interface UsualRun {
  readonly run: ProgramRun
  /** Nobody said so: neither its command nor its image tells what it does. */
  readonly isGuess: boolean
}

const always = { from: 0, until: undefined } as const

/** How long a server takes to end when it is asked to. */
const GRACE = 50 * MILLISECOND

const seconds: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `sleep`'s argument; `undefined`: for ever, or something else. */
const sleepOf = (text: string): Micros | undefined => {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? []
  return number === undefined ? undefined : Math.round(Number(number) * (seconds[unit || "s"] ?? 1) * SECOND)
}

/** What is known of a process: what it prints, and when it ends, if it does. */
interface Course {
  readonly log: ReadonlyArray<LogLine>
  readonly end?: { readonly at: Micros; readonly code: number }
}

const forever: Course = { log: [] }

/** A program and its arguments; `undefined`: nothing is known of it. */
const simple = ([program = "", ...args]: ReadonlyArray<string>, at: Micros): Course | undefined => {
  const ends = (code: number, log: ReadonlyArray<LogLine> = []): Course => ({ log, end: { at, code } })
  switch (program.split("/").at(-1)) {
    case "true":
    case ":":
      return ends(0)
    case "false":
      return ends(1)
    case "exit":
      return /^\d+$/.test(args[0] ?? "0") ? ends(Number(args[0] ?? 0) % 256) : undefined
    case "echo":
      return ends(0, [{ at, line: args.join(" ").replace(/^(["'])(.*)\1$/, "$2") }])
    case "sleep": {
      const lasts = sleepOf(args[0] ?? "")
      if (lasts === undefined) return args[0] === "infinity" ? forever : undefined
      return { log: [], end: { at: at + lasts, code: 0 } }
    }
    default:
      return undefined
  }
}

const LOOP = /^while\s+(true|:|sleep\s+\S+)\s*;\s*do\b(.*)\bdone$/s

/** What is printed each time round is printed again and again; where it takes no time, or something else is done, only that it does not end is known. */
const looped = (condition: string, body: string): Course => {
  const round = script(`${condition}; ${body.trim().replace(/;$/, "")}`)
  const every = round?.end?.at ?? 0
  return round === undefined || every === 0 ? forever : { log: round.log.map((line) => ({ ...line, every })) }
}

/** Simple commands one after the other; what follows a failing one behind `&&` is skipped. */
const script = (text: string): Course | undefined => {
  const whole = text.trim()
  const [, condition = "", body = ""] = LOOP.exec(whole) ?? []
  if (condition !== "" && !/\b(?:break|exit)\b/.test(whole)) return looped(condition, body)
  if (/[|<>`$(){}]/.test(whole)) return undefined
  let at: Micros = 0
  let code = 0
  const log: Array<LogLine> = []
  // Each with what stands before it.
  for (const [, before, statement = ""] of `;${whole}`.matchAll(/(;|\n|&&)([^;&\n]*)/g)) {
    if (before === "&&" && code !== 0) continue
    const words = statement.trim().split(/\s+/)
    if (words[0] === "") continue
    const part = simple(words[0] === "exec" ? words.slice(1) : words, at)
    if (part === undefined) return undefined
    log.push(...part.log)
    if (part.end === undefined) return { log }
    ;({ at, code } = part.end)
    if (words[0] === "exit") break
  }
  return { log, end: { at, code } }
}

const shells = new Set(["sh", "bash", "ash", "dash"])

const ofCommand = ([program = "", ...args]: ReadonlyArray<string>): Course | undefined => {
  if (!shells.has(program.split("/").at(-1) ?? "")) return simple([program, ...args], 0)
  const at = args.findIndex((arg) => /^-\w*c$/.test(arg))
  return at < 0 ? undefined : script(args[at + 1] ?? "")
}

/** What a simple command prints, and how it ends after how long; `undefined`: nothing is known of it, or it does not end. */
export const usualCommand = (
  command: ReadonlyArray<string>
): { readonly stdout: string; readonly exitCode: number; readonly takes: Micros } | undefined => {
  const course = ofCommand(command)
  if (course?.end === undefined) return undefined
  const { at, code } = course.end
  return { stdout: course.log.map(({ line }) => `${line}\n`).join(""), exitCode: code, takes: at }
}

/** `docker.io/library/nginx:1.27@sha256:…` → `nginx`. */
const nameOf = (image: string): string => (image.split("@")[0] ?? "").split("/").at(-1)?.split(":")[0] ?? ""

/** A shell without a terminal reads the end of its input, and exits. */
const endsAtOnce = new Set(["busybox", "alpine", "ubuntu", "debian", "bash", "centos", "fedora", "hello-world"])
/** They serve until they are asked to end. */
const servers = new Set([
  ...["nginx", "httpd", "caddy", "traefik", "haproxy", "envoy", "tomcat", "jetty"],
  ...["redis", "postgres", "mysql", "mariadb", "mongo", "memcached", "etcd", "rabbitmq"],
  ...["registry", "agnhost", "echoserver", "whoami"]
])

/** What it serves unless its container says which ports. */
const usualPorts: { readonly [image: string]: number } = {
  ...{ nginx: 80, httpd: 80, caddy: 80, traefik: 80, tomcat: 8080, jetty: 8080, whoami: 80, echoserver: 8080 },
  ...{ redis: 6379, postgres: 5432, mysql: 3306, mariadb: 3306, mongo: 27017, memcached: 11211, rabbitmq: 5672 }
}

const probesOf = ({ livenessProbe, readinessProbe, startupProbe }: ContainerSpec): ReadonlyArray<Probe> =>
  [livenessProbe, readinessProbe, startupProbe].filter((probe) => probe !== undefined)

const portOf = (port: number | string, { ports = [] }: ContainerSpec): number | undefined =>
  typeof port === "number" ? port : ports.find(({ name }) => name === port)?.containerPort

/** Every port that the container or one of its probes names. */
const portsOf = (container: ContainerSpec): ReadonlyArray<number> => {
  const asked = probesOf(container).flatMap(({ httpGet, tcpSocket }) =>
    [httpGet?.port ?? [], tcpSocket?.port ?? []].flat()
  )
  const own = (container.ports ?? []).map(({ containerPort }) => containerPort)
  const usual = usualPorts[nameOf(container.image)]
  const all = [
    ...own,
    ...asked.flatMap((port) => portOf(port, container) ?? []),
    ...(usual === undefined ? [] : [usual])
  ]
  return [...new Set(all)]
}

const serving = (container: ContainerSpec): Pick<ProgramRun, "http" | "tcp" | "grpc"> => {
  const ports = portsOf(container)
  const asked = probesOf(container).flatMap(({ grpc }) => grpc ?? [])
  return {
    http: ports.map((port) => ({ ...always, port, path: undefined, status: 200, takes: MILLISECOND })),
    tcp: ports.map((port): TcpAnswer => ({ ...always, port })),
    grpc: asked.map(
      ({ port, service }): GrpcAnswer => ({ ...always, port, service, status: "SERVING", takes: MILLISECOND })
    )
  }
}

const runOf = (container: ContainerSpec, { end, log }: Course, onTerm: ProgramRun["onTerm"]): ProgramRun => ({
  exitAfter: end?.at,
  exitCode: end?.code ?? 0,
  oom: false,
  startError: undefined,
  onTerm,
  terminationMessage: undefined,
  execs: [],
  ...serving(container),
  log,
  writes: [],
  memory: [],
  cpu: []
})

/** How long `agnhost liveness` is well. */
const WELL = 10 * SECOND

/** The image with which Kubernetes' own tests are made does what its first argument says (`test/images/agnhost`); most of that serves. */
const agnhost = (container: ContainerSpec, does: string, onTerm: ProgramRun["onTerm"]): ProgramRun => {
  if (does === "pause") return runOf(container, { log: [{ at: 0, line: "Paused" }] }, onTerm)
  const run = runOf(container, forever, onTerm)
  if (does !== "liveness") return run
  const http = { port: 8080, path: undefined, takes: MILLISECOND }
  return {
    ...run,
    http: [
      { ...http, from: 0, until: WELL, status: 200 },
      { ...http, from: WELL, until: undefined, status: 500 }
    ]
  }
}

/** The first process of a container ignores signals that it has no handler for, and simple commands have none (K-140). */
export const usualRun = (container: ContainerSpec): UsualRun => {
  const { args = [], command = [] } = container
  const image = nameOf(container.image)
  const polite = { exitAfter: GRACE, exitCode: 0 } as const
  if (command.length > 0 || (args.length > 0 && endsAtOnce.has(image))) {
    const course = ofCommand([...command, ...(args as ReadonlyArray<string>)])
    if (course !== undefined) return { run: runOf(container, course, "ignore"), isGuess: false }
    return { run: runOf(container, forever, polite), isGuess: true }
  }
  if (image === "agnhost") return { run: agnhost(container, String(args[0] ?? "pause"), polite), isGuess: false }
  if (image === "pause") return { run: runOf(container, forever, polite), isGuess: false }
  if (endsAtOnce.has(image))
    return { run: runOf(container, { log: [], end: { at: 0, code: 0 } }, "ignore"), isGuess: false }
  return { run: runOf(container, forever, polite), isGuess: !servers.has(image) }
}
