/**
 * What became of a pod at the scheduler, as a history shows it, and why: the last of its decisions asked again of the scheduler's
 * rules, with what the history knows of the cluster just before.
 */
import { entries, text } from "../decide/apiserver/fields.ts"
import { type Explanation, explainSchedule, type NodeVerdict } from "../decide/scheduler/explainSchedule.ts"
import { isNode, isTerminal } from "../decide/scheduler/NodeInfo.ts"
import { type ObjectLookup, SchedulerCache } from "../decide/scheduler/SchedulerCache.ts"
import type { ClusterEvent, Gap } from "../event/ClusterEvent.ts"
import type { Instant } from "../event/Instant.ts"
import { asObject, isPod, type KubernetesObject, type PodObject } from "../event/KubernetesObject.ts"
import { gapWords } from "../view/gapWords.ts"

const DEFAULT_SCHEDULER = "default-scheduler"
const MIRROR = "kubernetes.io/config.mirror"

/** An event of a history and its number there; the first is 1. */
export interface NumberedEvent {
  readonly number: number
  readonly event: ClusterEvent
}

export type SchedulingOutcome =
  /** The scheduler gave it this node. */
  | { readonly _tag: "Bound"; readonly node: string }
  /** It was tried, and no node would do. */
  | { readonly _tag: "Refused"; readonly message: string }
  /** It is not tried as long as it has these gates. */
  | { readonly _tag: "Gated"; readonly gates: ReadonlyArray<string> }
  /** It had a node from the beginning: no scheduler was asked. */
  | { readonly _tag: "Made"; readonly node: string }
  /** It was found on its node: when that was decided is not in the history. */
  | { readonly _tag: "Found"; readonly node: string }

export interface SchedulingStep {
  /** The number of the event that shows it. */
  readonly event: number
  readonly observed: Instant | undefined
  readonly outcome: SchedulingOutcome
}

/** The rules' answer to one question. */
export interface RulesAnswer {
  /** Which decision it is about. */
  readonly event: number
  /** The best of the nodes that will do; several where only chance tells them apart, none where none will do. */
  readonly best: ReadonlyArray<string>
  /** FailedScheduling's text, where no node will do. */
  readonly message?: string
  /** Where room could be made, and whom that would cost (`namespace/name`). */
  readonly preemption?: { readonly node: string; readonly victims: ReadonlyArray<string> }
  readonly nodes: ReadonlyArray<NodeVerdict>
}

export interface Scheduling {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly steps: ReadonlyArray<SchedulingStep>
  /** What the rules say to the last decision; absent if it was none of the scheduler's, or cannot be asked again. */
  readonly answer?: RulesAnswer
  /** What is not known, and why; the answer holds only as far as this does not matter. */
  readonly unknown: ReadonlyArray<string>
}

export interface SchedulingQuestion {
  /** Of several lives under one name the last counts. */
  readonly isMeant: (pod: PodObject) => boolean
  /** Inclusive; what was seen later does not count. */
  readonly until?: Instant
}

const keyOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`

/** The objects as they are after the events so far. */
class Known implements ObjectLookup {
  readonly #objects = new Map<string, KubernetesObject>()

  put(object: KubernetesObject, isGone: boolean): void {
    if (isGone) this.#objects.delete(keyOf(object))
    else this.#objects.set(keyOf(object), object)
  }

  get(kind: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(`${kind}/${namespace}/${name}`)
  }

  list(kind: string): ReadonlyArray<KubernetesObject> {
    return [...this.#objects.values()].filter((object) => object.kind === kind)
  }

  /** As the scheduler has it, but for the pod itself. */
  cache(pod: PodObject): SchedulerCache {
    const cache = new SchedulerCache(this)
    for (const node of this.list("Node")) if (isNode(node)) cache.putNode(node)
    for (const other of this.list("Pod")) {
      if (!isPod(other) || other.metadata.uid === pod.metadata.uid || isTerminal(other)) continue
      const node = other.spec.nodeName ?? ""
      if (node !== "") cache.putPod(cache.infoOf(other), node)
      else if ((other.status.nominatedNodeName ?? "") !== "")
        cache.nominator.put(cache.infoOf(other), other.status.nominatedNodeName ?? "")
    }
    return cache
  }
}

const scheduledOf = ({ status }: PodObject) => status.conditions?.find(({ type }) => type === "PodScheduled")

const gatesOf = ({ spec }: PodObject): ReadonlyArray<string> =>
  entries(spec, "schedulingGates").map((gate) => text(gate, "name"))

/** What this version says that the one before did not. */
const outcomeOf = (
  pod: PodObject,
  before: PodObject | undefined,
  isCreation: boolean
): SchedulingOutcome | undefined => {
  const node = pod.spec.nodeName ?? ""
  if (node !== "") {
    if ((before?.spec.nodeName ?? "") !== "") return undefined
    return { _tag: before !== undefined ? "Bound" : isCreation ? "Made" : "Found", node }
  }
  const gates = gatesOf(pod)
  if (gates.length > 0) return before !== undefined && gatesOf(before).length > 0 ? undefined : { _tag: "Gated", gates }
  const [now, then] = [scheduledOf(pod), before === undefined ? undefined : scheduledOf(before)]
  if (now?.status !== "False" || now.reason !== "Unschedulable") return undefined
  const isSame = then?.status === "False" && then.message === now.message
  return isSame ? undefined : { _tag: "Refused", message: now.message ?? "" }
}

/** What may have happened unseen and matters to a decision. */
class BlindSpots {
  readonly #open = new Map<string, Gap>()

  see(gap: Gap): void {
    const resource = gap.resource ?? ""
    if (gap.to === undefined) this.#open.set(resource, gap)
    else if (resource === "") this.#open.clear()
    else this.#open.delete(resource)
  }

  get words(): ReadonlyArray<string> {
    return ["", "pods", "nodes"].flatMap((resource) => {
      const gap = this.#open.get(resource)
      return gap === undefined ? [] : [gapWords(gap)]
    })
  }
}

/** The pod before it had a node, as the scheduler was asked. */
const asked = (pod: PodObject): PodObject => {
  const { nodeName: _, ...spec } = pod.spec
  return { ...pod, spec }
}

/** Why the rules cannot be asked. */
const unaskable = (pod: PodObject, known: Known): string | undefined => {
  const scheduler = pod.spec.schedulerName ?? DEFAULT_SCHEDULER
  if (scheduler !== DEFAULT_SCHEDULER)
    return `spec.schedulerName is ${scheduler}, whose rules are not known here, only those of ${DEFAULT_SCHEDULER}`
  return known.list("Node").length === 0 ? "the history has no nodes before this decision" : undefined
}

const bestOf = ({ decision, nodes }: Explanation): ReadonlyArray<string> => {
  const most = Math.max(...nodes.map((node) => (node._tag === "Feasible" ? node.total : Number.NEGATIVE_INFINITY)))
  const best = nodes.flatMap((node) => (node._tag === "Feasible" && node.total === most ? [node.node] : []))
  return best.length === 0 && decision._tag === "Suggested" ? [decision.node] : best
}

const answerOf = (event: number, explanation: Explanation): RulesAnswer => {
  const { decision, nodes } = explanation
  const answer = { event, best: bestOf(explanation), nodes }
  if (decision._tag === "Suggested") return answer
  const { message, nomination } = decision
  if (nomination._tag !== "Nominated") return { ...answer, message }
  const { node, victims } = nomination.candidate
  const names = victims.map(({ pod: { metadata } }) => `${metadata.namespace ?? ""}/${metadata.name}`)
  return { ...answer, message, preemption: { node, victims: names } }
}

/** Where the rules say something else than what happened: then the scheduler knew what the history does not show. */
const doubt = (outcome: SchedulingOutcome, { best, message }: RulesAnswer): string | undefined => {
  if (outcome._tag === "Bound" && !best.includes(outcome.node))
    return `by the rules ${outcome.node} was not the best with what the history shows: the scheduler had already given nodes to other pods, knew more, or has other settings`
  if (outcome._tag !== "Refused" || outcome.message === message) return undefined
  return message === undefined
    ? `by the rules ${best.join(" or ")} would have done with what the history shows: the scheduler knew more, or something changed before it was seen`
    : `the rules give another reason with what the history shows: ${message}`
}

interface Asked {
  readonly answer?: RulesAnswer
  readonly unknown: ReadonlyArray<string>
}

const ask = ({ event, outcome }: SchedulingStep, pod: PodObject, known: Known): Asked => {
  if (outcome._tag !== "Bound" && outcome._tag !== "Refused") return { unknown: [] }
  const why = unaskable(pod, known)
  if (why !== undefined) return { unknown: [why] }
  const cache = known.cache(pod)
  const answer = answerOf(event, explainSchedule(cache.infoOf(asked(pod)), cache, { start: 0, tieBreak: 0 }))
  const otherwise = doubt(outcome, answer)
  return { answer, unknown: otherwise === undefined ? [] : [otherwise] }
}

const nothingShown = (pod: PodObject): string =>
  pod.metadata.annotations?.[MIRROR] !== undefined
    ? "it is the mirror of a static pod, which its kubelet runs without a scheduler"
    : "the history shows no decision of the scheduler about it"

/** `undefined`: the history has no such pod. */
export const schedulingOf = (
  events: Iterable<NumberedEvent>,
  { isMeant, until }: SchedulingQuestion
): Scheduling | undefined => {
  const [known, blind] = [new Known(), new BlindSpots()]
  let last: PodObject | undefined
  let [steps, told]: [Array<SchedulingStep>, Asked | undefined] = [[], undefined]
  for (const { event, number } of events) {
    if (until !== undefined && event._tag !== "Unknown" && (event.observed ?? 0) > until) continue
    if (event._tag === "Gap") blind.see(event)
    if (event._tag !== "ObjectChanged" || event.change === "BOOKMARK" || event.change === "ERROR") continue
    const object = asObject(event.object)
    if (isPod(object) && isMeant(object) && event.change !== "DELETED") {
      const isSame = last?.metadata.uid === object.metadata.uid
      if (!isSame) [steps, told] = [[], undefined]
      const isCreation = event.change === "ADDED" && event.found === undefined
      const outcome = outcomeOf(object, isSame ? last : undefined, isCreation)
      if (outcome !== undefined) {
        const step = { event: number, observed: event.observed, outcome }
        steps.push(step)
        const { unknown, ...answered } = ask(step, isSame ? (last ?? object) : object, known)
        told = { ...answered, unknown: [...unknown, ...blind.words] }
      }
      last = object
    }
    known.put(object, event.change === "DELETED")
  }
  if (last === undefined) return undefined
  const { namespace = "", name, uid = "" } = last.metadata
  return {
    ...{ namespace, name, uid, steps },
    ...(told ?? { unknown: [nothingShown(last)] })
  }
}
