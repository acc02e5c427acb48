/** A program as a busybox script: what a scenario says of a container's process, done by a real one. */
import type { Micros, ProgramRun, Window } from "@kubereel/core"
import { answeredCommands, CALL, callOf, commandFile, portFile } from "./files.ts"
import { hundredths, NEVER, preamble, quoted } from "./shell.ts"

/** What a script must know of its container. */
export interface Surroundings {
  /** Where it may keep files, on the PATH before everything else; no other container uses it. */
  readonly directory: string
  readonly terminationMessagePath: string
  /** Where volumes are mounted. */
  readonly mounts: ReadonlyMap<string, string>
  /** Ports that answers without a port of their own are for. */
  readonly ports: ReadonlyArray<number>
  /** Bytes. */
  readonly memoryLimit: number | undefined
}

/** How a program calls the container's own file system. */
export const ROOTFS = "(rootfs)"

const MEBI = 1024 * 1024
/** One read of the kernel gives no more. */
const READ_MAX = 1024 * MEBI

/** Something that the script does when the process is so old. */
interface Action {
  readonly at: Micros
  readonly does: string
}

/** Every port on which anybody listens at some time, with the windows. */
export const listeningPorts = (
  { grpc, http, tcp }: ProgramRun,
  { ports }: Pick<Surroundings, "ports">
): ReadonlyMap<number, ReadonlyArray<Window>> => {
  const windows = new Map<number, ReadonlyArray<Window>>()
  for (const one of [...http, ...tcp, ...grpc])
    for (const port of one.port === undefined ? ports : [one.port])
      windows.set(port, [...(windows.get(port) ?? []), one])
  return windows
}

const isOpen = (windows: ReadonlyArray<Window>, at: Micros): boolean =>
  windows.some(({ from, until }) => from <= at && (until === undefined || at < until))

/** When a port begins and ceases to take connections. */
const listenings = (port: number, windows: ReadonlyArray<Window>): ReadonlyArray<Action> => {
  const moments = [...new Set(windows.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])))]
  let open = false
  return moments
    .toSorted((a, b) => a - b)
    .flatMap((at) => {
      const now = isOpen(windows, at)
      if (now === open) return []
      open = now
      return [{ at, does: now ? `serve ${port}` : `kill "$L${port}"` }]
    })
}

const write = (size: number, file: string): string => {
  const whole = Math.floor(size / MEBI)
  const parts = [
    ...(whole === 0 ? [] : [`"$B" dd if=/dev/zero bs=${MEBI} count=${whole}`]),
    ...(size % MEBI === 0 ? [] : [`"$B" dd if=/dev/zero bs=${size % MEBI} count=1`])
  ]
  return parts.length === 0 ? `: >${quoted(file)}` : `{ ${parts.join("; ")}; } >${quoted(file)} 2>/dev/null &`
}

/** A process that has read so many bytes and gets rid of none holds them until it is let go. */
const hold = (size: number): string => {
  const pieces = Array.from({ length: Math.ceil(size / READ_MAX) }, (_, i) => Math.min(READ_MAX, size - i * READ_MAX))
  return ["letgo", ...pieces.map((piece) => `hold ${piece}`)].join("; ")
}

const holding = `M=
letgo() { for I in $M; do kill "$I"; done; M=; }
hold() {
  { "$B" dd if=/dev/zero bs="$1" count=1 2>/dev/null; [ $? -ne 137 ] || kill -USR1 "$P"; } | "$B" sleep 1000000000 &
  M="$M $!"
}
trap 'exit 137' USR1
`

/** busybox has one of these, or both; each gives every connection a process of its own. */
const serving = `serve() {
  if "$B" --list | "$B" grep -qx tcpsvd; then "$B" tcpsvd -c 100 0.0.0.0 "$1" "$D/port-$1" &
  elif "$B" nc --help 2>&1 | "$B" grep -q -e -ll; then "$B" nc -ll -p "$1" -e "$D/port-$1" &
  else "$B" nc -lk -p "$1" -e "$D/port-$1" &
  fi
  eval "L$1=$!"
}
`

const onTerm = ({ onTerm: does }: ProgramRun): string => {
  if (does === undefined) return ""
  if (does === "ignore") return "trap '' TERM\n"
  const { exitAfter, exitCode } = does
  return `trap "trap '' TERM; now; END=\\$((A + ${hundredths(exitAfter)})) CODE=${exitCode}" TERM\n`
}

const target = (volume: string, { mounts }: Surroundings): string =>
  volume === ROOTFS ? "/.kubereel-written" : `${mounts.get(volume) ?? ""}/.kubereel-written`

