/** What `kubereel join` does. */
import { usualRun } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, endedByInterruption, exitCodes } from "../exitCode.ts"
import { type EndpointFlags, endpointOptions } from "../join/endpointOptions.ts"
import { type JoinedCluster, joinCluster, type Standing } from "../join/JoinedCluster.ts"
import { joiningNodes, programsOf, readPrograms } from "../join/programFiles.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import { duration } from "./arguments.ts"

export interface JoinInput extends EndpointFlags {
  readonly context?: string
  readonly kubeconfig?: string
  readonly nodes: number
  readonly name?: string
  readonly programs: ReadonlyArray<string>
  readonly nodeCapacity?: string
  readonly labels?: string
  readonly taints?: string
  readonly seed?: number
  readonly for?: string
  readonly keep: boolean
  readonly json: boolean
}

const NODES_MAX = 10_000

const wrong = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

/** `a=b,c=d`. */
const pairs = (flag: string, text: string, known?: ReadonlyArray<string>) => {
  const found: Record<string, string> = {}
  for (const one of text.split(",").filter((part) => part !== "")) {
    const at = one.indexOf("=")
    const key = at < 0 ? one : one.slice(0, at)
    if (at < 1) return Effect.fail(wrong(`${flag}: "${one}" is no KEY=VALUE`))
    if (known !== undefined && !known.includes(key))
      return Effect.fail(wrong(`${flag}: there is no ${JSON.stringify(key)}; it takes ${known.join(", ")}`))
    found[key] = one.slice(at + 1)
  }
  return Effect.succeed(found)
}

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

/** `key=value:Effect,key:Effect`, as for `kubectl taint`. */
const taintsOf = (text: string) =>
  Effect.forEach(
    text.split(",").filter((part) => part !== ""),
    (one) => {
      const [, key = "", value, effect = ""] = /^([^=:]+)(?:=([^:]*))?:(.*)$/.exec(one) ?? []
      return effects.includes(effect)
        ? Effect.succeed({ key, effect, ...(value === undefined ? {} : { value }) })
        : Effect.fail(wrong(`--taints: "${one}" is no KEY=VALUE:EFFECT with one of ${effects.join(", ")}`))
    }
  )

const namesOf = (count: number, name = "kubereel"): ReadonlyArray<string> =>
  count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}-${i}`)

/** Between two looks, in milliseconds. */
const LOOK_EVERY = 1_000

const line = ({ nodes, pods, ready, running }: Standing, total: number, rate: number): string =>
  `${ready} of ${total} nodes ready${nodes < total ? ` (${nodes} registered)` : ""}, ${running} of ${pods} pods running, ${rate.toFixed(0)} requests/s`

/** Says how it stands, once a second. */
const watchOver = Effect.fnUntraced(function* (joined: JoinedCluster, total: number, json: boolean) {
  const { tick } = yield* Speech.progress
  let [requests, before, said] = [joined.standing.requests, performance.now(), ""]
  let isReady = false
  for (;;) {
    yield* Effect.sleep(`${LOOK_EVERY} millis`)
    const { standing } = joined
    const now = performance.now()
    const rate = ((standing.requests - requests) * 1_000) / (now - before)
    ;[requests, before] = [standing.requests, now]
    tick(() => line(standing, total, rate))
    if (!isReady && standing.ready === total)
      yield* Speech.note(total === 1 ? "the node is ready" : `all ${total} nodes are ready`)
    isReady ||= standing.ready === total
    const { requests: _, ...shown } = standing
    const news = JSON.stringify(shown)
    if (json && news !== said)
      yield* print(JSON.stringify({ schemaVersion: 1, ...shown, requestsPerSecond: Math.round(rate) }))
    said = news
  }
})

const portsOf = (ports: ReadonlyArray<number>): string =>
  ports.length === 1 ? `port ${ports[0]}` : `ports ${Math.min(...ports)} to ${Math.max(...ports)}`

export const joinNodes = Effect.fn("joinNodes")(function* (input: JoinInput) {
  const { context, keep, kubeconfig, nodes: count, seed = 0 } = input
  if (!Number.isInteger(count) || count < 1 || count > NODES_MAX)
    return yield* wrong(`--nodes: got ${count}, expected a whole number from 1 to ${NODES_MAX}`)
  yield* endedByInterruption
  const lasts = input.for === undefined ? undefined : yield* duration("--for", input.for)
  const capacity = yield* pairs("--node-capacity", input.nodeCapacity ?? "", ["cpu", "memory", "pods"])
  const labels = yield* pairs("--labels", input.labels ?? "")
  const taints = yield* taintsOf(input.taints ?? "")
  const endpoint = yield* endpointOptions(input, count)
  const files = yield* Effect.forEach(input.programs, readPrograms)
  const specs = joiningNodes(namesOf(count, input.name), { capacity, labels, taints }, files)
  const nodes = yield* Effect.fromResult(specs)
  const {
    broken,
    endpoint: opened,
    joined,
    kubernetes,
    server
  } = yield* joinCluster({
    cluster: { ...(context === undefined ? {} : { context }), ...(kubeconfig === undefined ? {} : { kubeconfig }) },
    ...{ nodes, seed, keep, endpoint },
    images: files.flatMap(({ scenario }) => scenario.images),
    programs: programsOf(files),
    undeclared: (container) => usualRun(container).run,
    onTrouble: (message) => void Effect.runFork(Speech.warn(message))
  })
  const who =
    count === 1 ? `node ${nodes[0]?.name} joins` : `${count} nodes, ${nodes[0]?.name} to ${nodes.at(-1)?.name}, join`
  const end = lasts === undefined ? "Ctrl-C ends it" : `it ends in ${input.for}`
  const left = keep ? "Nodes and Leases are left then" : "Nodes and Leases are deleted then, without a drain"
  const at = opened === undefined ? "" : `. Their kubelets are asked at ${opened.address}, ${portsOf(opened.ports)}`
  yield* Speech.note(`${who} ${server} (${kubernetes}); ${end}, and ${left}${at}`)
  const time = lasts === undefined ? Effect.never : Effect.sleep(`${lasts / 1_000} millis`)
  yield* Effect.raceFirst(Effect.raceFirst(watchOver(joined, count, input.json), broken), time)
}, Effect.scoped)
