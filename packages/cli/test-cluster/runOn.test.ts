/**
 * What a real cluster does with scenarios, beside what the simulator says that it does: no difference beyond the real one's own
 * spread. Several scenarios are played at once. On the rig, whose images the scenarios name.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { rigDriver, testCluster } from "@kubereel/backend-k8s/rig"
import { SimBackend } from "@kubereel/backend-sim"
import {
  type ClusterEvent,
  compareHistories,
  type History,
  historyOf,
  type Micros,
  play,
  type Scenario,
  SECOND
} from "@kubereel/core"
import { Effect, Stream } from "effect"
import { beforeAll } from "vitest"
import { parse, stringify } from "yaml"
import { collect, openHistory } from "../src/input/openHistory.ts"
import { playOn } from "../src/input/playOn.ts"
import { loadScenario } from "../src/scenario/loadScenario.ts"

const cluster = await Effect.runPromise(testCluster)
const kubeconfig = cluster.environment.KUBECONFIG ?? ""
const root = join(import.meta.dirname, "..", "..", "..")
const directory = mkdtempSync(join(tmpdir(), "kubereel-run-on-"))

/** As they are shipped: what a container does is said twice, and the command counts on the real cluster. */
const shipped = [
  // Probes and hooks.
  "readiness-http",
  "startup-then-liveness",
  "poststart-http",
  "prestop-then-term",
  // Init containers and sidecars.
  "init-two",
  "sidecar-after-main",
  // Crash loops and images.
  "crash-loop",
  "image-missing",
  // Deletion.
  "trap-term",
  "delete-one-ignores",
  // Volumes and configuration.
  "emptydir-shared",
  "config-arrives",
  // Eviction, by the kubelet and by the API.
  "emptydir-limit",
  // Steps for nodes.
  "kubelet-restart",
  "killed-from-outside",
  // Controllers.
  "statefulset"
]

/** What other controllers do is held against recordings of another real cluster: no difference beyond that of these among themselves. */
const controlled = ["eviction-budget", "deployment-scale"]

/** On both nodes, when the others are done. */
const onBothNodes = ["drain"]

/** Long ones, as far as something new happens. */
const horizons: Readonly<Record<string, Micros>> = {
  "crash-loop": 60 * SECOND,
  "image-missing": 45 * SECOND,
  "emptydir-limit": 45 * SECOND
}

/** Without commands: the program is played by a script. */
const scripted = ["init-fail-never", "message-limits", "two-never-mixed", "hooks-both", "grpc-liveness"]

const fileOf = (name: string): string =>
  join(scripted.includes(name) ? directory : join(root, "scenarios"), `${name}.yaml`)

const withoutCommands = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutCommands)
  if (typeof value !== "object" || value === null) return value
  const { command, args, ...rest } = value as Record<string, unknown>
  const isContainer = "image" in rest && "name" in rest
  const kept = isContainer ? rest : (value as Record<string, unknown>)
  return Object.fromEntries(Object.entries(kept).map(([key, inside]) => [key, withoutCommands(inside)]))
}

const writeWithoutCommands = (name: string): void => {
  const document = parse(readFileSync(join(root, "scenarios", `${name}.yaml`), "utf8")) as Record<string, never>
  const { spec, ...rest } = document as unknown as { readonly spec: { readonly steps: unknown } }
  writeFileSync(fileOf(name), stringify({ ...rest, spec: { ...spec, steps: withoutCommands(spec.steps) } }))
}

const seeds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

const untilOf = ({ name, until }: Scenario): Micros => horizons[name] ?? until

const simulated = (scenario: Scenario, seed: number): Effect.Effect<ReadonlyArray<ClusterEvent>, unknown> =>
  Stream.runCollect(Stream.provide(play(scenario, { until: untilOf(scenario) }), SimBackend.layer(scenario, { seed })))

/** How many of several pods' ends one sync of a controller sees is chance: it may count them down by one, or by two. */
const countsDown = /^Only(Left|Right): .*terminatingReplicas \d+ → \d+/

const difference = (a: History, b: History, scenario: Scenario): ReadonlyArray<string> =>
  compareHistories(a, b, { until: untilOf(scenario) })
    .differences.map(({ kind, left, right }) => `${kind}: ${left} | ${right}`)
    .filter((text) => !countsDown.test(text))

/** What is different from the seed that comes nearest. */
const fromSimulation = (real: History, scenario: Scenario) =>
  Effect.gen(function* () {
    let best: ReadonlyArray<string> | undefined
    for (const seed of seeds) {
      const found = difference(real, historyOf(yield* simulated(scenario, seed)), scenario)
      if (best === undefined || found.length < best.length) best = found
      if (best.length === 0) break
    }
    return best ?? []
  })

/** The same on another real cluster, three times. */
const recordingsOf = ({ name }: Scenario) =>
  Effect.forEach([1, 2, 3], (number) =>
    openHistory(join(root, "recordings", `${name}.${number}.jsonl.gz`), {}).pipe(
      Effect.flatMap(collect),
      Effect.map(historyOf)
    )
  ).pipe(Effect.provide(NodeServices.layer))

