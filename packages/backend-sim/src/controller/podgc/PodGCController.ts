/**
 * Takes away pods that nobody else would (`pkg/controller/podgc/gc_controller.go`; C-335…C-337). It looks every twenty seconds; only
 * the looks are carried out at which there is somebody to take.
 */
import {
  type Instant,
  inOrderOfCollection,
  later,
  markFailed,
  type PodObject,
  SECOND,
  TERMINATED_POD_THRESHOLD
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import { type Course, together } from "../../client/Course.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { podsOnNode } from "../keys.ts"
import { PeriodicPasses } from "../PeriodicPasses.ts"
import { PodCandidates } from "./PodCandidates.ts"

/** gcCheckPeriod and quarantineTime: so long a node has to be missing before its pods are taken. */
const PERIOD = 20 * SECOND
const QUARANTINE = 40 * SECOND

class PodGCController {
  readonly #tools: ControllerTools
  readonly #candidates: PodCandidates
  readonly #passes: PeriodicPasses
  /** Missing nodes, and until when that may be a mistake. */
  readonly #quarantine = new Map<string, Instant>()

  constructor(tools: ControllerTools) {
    const { engine, entity, informers, random } = tools
    this.#tools = tools
    this.#passes = new PeriodicPasses({
      engine,
      entity,
      period: PERIOD,
      phase: random.int(PERIOD),
      pass: () => this.#collect(),
      due: () => this.#due()
    })
    this.#candidates = new PodCandidates(informers, () => this.#passes.plan())
  }

  #due(): Instant | undefined {
    const { endedCount, missingNodes, outOfService, unscheduled } = this.#candidates
    const { now } = this.#tools.engine
    if (endedCount > TERMINATED_POD_THRESHOLD || unscheduled.length > 0 || outOfService.length > 0) return now
    const moments = missingNodes.map((node) => this.#quarantine.get(node) ?? now)
    return moments.length === 0 ? undefined : (Math.min(...moments) as Instant)
  }

  *#collect(): Course {
    const { engine, entity } = this.#tools
    const { ended, outOfService } = this.#candidates
    const surplus = inOrderOfCollection(ended).slice(0, Math.max(ended.length - TERMINATED_POD_THRESHOLD, 0))
    const all = (pods: ReadonlyArray<PodObject>) =>
      together(
        engine,
        entity,
        pods.map((pod) => this.#markFailedAndDelete(pod))
      )
    yield* all(surplus)
    yield* all(inOrderOfCollection(outOfService))
    yield* this.#collectOrphans()
    for (const pod of this.#candidates.unscheduled) yield* this.#markFailedAndDelete(pod)
  }

  /** gcOrphaned: a node that is missing is remembered at one look, and asked for at a later one. */
  *#collectOrphans(): Course {
    const { client, engine, informers } = this.#tools
    const missing = new Set(this.#candidates.missingNodes)
    for (const node of missing)
      if (!this.#quarantine.has(node)) this.#quarantine.set(node, later(engine.now, QUARANTINE))
    for (const [node, until] of [...this.#quarantine]) {
      if (until > engine.now) continue
      this.#quarantine.delete(node)
      if (!missing.has(node)) continue
      const exists = (yield* client.get({ kind: "Node", namespace: "", name: node })) !== undefined
      if (!exists) for (const pod of podsOnNode(informers, node)) yield* this.#markFailedAndDelete(pod, true)
    }
  }

  *#markFailedAndDelete(pod: PodObject, orphaned = false): Course {
    const { client, engine } = this.#tools
    const of = { kind: "Pod", namespace: pod.metadata.namespace ?? "", name: pod.metadata.name }
    const body = markFailed(pod, engine.now, orphaned)
    if (body !== undefined && refusalOf(yield* client.patch(of, { type: "strategic", body }, "status")) !== undefined)
      return
    yield* client.delete(of, { gracePeriodSeconds: 0 })
  }
}

export const startPodGCController = (context: ControllerContext): void => {
  new PodGCController(controllerTools(context, "podgc", "pod-garbage-collector"))
}
