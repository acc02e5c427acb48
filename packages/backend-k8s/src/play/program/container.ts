/** A container whose program becomes its command. */
import {
  type ContainerSpec,
  type JsonObject,
  type LifecycleHandler,
  type PodSpec,
  type Probe,
  type Program,
  type ProgramRun,
  parseQuantity,
  programScripts,
  wholeValue
} from "@kubereel/core"
import { type Finding, refused, warned } from "../Finding.ts"
import { answeredCommands } from "./files.ts"
import { listeningPorts, needsDirectory, programScript, ROOTFS, type Surroundings } from "./script.ts"
import { escapedForKubelet, quoted } from "./shell.ts"

const { mark, mountPath: MOUNT, noProgram, usualPath, volume: VOLUME } = programScripts

/** A program with its place in the scenario. */
export interface Placed {
  readonly program: Program
  readonly field: string
}

export interface Scripting {
  /** Instead of the container's own. */
  readonly image: string | undefined
  /** The pod's volumes. */
  readonly volumes: ReadonlySet<string>
}

/** Whose program it is. */
export interface PodProgram {
  readonly pod: string
  readonly placed: Placed
}

export interface Scripted {
  readonly container: ContainerSpec
  readonly findings: ReadonlyArray<Finding>
  /** The pod needs the volume. */
  readonly volume: boolean
}

const portOf = (port: number | string | undefined, { ports = [] }: ContainerSpec): ReadonlyArray<number> => {
  if (typeof port === "number") return [port]
  return ports.filter(({ name }) => name === port).map(({ containerPort }) => containerPort)
}

const grpcPort = (handler: Probe | LifecycleHandler | undefined): number | undefined => {
  const grpc = handler?.["grpc"] as Probe["grpc"]
  return grpc?.port
}

