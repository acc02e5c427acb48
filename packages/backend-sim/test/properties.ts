/** What must hold in every simulation, whatever its scenario says; each property names what breaks it, or nothing. */
import {
  type ClusterEvent,
  canonical,
  check,
  deriveFrom,
  evolve,
  initialPod,
  isPod,
  type Json,
  type JsonObject,
  type KubernetesObject,
  later,
  laws,
  type Pod,
  type PodObject,
  parseInstant,
  parsePod,
  renderPod,
  renderStatus,
  type Scenario,
  SECOND,
  sha256Hex
} from "@kubereel/core"
import { scenarioOfDocument } from "@kubereel/core/testing"
import { Cluster } from "../src/Cluster.ts"
import { knownRelease } from "../src/knownRelease.ts"

/** For each pod and hour, and for a node that only lives. */
const MOST_THINGS_AN_HOUR = 50_000
const SLICE = 1_000

export interface Trace {
  readonly scenario: Scenario
  readonly facts: ReadonlyArray<ClusterEvent>
  /** Why it stopped before its horizon. */
  readonly failure: string | undefined
}

/** How many things may happen until then: a scenario is a few pods, and no shorter than a minute is asked for. */
const budgetOf = ({ steps, until }: Scenario): number => {
  const pods = steps.filter(({ intention }) => intention._tag === "Apply").length
  return (pods + 1) * MOST_THINGS_AN_HOUR * Math.max(until / (3_600 * SECOND), 0.1)
}

