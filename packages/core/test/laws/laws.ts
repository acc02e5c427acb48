/** The laws of the event-sourced core: sentences that take the core as an argument, so that a wrong core can be shown to fail. */
import { HashMap, Result } from "effect"
import fc from "fast-check"
import { assert } from "vitest"
import type { ClusterEvent, ObjectChanged } from "../../src/event/ClusterEvent.ts"
import { decode, encode } from "../../src/event/encode.ts"
import type { Instant } from "../../src/event/Instant.ts"
import { canonical } from "../../src/event/Json.ts"
import type { PodObject } from "../../src/event/KubernetesObject.ts"
import type { PodEvent } from "../../src/event/PodEvent.ts"
import { anomaliesOf, type Cluster, initialCluster, podOf } from "../../src/state/Cluster.ts"
import { initialPod, type Pod } from "../../src/state/Pod.ts"
import { parsePod } from "../../src/state/parsePod.ts"
import * as Replay from "../../src/state/Replay.ts"
import {
  anyPodEvent,
  anyPodObject,
  clusterHistory as madeUpHistory,
  podLife as madeUpLife
} from "../../src/testing/arbitraries.ts"
import { renderPod, renderStatus } from "../../src/view/render.ts"
import { restore, snapshotOf } from "../../src/view/snapshot.ts"
import { unfold, unfoldPod } from "../../src/view/unfold.ts"
import { deepFrozen, withoutChance } from "./purity.ts"
import { recordedHistory, recordedLife } from "./recorded.ts"

export interface Core {
  readonly evolve: (pod: Pod, event: PodEvent) => Pod
  readonly derive: (old: PodObject | undefined, next: PodObject | undefined) => ReadonlyArray<PodEvent>
  readonly evolveCluster: (cluster: Cluster, event: ClusterEvent) => Cluster
}

export interface Law {
  readonly sentence: string
  /** Throws where the law is broken. `runs` is how many histories are tried. */
  readonly check: (core: Core, runs?: number) => void
}

const pod = anyPodObject.map(parsePod)
const events = fc.array(anyPodEvent, { maxLength: 12 })
/** Made up ones find holes, recorded ones find misunderstandings. */
const clusterHistory = fc.oneof({ weight: 6, arbitrary: madeUpHistory }, { weight: 1, arbitrary: recordedHistory })
const podLife = fc.oneof({ weight: 6, arbitrary: madeUpLife }, { weight: 1, arbitrary: recordedLife })