const actions = (run: ProgramRun, around: Surroundings): ReadonlyArray<Action> => {
  const listen = [...listeningPorts(run, around)].flatMap(([port, windows]) => listenings(port, windows))
  const oom =
    run.oom && run.exitAfter !== undefined
      ? [{ at: run.exitAfter, does: hold((around.memoryLimit ?? 0) + 16 * MEBI) }]
      : []
  return [
    ...listen,
    ...run.log.map(({ at, line }) => ({ at, does: `printf '%s\\n' ${quoted(line)}` })),
    ...run.writes
      .filter(({ volume }) => volume === ROOTFS || around.mounts.has(volume))
      .map(({ at, size, volume }) => ({ at, does: write(size, target(volume, around)) })),
    ...run.memory.map(({ at, usage }) => ({ at, does: hold(usage) })),
    ...oom
  ].toSorted((a, b) => a.at - b.at)
}

/** Does it need files of its own? */
export const needsDirectory = (runs: ReadonlyArray<ProgramRun>): boolean =>
  runs.length > 1 ||
  runs.some(({ execs, grpc, http, tcp }) => execs.length + grpc.length + http.length + tcp.length > 0)

/** Where a command is that the run answers, and its directory, if it has one of its own. */
const commandPath = (name: string): { readonly file: string; readonly make: string } =>
  name.includes("/")
    ? { file: quoted(name), make: `"$B" mkdir -p ${quoted(name.slice(0, name.lastIndexOf("/")) || "/")}; ` }
    : { file: `"$D"/${quoted(name)}`, make: "" }

/** Waits for what it needs, while its commands fail; then the clock begins anew. Who is told to end meanwhile does. */
const awaiting = (run: ProgramRun): string => {
  const { needs } = run
  if (needs === undefined) return ""
  const stubs = [...answeredCommands(run).keys()].map((name) => {
    const { file, make } = commandPath(name)
    return `${make}put ${file} 'exit 1'\n`
  })
  const calls = needs.calls.map(callOf)
  const again =
    needs.every === undefined
      ? `[ -z "$END" ] || till ${NEVER}; exit ${needs.exitCode}`
      : `now; till $((A + ${hundredths(needs.every)}))`
  return `${stubs.join("")}${CALL}
until ${calls.join(" && ")}; do ${again}; done
[ -z "$END" ] || till ${NEVER}
now
T=$((T + A))
`
}

/** What one start does, from its functions to its end. */
const runScript = (run: ProgramRun, around: Surroundings): string => {
  const { exitAfter, exitCode, memory, oom, terminationMessage } = run
  const files = [
    ...[...answeredCommands(run)].map(([name, execs]) => {
      const { file, make } = commandPath(name)
      return `${make}put ${file} ${quoted(commandFile(name, execs))}\n`
    }),
    ...[...listeningPorts(run, around).keys()].map((port) => `put "$D/port-${port}" ${quoted(portFile(port, run))}\n`)
  ]
  let age = 0
  const doings = actions(run, around).map(({ at, does }) => {
    const wait = at === age ? "" : `till ${hundredths(at)}; `
    age = at
    return `${wait}${does}\n`
  })
  return [
    onTerm(run),
    memory.length > 0 || oom ? holding : "",
    run.http.length + run.tcp.length + run.grpc.length > 0 ? serving : "",
    terminationMessage === undefined
      ? ""
      : `printf %s ${quoted(terminationMessage)} >${quoted(around.terminationMessagePath)}\n`,
    awaiting(run),
    ...files,
    exitAfter === undefined || oom ? "" : `END=${hundredths(exitAfter)} CODE=${exitCode}\n`,
    ...doings,
    `till ${NEVER}\n`
  ].join("")
}

/** The whole script, for `sh -c`. With several runs it counts its starts. */
export const programScript = (runs: ReadonlyArray<ProgramRun>, around: Surroundings): string => {
  const start = preamble(around.directory) + (needsDirectory(runs) ? '"$B" mkdir -p "$D"\n' : "")
  const [only] = runs
  if (runs.length === 1 && only !== undefined) return start + runScript(only, around)
  const cases = runs.map((run, i) => `${i === runs.length - 1 ? "*" : i + 1})\n${runScript(run, around)};;\n`)
  return `${start}S=0
[ ! -f "$D/.starts" ] || read -r S <"$D/.starts"
S=$((S + 1))
echo "$S" >"$D/.starts"
case $S in
${cases.join("")}esac
`
}