/** How far real runs are from one another: the most that one differs from the shipped ones. */
const ownSpread = (real: History, scenario: Scenario) =>
  Effect.map(recordingsOf(scenario), (recordings) =>
    Math.max(...recordings.map((one) => difference(real, one, scenario).length))
  )

/** What is different from the recording that comes nearest, and how far that one is from the others. */
const fromRecordings = (real: History, scenario: Scenario) =>
  Effect.map(recordingsOf(scenario), (recordings) => {
    const [nearest] = recordings
      .map((one) => ({ one, found: difference(real, one, scenario) }))
      .toSorted((a, b) => a.found.length - b.found.length)
    const spread = Math.max(
      ...recordings.flatMap((a, i) => recordings.slice(i + 1).map((b) => difference(a, b, scenario).length))
    )
    return nearest === undefined || nearest.found.length <= spread ? [] : nearest.found
  })

const onCluster = {
  on: cluster.context,
  kubeconfig,
  keep: false,
  redact: true,
  ...(cluster.rig === undefined ? {} : { driver: rigDriver(cluster.rig) })
}

const playScenario = (name: string) =>
  Effect.gen(function* () {
    const until = horizons[name]
    const { events } = yield* playOn(fileOf(name), { ...onCluster, ...(until === undefined ? {} : { until }) })
    const seen: ReadonlyArray<ClusterEvent> = yield* Stream.runCollect(events)
    return { seen, history: historyOf(seen) }
  }).pipe(Effect.provide(NodeServices.layer))

type Played = Effect.Success<ReturnType<typeof playScenario>>
const played = new Map<string, Played>()

/** So many do not disturb each other on two cores. */
const SIDE_BY_SIDE = 7

/** What is beyond the real cluster's own spread. */
const beyond = Effect.fnUntraced(function* (name: string, { history }: Played) {
  const scenario = yield* loadScenario(fileOf(name))
  if (controlled.includes(name) || onBothNodes.includes(name)) return yield* fromRecordings(history, scenario)
  const found = yield* fromSimulation(history, scenario)
  if (found.length === 0 || scripted.includes(name)) return found
  const spread = yield* ownSpread(history, scenario)
  return found.length > spread ? found : []
})

/** Most scenarios have one node. */
const onOneNode = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.acquireUseRelease(
    cluster.kubectl(["cordon", "rig-2"]),
    () => effect,
    () => Effect.ignore(cluster.kubectl(["uncordon", "rig-2"]))
  )

/** Where several at once were too much for the machine, once more, alone. */
const judged = (name: string) =>
  Effect.gen(function* () {
    const first = yield* beyond(name, played.get(name) as Played)
    if (first.length === 0) return
    const again = yield* onBothNodes.includes(name) ? playScenario(name) : onOneNode(playScenario(name))
    assert.deepStrictEqual(yield* beyond(name, again), [])
  })

/** The long ones first, so that all end together. */
const longestFirst = (names: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(names, (name) =>
      Effect.map(loadScenario(fileOf(name)), (scenario) => [name, untilOf(scenario)] as const)
    ),
    (all) => all.toSorted(([, a], [, b]) => b - a).map(([name]) => name)
  ).pipe(Effect.provide(NodeServices.layer))

describe.runIf(cluster.rig)("run --on beside run", () => {
  beforeAll(async () => {
    const playAll = (names: ReadonlyArray<string>) =>
      Effect.forEach(names, (name) => Effect.map(playScenario(name), (one) => played.set(name, one)), {
        concurrency: SIDE_BY_SIDE
      })
    for (const name of scripted) writeWithoutCommands(name)
    await Effect.runPromise(
      Effect.gen(function* () {
        yield* onOneNode(playAll(yield* longestFirst([...shipped, ...controlled, ...scripted])))
        yield* playAll(onBothNodes)
      })
    )
  }, 300_000)

  it.live.each([...shipped, ...controlled, ...onBothNodes])(
    "%s: no difference that two real runs could not have, too",
    judged
  )
  it.live.each(scripted)("%s: the script does what the program says", judged)

  it.live("leaves no namespace behind", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* cluster.kubectl(["get", "namespaces", "-l", "kubereel.dev/run", "-o", "name"]), "")
    })
  )

  it("sees nothing but its own namespace and the nodes, and no gap", () => {
    for (const [name, { seen }] of played)
      for (const event of seen) {
        assert.notStrictEqual(event._tag, "Gap", name)
        if (event._tag !== "ObjectChanged") continue
        const { kind, metadata } = event.object as { readonly kind: string; readonly metadata: Record<string, string> }
        if (event.change === "BOOKMARK" || kind === "Node") continue
        assert.strictEqual(kind === "Namespace" ? metadata["name"] : metadata["namespace"], name)
      }
  })
})