/** Everything that was seen until the horizon, or until it threw or did too much. */
export const play = (scenario: Scenario, seed = 0, budget = budgetOf(scenario)): Trace => {
  const facts: Array<ClusterEvent> = []
  const broken = (failure: string): Trace => ({ scenario, facts, failure })
  try {
    const cluster = new Cluster(scenario, { seed })
    let left = budget
    const runTo = (at: number): boolean => {
      for (; left > 0; left -= SLICE) {
        const done = cluster.run(later(scenario.start, at), Math.min(SLICE, left))
        facts.push(...cluster.takeFacts())
        if (done) return true
      }
      return false
    }
    for (const { at, intention } of scenario.steps.filter((step) => step.at <= scenario.until)) {
      if (!runTo(at)) return broken(`more than ${budget} things happened before ${at / SECOND}s`)
      cluster.submit(intention)
    }
    if (!runTo(scenario.until)) return broken(`more than ${budget} things happened`)
    return { scenario, facts, failure: undefined }
  } catch (error) {
    return broken(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

export const traceOf = (document: JsonObject, seed = 0): Trace => play(scenarioOfDocument(document), seed)

/** Of every byte that was seen. */
const hashOf = ({ facts }: Trace): string =>
  sha256Hex(facts.map((fact) => canonical(fact as unknown as Json)).join("\n"))

const first = <Item>(items: Iterable<Item>, broken: (item: Item) => string | undefined): string | undefined => {
  for (const item of items) {
    const found = broken(item)
    if (found !== undefined) return found
  }
  return undefined
}

interface Version {
  readonly change: string
  readonly object: PodObject
}

/** All versions of pods in the order in which they were seen. */
interface Life {
  readonly versions: ReadonlyArray<PodObject>
  readonly deleted: boolean
}

/** The lives of pods that a history shows. */
const podLives = (trace: Trace): ReadonlyArray<Life> => {
  const lives = Map.groupBy(versions(trace), ({ object }) => object.metadata.uid)
  return [...lives.values()].map((all) => ({
    versions: all.map(({ object }) => object),
    deleted: all.some(({ change }) => change === "DELETED")
  }))
}

const versions = ({ facts }: Trace): ReadonlyArray<Version> =>
  facts.flatMap((fact) => {
    if (fact._tag !== "ObjectChanged") return []
    const object = fact.object as unknown as KubernetesObject
    return isPod(object) ? [{ change: fact.change, object }] : []
  })

const isRead = ({ object }: Version): string | undefined => {
  const { rest } = parsePod(object)
  return rest.length === 0 ? undefined : `no word says ${JSON.stringify(rest)}`
}

/** The status to the byte; the rest of an object up to the order of its fields. */
const same = (pod: Pod, object: PodObject): boolean =>
  JSON.stringify(renderStatus(pod)) === JSON.stringify(object.status) && canonical(renderPod(pod)) === canonical(object)

const keepsIdentity = (trace: Trace): string | undefined => {
  const states = new Map<string, Pod>()
  return first(versions(trace), ({ change, object }) => {
    const uid = object.metadata.uid ?? ""
    const before = states.get(uid) ?? initialPod
    const after = deriveFrom(before, object).reduce(evolve, before)
    states.set(uid, change === "DELETED" ? initialPod : after)
    return same(after, object)
      ? undefined
      : `the words make ${JSON.stringify(renderPod(after))}\nof ${JSON.stringify(object)}`
  })
}

const strictLaws = laws.filter(({ severity }) => severity === "law")

const lawsHold = ({ facts }: Trace): string | undefined =>
  first(check(strictLaws, facts), ({ property: { id, says }, violations }) => {
    const [broken] = violations
    return broken === undefined ? undefined : `${id} (${says}) in ${broken.slice}, event ${broken.seq}`
  })

const endsOnce = ({ facts }: Trace): string | undefined => {
  const ended = new Set<string>()
  return first(facts, (fact) => {
    if (fact._tag !== "PodFact" || fact.event._tag !== "ProcessExited") return undefined
    const { container, containerID } = fact.event
    if (ended.has(containerID)) return `${container} (${containerID}) ended twice`
    ended.add(containerID)
    return undefined
  })
}

/** A machine that loses its power, or is lost, takes its processes with it; nobody is there who could tell. */
const runsOnce = ({ facts, scenario }: Trace): string | undefined => {
  const lost = (intention: Scenario["steps"][number]["intention"]): boolean =>
    intention._tag === "Node" && (intention.power !== undefined || intention.remove === true)
  if (scenario.steps.some(({ intention }) => lost(intention))) return undefined
  const running = new Map<string, string>()
  return first(facts, (fact) => {
    if (fact._tag !== "PodFact") return undefined
    const { event, pod } = fact
    if (event._tag !== "ProcessStarted" && event._tag !== "ProcessExited") return undefined
    const key = `${pod.uid}/${event.container}`
    const before = running.get(key)
    if (event._tag === "ProcessExited") running.delete(key)
    else running.set(key, event.containerID)
    return event._tag === "ProcessExited"
      ? before === event.containerID
        ? undefined
        : `${event.containerID} of ${event.container} ended, and ${before} ran`
      : before === undefined
        ? undefined
        : `${event.containerID} of ${event.container} started while ${before} ran`
  })
}

const goneIsGone = (trace: Trace): string | undefined => {
  const gone = new Set<string>()
  return first(versions(trace), ({ change, object: { metadata } }) => {
    const uid = metadata.uid ?? ""
    if (gone.has(uid)) return `${metadata.name} (${uid}) was seen after it was removed`
    if (change === "DELETED") gone.add(uid)
    return undefined
  })
}

/** How long the end of a pod may take beyond its grace: a pull, a slow disk, a kubelet that restarts. */
const PATIENCE = 60 * SECOND

/** A kubelet whose runtime does not say how it is syncs no pods. */
const isSilent = ({ steps }: Scenario): boolean =>
  steps.some(({ intention }) =>
    intention._tag === "Node"
      ? intention.power !== undefined || intention.network !== undefined || intention.kubelet === "stop"
      : (intention._tag === "Fault" && intention.call === "Status") ||
        (intention._tag === "Watch" && intention.of === "kubelet")
  )

/** A request that nobody answers has no time limit, and the pod's worker waits for it (`pkg/kubelet/lifecycle/handlers.go`). */
const mayHang = (spec: PodObject["spec"] | undefined): boolean =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].some(
    ({ lifecycle }) => lifecycle?.postStart?.httpGet !== undefined
  )

const deletionsEnd = (trace: Trace): string | undefined => {
  const { scenario } = trace
  if (isSilent(scenario)) return undefined
  const end = later(scenario.start, scenario.until)
  const nodes = scenario.nodes.map(({ name }) => name)
  return first(podLives(trace), ({ deleted, versions: all }) => {
    const { metadata, spec } = all.at(-1) ?? {}
    // No kubelet: nobody who would say that it has ended.
    if (!nodes.includes(spec?.nodeName ?? nodes[0] ?? "") || mayHang(spec)) return undefined
    const due = parseInstant(metadata?.deletionTimestamp ?? "")
    if (deleted || due === undefined || (metadata?.finalizers ?? []).length > 0) return undefined
    return end > due + PATIENCE ? `${metadata?.name} should be gone since ${metadata?.deletionTimestamp}` : undefined
  })
}

/** Before RestartAllContainersOnContainerExits only the runtime counts, which forgets init containers that are run once more. */
const restartsGrow = (trace: Trace): string | undefined => {
  if (!knownRelease(trace.scenario.kubernetes).gates.RestartAllContainersOnContainerExits) return undefined
  const counted = new Map<string, number>()
  return first(versions(trace), ({ object: { metadata, status } }) =>
    first([...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])], ({ name, restartCount }) => {
      const key = `${metadata.uid}/${name}`
      const before = counted.get(key) ?? 0
      counted.set(key, restartCount)
      return restartCount < before ? `the restarts of ${name} fell from ${before} to ${restartCount}` : undefined
    })
  )
}

