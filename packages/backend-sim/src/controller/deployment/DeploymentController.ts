/** Rolls out Deployments (`pkg/controller/deployment/deployment_controller.go`; C-273…C-283). */
import {
  activeReplicaSets,
  allOf,
  controllerOf,
  type DeploymentObject,
  desiredReplicas,
  isControlledBy,
  isDeployment,
  isPod,
  isReplicaSet,
  jsonEqual,
  type KubernetesObject,
  type OwnerReference,
  type PodObject,
  type ReplicaSetObject,
  rollbackTo,
  selects
} from "@kubereel/core"
import { Result } from "effect"
import { type Course, carryOut } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import { claimObjects } from "../claimObjects.ts"
import {
  indexByController,
  indexByNamespace,
  keyOf,
  orphansIn,
  ownedBy,
  resolveControllerRef,
  selecting,
  splitKey
} from "../keys.ts"
import { isNamespaceTerminating } from "../PodControl.ts"
import { DeploymentSync, type Failure } from "./DeploymentSync.ts"
import { rollback, rolloutRecreate, rolloutRolling } from "./rollouts.ts"

const WORKERS = 5
/** So often a failing Deployment is tried again before it is left until something changes (maxRetries). */
const MAX_RETRIES = 15

class DeploymentController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  /** Pods that are gone, looked at one after the other: each takes a request. */
  readonly #gone: Array<PodObject> = []
  #looking = false

  constructor(tools: ControllerTools) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    indexByController(informers, "ReplicaSet")
    indexByController(informers, "Pod")
    indexByNamespace(informers, "Deployment")
    const enqueue = (deployment: KubernetesObject) => this.#queue.add(keyOf(deployment))
    informers.on("Deployment", { added: enqueue, updated: enqueue, deleted: enqueue })
    informers.on("ReplicaSet", {
      added: (replicaSet) => this.#replicaSetAdded(replicaSet),
      updated: (replicaSet, old) => this.#replicaSetUpdated(replicaSet, old),
      deleted: (replicaSet) => this.#wake(this.#ownerOf(replicaSet))
    })
    informers.on("Pod", { deleted: (pod) => isPod(pod) && this.#podGone(pod) })
  }

  #wake(deployment: KubernetesObject | undefined): void {
    if (deployment !== undefined) this.#queue.add(keyOf(deployment))
  }

  #resolve(namespace: string | undefined, owner: OwnerReference | undefined): DeploymentObject | undefined {
    const found = resolveControllerRef(this.#tools.informers, "Deployment", namespace, owner)
    return found !== undefined && isDeployment(found) ? found : undefined
  }

  #ownerOf(replicaSet: KubernetesObject): DeploymentObject | undefined {
    return this.#resolve(replicaSet.metadata.namespace, controllerOf(replicaSet))
  }

  /** Somebody may want to adopt it (getDeploymentsForReplicaSet). */
  #wakeMatching(replicaSet: KubernetesObject): void {
    if (Object.keys(replicaSet.metadata.labels ?? {}).length === 0) return
    for (const deployment of selecting(this.#tools.informers, "Deployment", replicaSet)) this.#wake(deployment)
  }

  #replicaSetAdded(replicaSet: KubernetesObject): void {
    if (replicaSet.metadata.deletionTimestamp !== undefined || controllerOf(replicaSet) !== undefined)
      this.#wake(this.#ownerOf(replicaSet))
    else this.#wakeMatching(replicaSet)
  }

  #replicaSetUpdated(replicaSet: KubernetesObject, old: KubernetesObject): void {
    const [before, after] = [controllerOf(old), controllerOf(replicaSet)]
    const changedOwner = !jsonEqual(before, after)
    if (changedOwner) this.#wake(this.#ownerOf(old))
    if (after !== undefined) return this.#wake(this.#ownerOf(replicaSet))
    if (changedOwner || !jsonEqual(replicaSet.metadata.labels, old.metadata.labels)) this.#wakeMatching(replicaSet)
  }

  /** deletePod: whoever recreates its pods goes on when the last is gone. */
  #podGone(pod: PodObject): void {
    this.#gone.push(pod)
    if (this.#looking) return
    this.#looking = true
    carryOut(this.#tools.engine, this.#tools.entity, this.#lookAtGone(), () => {
      this.#looking = false
    })
  }

  *#lookAtGone(): Course {
    const { client, informers } = this.#tools
    for (let pod = this.#gone.shift(); pod !== undefined; pod = this.#gone.shift()) {
      const { namespace = "" } = pod.metadata
      const replicaSet = resolveControllerRef(informers, "ReplicaSet", namespace, controllerOf(pod))
      const deployment = replicaSet === undefined ? undefined : this.#ownerOf(replicaSet)
      if (deployment === undefined || deployment.spec.strategy.type !== "Recreate") continue
      const all = yield* client.list("ReplicaSet", namespace)
      const own = all.filter(
        (one) => selects(deployment.spec.selector, one.metadata.labels) && isControlledBy(one, deployment)
      )
      if (own.every((one) => this.#podsOf(one).length === 0)) this.#wake(deployment)
    }
  }

  #podsOf(replicaSet: KubernetesObject): ReadonlyArray<PodObject> {
    return ownedBy(this.#tools.informers, "Pod", replicaSet).filter(isPod)
  }

  *#sync(key: string): Course<Synced> {
    const failure = yield* this.#syncDeployment(key)
    // In a namespace that goes away nothing can be made.
    if (failure === undefined || isNamespaceTerminating(failure)) return undefined
    return this.#queue.numRequeues(key) < MAX_RETRIES ? "retry" : undefined
  }

  *#syncDeployment(key: string): Course<Failure> {
    const { informers } = this.#tools
    const [namespace, name] = splitKey(key)
    const deployment = informers.get("Deployment", namespace, name)
    if (deployment === undefined || !isDeployment(deployment)) return undefined
    const candidates = [
      ...ownedBy(informers, "ReplicaSet", deployment),
      ...orphansIn(informers, "ReplicaSet", namespace)
    ]
    const { claimed, failure } = yield* claimObjects(this.#tools, deployment, candidates.filter(isReplicaSet))
    if (failure !== undefined) return failure
    const sync = new DeploymentSync(this.#tools, deployment, claimed, (after) =>
      after === "now" ? this.#queue.addRateLimited(key) : this.#queue.addAfter(key, after)
    )
    return yield* this.#carryOut(sync)
  }

  *#carryOut(sync: DeploymentSync): Course<Failure> {
    if (sync.deployment.metadata.deletionTimestamp !== undefined) return yield* sync.statusOnly()
    const refusal = yield* sync.notePause()
    if (refusal !== undefined) return refusal
    if (sync.deployment.spec.paused === true) return yield* sync.scaleOnly()
    const asked = rollbackTo(sync.deployment)
    if (asked !== undefined) return yield* rollback(sync, this.#tools, asked)
    const found = yield* sync.replicaSets(false)
    if (Result.isFailure(found)) return found.failure
    if (this.#isScaled(sync.deployment, allOf(found.success))) return yield* sync.scaleOnly()
    return sync.deployment.spec.strategy.type === "Recreate"
      ? yield* rolloutRecreate(sync, (replicaSet) => this.#podsOf(replicaSet))
      : yield* rolloutRolling(sync)
  }

  /** isScalingEvent: it wants another number of pods than its ReplicaSets know of. */
  #isScaled({ spec }: DeploymentObject, all: ReadonlyArray<ReplicaSetObject>): boolean {
    return activeReplicaSets(all).some((one) => (desiredReplicas(one) ?? spec.replicas) !== spec.replicas)
  }
}

export const startDeploymentController = (context: ControllerContext): void => {
  new DeploymentController(controllerTools(context, "deployment", "deployment-controller"))
}
