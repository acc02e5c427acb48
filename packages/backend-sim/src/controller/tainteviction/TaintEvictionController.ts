/** Deletes pods that do not tolerate a NoExecute taint of their node, or no longer (`pkg/controller/tainteviction/taint_eviction.go`; C-330…C-334). */
import {
  evictionDelay,
  isNode,
  isPod,
  jsonEqual,
  MILLISECOND,
  type NodeObject,
  noExecuteTaints,
  type PodObject,
  type Taint,
  updatedPodCondition
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import { type Course, carryOut } from "../../client/Course.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { indexPodsByNode, keyOf, podsOnNode, splitKey } from "../keys.ts"
import { TimedWorkers } from "./TimedWorkers.ts"

const RETRIES = 5
const RETRY = 10 * MILLISECOND

class TaintEvictionController {
  readonly #tools: ControllerTools
  readonly #workers: TimedWorkers
  /** The NoExecute taints of nodes that have some. */
  readonly #tainted = new Map<string, ReadonlyArray<Taint>>()

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    const work = (key: string, done: () => void) => carryOut(engine, entity, this.#evict(key), done)
    this.#workers = new TimedWorkers({ engine, entity, work })
    indexPodsByNode(informers)
    informers.on("Node", {
      added: (node) => isNode(node) && this.#nodeUpdated(node),
      updated: (node, old) => isNode(node) && isNode(old) && this.#nodeUpdated(node, old),
      deleted: (node) => this.#tainted.delete(node.metadata.name)
    })
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podUpdated(pod),
      updated: (pod, old) => isPod(pod) && isPod(old) && this.#podUpdated(pod, old),
      deleted: (pod) => this.#cancel(keyOf(pod))
    })
  }

  #nodeUpdated(node: NodeObject, old?: NodeObject): void {
    const taints = noExecuteTaints(node)
    if (jsonEqual(taints, old === undefined ? [] : noExecuteTaints(old))) return
    const { name } = node.metadata
    if (taints.length === 0) this.#tainted.delete(name)
    else this.#tainted.set(name, taints)
    for (const pod of podsOnNode(this.#tools.informers, name))
      if (taints.length === 0) this.#cancel(keyOf(pod))
      else this.#processPod(pod, taints)
  }

  #podUpdated(pod: PodObject, old?: PodObject): void {
    if (old?.spec === pod.spec) return
    const { nodeName = "", tolerations } = pod.spec
    const same =
      old !== undefined && old.spec.nodeName === nodeName && jsonEqual(old.spec.tolerations ?? [], tolerations ?? [])
    const taints = same ? undefined : this.#tainted.get(nodeName)
    if (taints !== undefined) this.#processPod(pod, taints)
  }

  /** Time counts from now on, not from when the taint was added (C-331). */
  #processPod(pod: PodObject, taints: ReadonlyArray<Taint>): void {
    const { now } = this.#tools.engine
    const key = keyOf(pod)
    const delay = evictionDelay(pod, taints)
    if (delay === undefined) return this.#cancel(key)
    const untolerated = delay === 0
    const createdAt = untolerated ? undefined : this.#workers.createdAt(key)
    // What waits already keeps its time, unless that began at this very moment.
    if (createdAt !== undefined && createdAt < now) return
    this.#cancel(key)
    this.#workers.add(key, now, delay)
  }

  #cancel(key: string): void {
    if (this.#workers.cancel(key)) this.#event(key, `Cancelling deletion of Pod ${key}`)
  }

  /** Its subject is named without a UID: whoever looks for a pod's Events by UID does not find it (C-334). */
  #event(key: string, message: string): void {
    const [namespace, name] = splitKey(key)
    const subject = { kind: "Pod", namespace, name, uid: "", resourceVersion: undefined, fieldPath: undefined }
    this.#tools.events.record({ subject, type: "Normal", reason: "TaintManagerEviction", message })
  }

  /** deletePodHandler: said first, then done (C-332). */
  *#evict(key: string): Course {
    this.#event(key, `Marking for deletion Pod ${key}`)
    for (let tries = 0; tries < RETRIES; tries++) {
      if (yield* this.#markAndDelete(key)) return
      yield RETRY
    }
  }

  *#markAndDelete(key: string): Course<boolean> {
    const { client, engine } = this.#tools
    const [namespace, name] = splitKey(key)
    const of = { kind: "Pod", namespace, name }
    const pod = yield* client.get(of)
    if (pod === undefined || !isPod(pod)) return false
    const told = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
      observedGeneration: pod.metadata.generation
    }
    const condition = updatedPodCondition(pod, told, engine.now)
    if (condition !== undefined) {
      const body = { metadata: { uid: pod.metadata.uid ?? "" }, status: { conditions: [condition] } }
      if (refusalOf(yield* client.patch(of, { type: "strategic", body }, "status")) !== undefined) return false
    }
    return refusalOf(yield* client.delete(of)) === undefined
  }
}

export const startTaintEvictionController = (context: ControllerContext): void => {
  new TaintEvictionController(controllerTools(context, "tainteviction", "taint-eviction-controller"))
}
