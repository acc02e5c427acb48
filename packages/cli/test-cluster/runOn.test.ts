/**
 * What a real cluster does with scenarios, beside what the simulator says that it does: no difference beyond the real one's own
 * spread. Several scenarios are played at once. On the rig, whose images the scenarios name.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { testCluster } from "@kubereel/backend-k8s/rig"
import { SimBackend } from "@kubereel/backend-sim"
import { type ClusterEvent, compareHistories, type History, historyOf, play, type Scenario } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll, beforeAll } from "vitest"
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
  "fail-never",
  "trap-term",
  "delete-one-ignores",
  "init-two",
  "readiness-http",
  "sidecar-after-main",
  "poststart-http",
  "restart-rules",
  "labels-change",
  "container-policies"
]

/** Without commands: the program is played by a script. */
const scripted = ["init-fail-never", "message-limits", "two-never-mixed", "hooks-both"]

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

const simulated = (scenario: Scenario, seed: number): Effect.Effect<ReadonlyArray<ClusterEvent>, unknown> =>
  Stream.runCollect(Stream.provide(play(scenario, { until: scenario.until }), SimBackend.layer(scenario, { seed })))

const difference = (a: History, b: History, { until }: Scenario): ReadonlyArray<string> =>
  compareHistories(a, b, { until }).differences.map(({ kind, left, right }) => `${kind}: ${left} | ${right}`)

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

/** How far real runs are from one another: the most that one differs from the shipped ones. */
const ownSpread = (real: History, scenario: Scenario) =>
  Effect.map(
    Effect.forEach([1, 2, 3], (number) =>
      Effect.flatMap(openHistory(join(root, "recordings", `${scenario.name}.${number}.jsonl.gz`), {}), collect)
    ),
    (recordings) => Math.max(...recordings.map((one) => difference(real, historyOf(one), scenario).length))
  )

const onCluster = { on: cluster.context, kubeconfig, keep: false, redact: true }

const playScenario = (name: string) =>
  Effect.gen(function* () {
    const { events } = yield* playOn(fileOf(name), onCluster)
    const seen: ReadonlyArray<ClusterEvent> = yield* Stream.runCollect(events)
    return { seen, history: historyOf(seen) }
  }).pipe(Effect.provide(NodeServices.layer))

type Played = Effect.Success<ReturnType<typeof playScenario>>
const played = new Map<string, Played>()

/** What is beyond the real cluster's own spread. */
const beyond = Effect.fnUntraced(function* (name: string, { history }: Played) {
  const scenario = yield* loadScenario(fileOf(name))
  const found = yield* fromSimulation(history, scenario)
  if (found.length === 0 || scripted.includes(name)) return found
  const spread = yield* ownSpread(history, scenario).pipe(Effect.provide(NodeServices.layer))
  return found.length > spread ? found : []
})

/** Where several at once were too much for the machine, once more, alone. */
const judged = (name: string) =>
  Effect.gen(function* () {
    const first = yield* beyond(name, played.get(name) as Played)
    const found = first.length === 0 ? first : yield* beyond(name, yield* playScenario(name))
    assert.deepStrictEqual(found, [])
  })

describe.runIf(cluster.rig)("run --on beside run", () => {
  beforeAll(async () => {
    // The scenarios have one node.
    await Effect.runPromise(cluster.kubectl(["cordon", "rig-2"]))
    for (const name of scripted) writeWithoutCommands(name)
    await Effect.runPromise(
      Effect.forEach(
        [...shipped, ...scripted],
        (name) => Effect.map(playScenario(name), (one) => played.set(name, one)),
        { concurrency: 5 }
      )
    )
  }, 175_000)
  afterAll(() => Effect.runPromise(cluster.kubectl(["uncordon", "rig-2"])))

  it.live.each(shipped)("%s: no difference that two real runs could not have, too", judged)
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

describe.runIf(cluster.rig)("kubereel run --on", () => {
  const kubereel = (...args: ReadonlyArray<string>) => {
    const main = join(root, "packages", "cli", "src", "main.ts")
    const child = spawn(process.execPath, ["--conditions=source", main, ...args], { stdio: ["ignore", "pipe", "pipe"] })
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
    return { child, ended, out: text(child.stdout), err: text(child.stderr) }
  }
  const exists = Effect.map(
    cluster.kubectl(["get", "namespace", "run-forever", "--ignore-not-found", "-o", "name"]),
    (name) => name !== ""
  )

  it.live("cleans up when it is stopped with Ctrl-C", () =>
    Effect.gen(function* () {
      const file = join(root, "scenarios", "run-forever.yaml")
      const { child, ended } = kubereel("run", file, "--on", cluster.context, "--kubeconfig", kubeconfig)
      for (let i = 0; i < 100 && !(yield* exists); i++) yield* Effect.sleep("100 millis")
      assert.isTrue(yield* exists)
      yield* Effect.sleep("1 second")
      child.kill("SIGINT")
      assert.strictEqual(yield* Effect.promise(() => ended), 130)
      assert.isFalse(yield* exists)
    })
  )

  it.live("refuses a step for which there is no driver, before anything is made", () =>
    Effect.gen(function* () {
      const file = join(root, "scenarios", "killed-from-outside.yaml")
      const { ended, err } = kubereel("run", file, "--on", cluster.context, "--kubeconfig", kubeconfig)
      assert.strictEqual(yield* Effect.promise(() => ended), 65)
      assert.match(
        yield* Effect.promise(() => err),
        /step at \S+ \(kill .*\): only who has a driver for the cluster's nodes/
      )
    })
  )
})
