/** Plays scenarios on a real control plane whose only nodes are joined ones, which know the scenarios' programs. */
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { ClusterEvent, NodeSpec, Scenario } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { playOn } from "../../src/input/playOn.ts"
import { type JoinedCluster, joinCluster } from "../../src/join/JoinedCluster.ts"
import { joinedDriver } from "../../src/join/joinedDriver.ts"
import { programsOf } from "../../src/join/programFiles.ts"
import { loadScenario } from "../../src/scenario/loadScenario.ts"

export const fileOf = (name: string): string => join(import.meta.dirname, "../../../../scenarios", `${name}.yaml`)

export interface RealControlPlane {
  readonly context: string
  readonly kubeconfig: string
}

/** The scenario's own nodes; of several scenarios that are played at once these are the same. */
const nodesOf = (scenarios: ReadonlyArray<Scenario>): ReadonlyArray<NodeSpec> => [
  ...new Map(
    scenarios.flatMap(({ nodes }) => nodes.map((node) => [node.name, { ...node, staticPods: [] }] as const))
  ).values()
]

const allReady = (joined: JoinedCluster, count: number): Effect.Effect<void, Error> =>
  Effect.gen(function* () {
    for (let left = 240; joined.standing.ready < count; left--) {
      if (left === 0) return yield* Effect.fail(new Error("the joined nodes are not ready within a minute"))
      yield* Effect.sleep("250 millis")
    }
    // The taint of a node that is not ready goes a moment later.
    yield* Effect.sleep("2 seconds")
  })

/** `beside`: how many at once. A scenario that cannot be played answers with the reason. */
export const playJoined = Effect.fn("playJoined")(function* (
  names: ReadonlyArray<string>,
  cluster: RealControlPlane,
  { beside, seed }: { readonly beside: number; readonly seed: number }
) {
  const scenarios = yield* Effect.forEach(names, (name) => loadScenario(fileOf(name)))
  const nodes = nodesOf(scenarios)
  const { joined } = yield* joinCluster({
    ...{ cluster, nodes, seed, keep: false },
    images: scenarios.flatMap(({ images }) => images),
    programs: programsOf(scenarios.map((scenario) => ({ scenario, isWhole: true }))),
    onTrouble: (message) => process.stderr.write(`${message}\n`)
  })
  yield* allReady(joined, nodes.length)
  const { context: on, kubeconfig } = cluster
  const driver = joinedDriver(joined)
  const play = (name: string) =>
    playOn(fileOf(name), { on, kubeconfig, driver, joined: true, keep: false, redact: false }).pipe(
      Effect.flatMap(({ events }) => Stream.runCollect(events)),
      Effect.map((events): ReadonlyArray<ClusterEvent> => events),
      Effect.catch((error: Error) => Effect.succeed(error.message)),
      Effect.map((played) => [name, played] as const)
    )
  return new Map(yield* Effect.forEach(names, play, { concurrency: beside }))
}, Effect.scoped)

export const run = <A, E>(effect: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, NodeServices.layer))
