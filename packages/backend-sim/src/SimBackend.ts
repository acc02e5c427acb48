/** The simulator as a `ClusterBackend`: virtual time, one seed, the same bytes every time. */
import {
  type Answer,
  ClusterBackend,
  type ClusterEvent,
  type Instant,
  NotSupported,
  type Scenario,
  TimeTravel
} from "@kubereel/core"
import { Effect, Layer, Stream } from "effect"
import { Cluster, type ClusterOptions } from "./Cluster.ts"

/** How many things the engine does before it hands over what was seen, so that a reader can stop it or say how far it is. */
const SLICE = 10_000

/** A cluster and how far its history was handed over: it may have lived on while requests were answered. */
interface Playing {
  readonly cluster: Cluster
  now: Instant
}

const advance = (playing: Playing, to: Instant): Stream.Stream<ClusterEvent, TimeTravel> =>
  Stream.suspend(() => {
    const { cluster, now } = playing
    if (to < now) return Stream.fail(new TimeTravel({ now, to }))
    const slices = function* () {
      for (let done = false; !done; ) {
        done = cluster.run(to, SLICE)
        yield* cluster.takeFacts(to)
      }
      playing.now = to
    }
    return Stream.fromIterable(slices())
  })

const submit = (
  cluster: Cluster,
  ...[intention]: Parameters<Cluster["submit"]>
): Effect.Effect<ReadonlyArray<Answer>, NotSupported> => {
  return Effect.suspend(() => {
    const answers = cluster.submit(intention)
    if (answers !== undefined) return Effect.succeed(answers)
    const what = intention._tag.toLowerCase()
    return Effect.fail(new NotSupported({ what, why: "the simulator has no machinery for this step" }))
  })
}

/** The cluster that a scenario describes, at the scenario's start; its steps are submitted by whoever plays it. */
export const layer = (scenario: Scenario, options: ClusterOptions = {}): Layer.Layer<ClusterBackend> =>
  Layer.sync(ClusterBackend, () => {
    const cluster = new Cluster(scenario, options)
    const playing: Playing = { cluster, now: cluster.now }
    return ClusterBackend.of({
      clock: "virtual",
      now: Effect.sync(() => playing.now),
      submit: (intention) => submit(cluster, intention),
      advance: (to) => advance(playing, to)
    })
  })