/** Every port that somebody may ask the container on, as far as its manifest says. */
const knownPorts = (container: ContainerSpec): ReadonlyArray<number> => {
  const { lifecycle, livenessProbe, ports = [], readinessProbe, startupProbe } = container
  const asked = [startupProbe, livenessProbe, readinessProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((one) =>
    portOf(one?.httpGet?.port ?? one?.tcpSocket?.port ?? grpcPort(one), container)
  )
  return [...new Set([...ports.map(({ containerPort }) => containerPort), ...asked])]
}

const memoryLimit = ({ resources }: ContainerSpec): number | undefined => {
  const quantity = parseQuantity(String(resources?.limits?.["memory"] ?? ""))
  return quantity === undefined || quantity.nano === 0n ? undefined : Number(wholeValue(quantity))
}

const mountsOf = ({ volumeMounts = [] }: ContainerSpec): ReadonlyMap<string, string> =>
  new Map(
    volumeMounts.flatMap(
      ({ mountPath, name }): ReadonlyArray<readonly [string, string]> =>
        typeof name === "string" && typeof mountPath === "string" ? [[name, mountPath.replace(/\/$/, "")]] : []
    )
  )

const surroundings = (container: ContainerSpec): Surroundings => ({
  directory: `${MOUNT}/${container.name}`,
  terminationMessagePath: container.terminationMessagePath ?? "/dev/termination-log",
  mounts: mountsOf(container),
  ports: knownPorts(container),
  memoryLimit: memoryLimit(container)
})

interface Place {
  readonly container: ContainerSpec
  readonly volumes: ReadonlySet<string>
}

const ofRun = (run: ProgramRun, field: string, { container, volumes }: Place): ReadonlyArray<Finding> => {
  const { mounts, memoryLimit: limit, ports } = surroundings(container)
  const whose = `container ${container.name}`
  const portless = [...run.http, ...run.grpc].some(({ port }) => port === undefined)
  const tls = run.http.findIndex(({ scheme }) => scheme === "HTTPS")
  const needed = run.needs?.calls.some(({ target }) => target.scheme === "https") === true
  const secret = (["http", "execs"] as const).flatMap((part) =>
    run[part].flatMap(({ calls = [] }, i) =>
      calls.some(({ target }) => target.scheme === "https") ? [`${field}.${part}[${i}].calls`] : []
    )
  )
  return [
    ...(tls >= 0
      ? [refused(`${field}.http[${tls}].scheme`, "a script speaks no TLS; give the container a command of its own")]
      : []),
    ...[...secret, ...(needed ? [`${field}.needs.calls`] : [])].map((at) =>
      refused(at, "a script speaks no TLS; call http, or give the container a command of its own")
    ),
    ...(portless && ports.length === 0
      ? [warned(field, `${whose} names no port and answers on none: only who knows one could ask`)]
      : []),
    ...run.writes.flatMap(({ volume }, i) => {
      if (volume === ROOTFS || mounts.has(volume)) return []
      const at = `${field}.writes[${i}].volume`
      return volumes.has(volume)
        ? [refused(at, `${whose} does not mount the pod's volume ${volume}, and could write nothing there`)]
        : [warned(at, `the pod of ${whose} has no volume ${volume}: nothing is written`)]
    }),
    ...(run.oom && limit === undefined
      ? [refused(`${field}.oom`, `${whose} has no memory limit that it could exceed`)]
      : []),
    ...(run.cpu.length > 0 ? [warned(`${field}.cpu`, "a script uses as much CPU as it needs")] : [])
  ]
}

const failsToStart = (
  container: ContainerSpec,
  runs: ReadonlyArray<ProgramRun>,
  field: string
): Scripted | undefined => {
  const failing = runs.filter(({ startError }) => startError !== undefined).length
  if (failing === 0) return undefined
  const at = `${field}.runs[${runs.findIndex(({ startError }) => startError !== undefined)}].startError`
  const findings =
    failing === runs.length
      ? [
          warned(
            at,
            `container ${container.name} fails to start because its program is missing, in the runtime's own words`
          )
        ]
      : [refused(at, "a real container starts always or never; declare it for every run")]
  return { container: { ...container, command: [noProgram] }, findings, volume: false }
}

/** The container's own PATH, with the directory before it. */
const withPath = (env: ReadonlyArray<JsonObject> = [], directory: string): ReadonlyArray<JsonObject> => {
  const isPath = ({ name, value }: JsonObject) => name === "PATH" && typeof value === "string"
  return env.some(isPath)
    ? env.map((entry) => (isPath(entry) ? { ...entry, value: `${directory}:${String(entry["value"])}` } : entry))
    : [...env, { name: "PATH", value: `${directory}:${usualPath}` }]
}

/** The script of the pod's own program, where the pods of one template have different ones: each knows its name. */
const scriptOf = (places: ReadonlyArray<PodProgram>, around: Surroundings): string => {
  const [first, ...others] = places
  if (first === undefined) return ""
  const scriptFor = ({ placed }: PodProgram) => programScript(placed.program.runs, around)
  if (others.every(({ placed }) => placed.program === first.placed.program)) return scriptFor(first)
  const cases = others.map((one) => `${quoted(one.pod)})\n${scriptFor(one)};;\n`)
  return `read -r N </proc/sys/kernel/hostname\ncase $N in\n${cases.join("")}*)\n${scriptFor(first)};;\nesac\n`
}

/** `places`: the pods that are made from it, with their programs; */
export const scripted = (
  container: ContainerSpec,
  places: readonly [PodProgram, ...ReadonlyArray<PodProgram>],
  { image, volumes }: Scripting
): Scripted => {
  const placed = [...new Set(places.map((one) => one.placed.field))].flatMap((field) => {
    const found = places.find((one) => one.placed.field === field)
    return found === undefined ? [] : [found.placed]
  })
  const runs = placed.flatMap(({ program }) => program.runs)
  const failing = failsToStart(container, runs, places[0].placed.field)
  if (failing !== undefined) return failing
  const around = surroundings(container)
  const volume = placed.some(({ program }) => needsDirectory(program.runs))
  const answers = runs.some((run) => answeredCommands(run).size > 0)
  const ports = runs.some((run) => listeningPorts(run, around).size > 0)
  const needs = [
    ...(answers ? ["its commands are files on the PATH"] : []),
    ...(ports ? ["its ports are answered from there"] : []),
    ...(placed.some(({ program }) => program.runs.length > 1) ? ["it counts its starts there"] : [])
  ]
  return {
    container: {
      ...container,
      image: image ?? container.image,
      command: ["sh", "-c", mark + escapedForKubelet(scriptOf(places, around))],
      ...(answers ? { env: withPath(container.env, around.directory) } : {}),
      ...(volume ? { volumeMounts: [...(container.volumeMounts ?? []), { name: VOLUME, mountPath: MOUNT }] } : {})
    },
    findings: [
      ...placed.flatMap(({ field, program }) =>
        program.runs.flatMap((run, i) => ofRun(run, `${field}.runs[${i}]`, { container, volumes }))
      ),
      ...(volume
        ? [
            warned(
              places[0].placed.field,
              `container ${container.name} gets an emptyDir at ${MOUNT}: ${needs.join(", ")}`
            )
          ]
        : [])
    ],
    volume
  }
}

/** The pod with the volume that its scripts share. */
export const withVolume = (spec: PodSpec): PodSpec => ({
  ...spec,
  volumes: [...(spec.volumes ?? []), { name: VOLUME, emptyDir: {} }]
})