/** Its message is cut shorter when the pod gets more containers that may have one. */
const sameEnd = (before: JsonObject, after: JsonObject): boolean => {
  const [{ message: told, ...one }, { message: tells, ...other }] = [before, after]
  return canonical(one) === canonical(other) && String(told ?? "").startsWith(String(tells ?? ""))
}

const endingsStay = (trace: Trace): string | undefined => {
  const known = new Map<string, JsonObject>()
  return first(versions(trace), ({ object: { status } }) => {
    const all = [
      ...(status.initContainerStatuses ?? []),
      ...(status.containerStatuses ?? []),
      ...(status.ephemeralContainerStatuses ?? [])
    ]
    return first(all, ({ lastState, name, state }) =>
      first([lastState?.terminated, state?.terminated], (terminated) => {
        if (terminated === undefined || typeof terminated["containerID"] !== "string") return undefined
        const before = known.get(terminated["containerID"]) ?? terminated
        known.set(terminated["containerID"], terminated)
        return sameEnd(before, terminated)
          ? undefined
          : `the end of ${name} was ${canonical(before)}, then ${canonical(terminated)}`
      })
    )
  })
}

const sayStory = (trace: Trace): string | undefined => trace.failure

export interface Property {
  readonly sentence: string
  /** What breaks it in this history; `undefined`: it holds. */
  readonly broken: (trace: Trace) => string | undefined
}

export const properties: ReadonlyArray<Property> = [
  { sentence: "it never throws, and never does more than so much an hour", broken: sayStory },
  { sentence: "every status is made of words", broken: (trace) => first(versions(trace), isRead) },
  { sentence: "the words between two versions make the one into the other", broken: keepsIdentity },
  { sentence: "the laws of every pod's life hold", broken: lawsHold },
  { sentence: "a container ends once", broken: endsOnce },
  { sentence: "one process of a container runs at a time", broken: runsOnce },
  { sentence: "how a container ended never changes", broken: endingsStay },
  { sentence: "restarts are only counted up", broken: restartsGrow },
  { sentence: "a pod that was deleted is gone in time", broken: deletionsEnd },
  { sentence: "a pod that is gone is never seen again", broken: goneIsGone }
]

/** Not a property of one history but of two. */
export const repeats = (document: JsonObject, seed: number): boolean =>
  hashOf(traceOf(document, seed)) === hashOf(traceOf(document, seed))