const law = <Ts extends [unknown, ...Array<unknown>]>(
  sentence: string,
  inputs: { [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
  holds: (core: Core, ...values: Ts) => void
): Law => ({
  sentence,
  check: (core, runs = 150) =>
    fc.assert(
      fc.property(fc.tuple(...inputs) as unknown as fc.Arbitrary<Ts>, (values) => holds(core, ...values)),
      { numRuns: runs }
    )
})

/** All that can be seen of a pod's state. */
const textOf = (pod: Pod): string =>
  canonical({ object: renderPod(pod), present: pod.present, anomalies: pod.anomalies })
const clusterText = (cluster: Cluster): string => canonical(snapshotOf(cluster) as never)
const foldCluster = ({ evolveCluster }: Core, history: ReadonlyArray<ClusterEvent>, from = initialCluster): Cluster =>
  history.reduce(evolveCluster, from)

const completes = ({ evolve, derive }: Core, old: PodObject | undefined, next: PodObject): void => {
  const known = derive(old, next).reduce(evolve, old === undefined ? initialPod : parsePod(old))
  assert.strictEqual(canonical(renderStatus(known)), canonical(renderStatus(parsePod(next))))
  assert.strictEqual(canonical(renderPod(known)), canonical(next))
  assert.strictEqual(known.anomalies, 0)
}

/** What an event may touch; the rest of the pod must stay the very same objects. */
const touches = (event: PodEvent): ReadonlySet<keyof Pod> => {
  if (event._tag.startsWith("Container")) return new Set(["containers"])
  if (event._tag.startsWith("PodCondition")) return new Set(["conditions"])
  if (event._tag === "PodGenerationObserved") return new Set(["conditions", "observedGeneration"])
  if (["PodWritten", "PodDeletionRequested"].includes(event._tag)) return new Set(["metadata"])
  if (event._tag === "PodBound") return new Set(["spec"])
  if (event._tag === "PodRest") return new Set(["rest"])
  if (event._tag === "PodPatched" || event._tag === "PodAdded")
    return new Set(Object.keys(initialPod) as ReadonlyArray<keyof Pod>)
  return new Set()
}
const parts = ["metadata", "spec", "conditions", "containers", "rest", "others"] as const

const objectsOf = (history: ReadonlyArray<ClusterEvent>): ReadonlyArray<ObjectChanged> =>
  history.filter((event) => event._tag === "ObjectChanged")
const uidOf = ({ object }: ObjectChanged) => (object.metadata as { readonly uid?: string }).uid

export const laws: ReadonlyArray<Law> = [
  law("evolve answers every event in every state", [pod, events], ({ evolve }, start, history) => {
    for (const [n] of history.entries()) {
      const state = history.slice(0, n + 1).reduce(evolve, start)
      assert.isTrue(Number.isSafeInteger(state.anomalies))
      assert.isTrue(
        state.containers.every(
          ({ name, restartCount }) => typeof name === "string" && Number.isSafeInteger(restartCount)
        )
      )
      assert.notInclude(textOf(state), "undefined")
    }
  }),
  law(
    "an event that does not apply changes nothing but the count of anomalies, by one",
    [pod, events],
    ({ evolve }, start, history) => {
      let state = start
      for (const event of history) {
        const next = evolve(state, event)
        if (next.anomalies !== state.anomalies)
          assert.deepStrictEqual(next, { ...state, anomalies: state.anomalies + 1 })
        state = next
      }
    }
  ),
  law("a pod that is gone stays as it was, whatever is said of it", [pod, events], ({ evolve }, start, history) => {
    const gone = evolve(start, { _tag: "PodRemoved" })
    const after = history.filter(({ _tag }) => _tag !== "PodAdded").reduce(evolve, gone)
    assert.deepStrictEqual({ ...after, anomalies: 0 }, { ...gone, anomalies: 0 })
  }),
  law(
    "evolve, derive and render need nothing but their arguments, and leave those alone",
    [pod, events, podLife],
    (core, start, history, life) => {
      const [state, past, versions] = [deepFrozen(start), deepFrozen(history), deepFrozen(life)]
      const say = () => {
        const derived = versions.slice(1).map((next, i) => core.derive(versions[i], next))
        return textOf(past.reduce(core.evolve, state)) + canonical(derived as never)
      }
      assert.strictEqual(withoutChance(say), say())
    }
  ),
  law("folding in chunks is folding at once", [pod, events, events], ({ evolve }, start, a, b) => {
    assert.deepStrictEqual([...a, ...b].reduce(evolve, start), b.reduce(evolve, a.reduce(evolve, start)))
  }),
  law(
    "folding a cluster's history in chunks is folding it at once",
    [clusterHistory, fc.nat()],
    (core, history, cut) => {
      const n = cut % (history.length + 1)
      const chunked = foldCluster(core, history.slice(n), foldCluster(core, history.slice(0, n)))
      assert.strictEqual(clusterText(chunked), clusterText(foldCluster(core, history)))
    }
  ),
  law(
    "a snapshot taken anywhere and read back leads to the same end",
    [clusterHistory, fc.nat()],
    (core, history, cut) => {
      const n = cut % (history.length + 1)
      const taken = snapshotOf(foldCluster(core, history.slice(0, n)))
      const read = restore(JSON.parse(JSON.stringify(taken)) as typeof taken)
      assert.strictEqual(
        clusterText(foldCluster(core, history.slice(n), read)),
        clusterText(foldCluster(core, history))
      )
    }
  ),
  law(
    "parse is the inverse of render in every state that events lead to",
    [pod, events],
    ({ evolve }, start, history) => {
      const state = history.reduce(evolve, start)
      assert.strictEqual(canonical(renderPod(parsePod(renderPod(state)))), canonical(renderPod(state)))
    }
  ),
  law(
    "what was seen before is absorbed: the last events again change nothing",
    [clusterHistory, fc.nat()],
    (core, history, k) => {
      const [once, seen] = [foldCluster(core, history), objectsOf(history)]
      const again = foldCluster(core, seen.slice(seen.length - (k % (seen.length + 1))), once)
      assert.strictEqual(again, once)
    }
  ),
  law(
    "a version that comes too late does not turn the state back, and is counted",
    [clusterHistory, fc.nat()],
    (core, history, pick) => {
      const overtaken = objectsOf(history).filter((event, i, all) =>
        all.slice(i + 1).some((other) => uidOf(other) === uidOf(event))
      )
      const late = overtaken[pick % Math.max(overtaken.length, 1)]
      if (late === undefined) return
      const without = foldCluster(
        core,
        history.filter((event) => event !== late)
      )
      const after = core.evolveCluster(without, late)
      assert.deepStrictEqual(
        [snapshotOf(after).pods, snapshotOf(after).objects],
        [snapshotOf(without).pods, snapshotOf(without).objects]
      )
      assert.strictEqual(anomaliesOf(after), anomaliesOf(without) + 1)
    }
  ),
  law("a pod's state depends on its own events only", [clusterHistory], (core, history) => {
    const cluster = foldCluster(core, history)
    for (const uid of HashMap.keys(cluster.pods)) {
      const own = history.filter(
        (event) =>
          (event._tag === "ObjectChanged" ? uidOf(event) : event._tag === "PodFact" ? event.pod.uid : "") === uid
      )
      assert.deepStrictEqual(podOf(foldCluster(core, own), uid), podOf(cluster, uid))
    }
  }),
  law(
    "a history can be visited at any number, in any order, at any step width",
    [clusterHistory, fc.array(fc.integer({ min: -1, max: 60 })), fc.integer({ min: 1, max: 9 })],
    (core, history, visits, every) => {
      const replay = Replay.replayOf(history, every)
      for (const seq of visits) {
        const naive = foldCluster(core, history.slice(0, Math.max(seq, 0)))
        assert.strictEqual(clusterText(Replay.at(replay, seq)), clusterText(naive))
      }
    }
  ),
  law(
    "a moment of the recorder's clock is the last event seen until then, also among equal moments",
    [clusterHistory, fc.nat()],
    (core, history, pick) => {
      const moment =
        history.flatMap(({ observed }) => observed ?? []).at(pick % Math.max(history.length, 1)) ?? (0 as Instant)
      const seq = Replay.seqAt(Replay.replayOf(history), moment)
      assert.isTrue(history.slice(seq).every(({ observed }) => observed === undefined || observed > moment))
      assert.isTrue(seq === 0 || (history[seq - 1]?.observed ?? Number.NaN) <= moment)
      assert.doesNotThrow(() => foldCluster(core, history.slice(0, seq)))
    }
  ),
  law(
    "a log cut off at any byte reads as a shorter history, which folds to a state that was",
    [clusterHistory, fc.nat()],
    (core, history, cut) => {
      const log = history.map((event) => `${encode(event)}\n`).join("")
      const whole = log
        .slice(0, cut % (log.length + 1))
        .split("\n")
        .slice(0, -1)
      const read = whole.map((line) => Result.getOrThrow(decode(line)))
      assert.deepStrictEqual(
        read.map((event) => encode(event)),
        history.slice(0, read.length).map((event) => encode(event))
      )
      assert.strictEqual(
        clusterText(foldCluster(core, read)),
        clusterText(foldCluster(core, history.slice(0, read.length)))
      )
    }
  ),
  law("derive says everything that changed in a pod's life", [podLife], (core, life) => {
    for (const [i, next] of life.entries()) completes(core, life[i - 1], next)
  }),
  law("derive says everything that makes any pod object into any other", [anyPodObject, anyPodObject], completes),
  law("derive has nothing to say where nothing changed", [anyPodObject], ({ derive }, object) => {
    assert.deepStrictEqual(derive(object, structuredClone(object)), [])
  }),
  law("a state unfolds into few events that fold into it again", [pod, events], ({ evolve }, start, history) => {
    const state = history.reduce(evolve, start)
    const minimal = unfoldPod(state)
    assert.isAtMost(minimal.length, 2)
    assert.strictEqual(textOf(minimal.reduce(evolve, initialPod)), textOf({ ...state, anomalies: 0 }))
  }),
  law("a cluster unfolds into one event an object that fold into it again", [clusterHistory], (core, history) => {
    const cluster = foldCluster(core, history)
    const again = foldCluster(core, unfold(cluster))
    assert.deepStrictEqual(
      [snapshotOf(again).pods, snapshotOf(again).objects],
      [snapshotOf(cluster).pods, snapshotOf(cluster).objects]
    )
  }),
  law(
    "parts of a pod that an event does not speak of stay the same objects",
    [pod, events],
    ({ evolve }, start, history) => {
      let state = start
      for (const event of history) {
        const next = evolve(state, event)
        for (const part of parts)
          if (!touches(event).has(part)) assert.strictEqual(next[part], state[part], `${event._tag} ${part}`)
        if ("container" in event && next.containers.length === state.containers.length) {
          const others = (pod: Pod) =>
            pod.containers.filter(({ name, kind }) => name !== event.container || kind !== event.kind)
          for (const [i, other] of others(next).entries()) assert.strictEqual(other, others(state)[i], event._tag)
        }
        state = next
      }
    }
  )
]
