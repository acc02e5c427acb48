/** The laws hold for this core, and fail for wrong ones. */
import { assert, describe, it } from "vitest"
import { evolveCluster } from "../../src/state/Cluster.ts"
import { evolve } from "../../src/state/evolve.ts"
import { derive } from "../../src/view/derive.ts"
import { type Core, laws } from "./laws.ts"
import { withoutChance } from "./purity.ts"

const core: Core = { evolve, derive, evolveCluster }

describe("laws", () => {
  it.each(laws)("$sentence", ({ check }) => check(core))
})

/** Mistakes that somebody could make, each with a law that must notice it. */
const mutants: ReadonlyArray<readonly [mistake: string, noticed: string, wrong: Partial<Core>]> = [
  [
    "forgets that a death becomes the last state",
    "derive says everything that changed in a pod's life",
    {
      evolve: (pod, event) => {
        const next = evolve(pod, event)
        if (event._tag !== "ContainerWaiting" && event._tag !== "ContainerStarted") return next
        return {
          ...next,
          containers: next.containers.map((container, i) => ({ ...container, lastState: pod.containers[i]?.lastState }))
        }
      }
    }
  ],
  [
    "leaves the conditions' generations behind",
    "derive says everything that changed in a pod's life",
    {
      evolve: (pod, event) =>
        event._tag === "PodGenerationObserved"
          ? { ...evolve(pod, event), conditions: pod.conditions }
          : evolve(pod, event)
    }
  ],
  [
    "throws on a container that is not listed",
    "evolve answers every event in every state",
    {
      evolve: (pod, event) => {
        if (
          "container" in event &&
          event._tag === "ContainerDied" &&
          !pod.containers.some(({ name }) => name === event.container)
        )
          throw new Error("no such container")
        return evolve(pod, event)
      }
    }
  ],
  [
    "counts anomalies while changing the state",
    "an event that does not apply changes nothing but the count of anomalies, by one",
    {
      evolve: (pod, event) =>
        event._tag === "PodConditionRemoved" ? { ...evolve(pod, event), phase: "Failed" } : evolve(pod, event)
    }
  ],
  [
    "changes its argument",
    "evolve, derive and render need nothing but their arguments, and leave those alone",
    {
      evolve: (pod, event) => {
        if (event._tag === "PodPhaseChanged") Object.assign(pod, { phase: event.phase })
        return evolve(pod, event)
      }
    }
  ],
  [
    "asks the clock",
    "evolve, derive and render need nothing but their arguments, and leave those alone",
    {
      evolve: (pod, event) =>
        event._tag === "PodWritten"
          ? evolve({ ...pod, startTime: new Date().toISOString() }, event)
          : evolve(pod, event)
    }
  ],
  [
    "copies every container",
    "parts of a pod that an event does not speak of stay the same objects",
    { evolve: (pod, event) => structuredClone(evolve(pod, event)) }
  ],
  [
    "derives nothing from a change that has no word",
    "derive says everything that makes any pod object into any other",
    { derive: (old, next) => derive(old, next).filter(({ _tag }) => _tag !== "PodRest") }
  ],
  [
    "tells everything again",
    "derive has nothing to say where nothing changed",
    { derive: (_, next) => derive(undefined, next) }
  ],
  [
    "lets late versions win",
    "a version that comes too late does not turn the state back, and is counted",
    {
      evolveCluster: (cluster, event) =>
        evolveCluster(
          event._tag === "ObjectChanged"
            ? {
                ...cluster,
                versions: evolveCluster(cluster, { _tag: "Warned", message: "" }).versions,
                pods: cluster.pods
              }
            : cluster,
          forgetful(event)
        )
    }
  ]
]

/** As if no version had a number. */
const forgetful: (event: Parameters<typeof evolveCluster>[1]) => Parameters<typeof evolveCluster>[1] = (event) => {
  if (event._tag !== "ObjectChanged") return event
  const { resourceVersion: _, ...metadata } = event.object.metadata as { readonly [field: string]: never }
  return { ...event, object: { ...event.object, metadata } }
}

describe("a core that", () => {
  it.each(mutants)("%s breaks the law that %s", (_, noticed, wrong) => {
    const law = laws.find(({ sentence }) => sentence === noticed)
    assert.isDefined(law)
    assert.throws(() => law?.check({ ...core, ...wrong }, 1_000))
  })
})

describe("withoutChance", () => {
  it("refuses the clock, chance and timers, and gives them back", () => {
    const uses: ReadonlyArray<() => unknown> = [
      () => Date.now(),
      () => Math.random(),
      () => setTimeout(() => undefined, 0),
      () => crypto.randomUUID()
    ]
    for (const use of uses) {
      assert.throws(() => withoutChance(use), "must be pure")
      assert.isDefined(use())
    }
  })
})
