/** Deletes what nobody owns any more (`pkg/controller/garbagecollector/garbagecollector.go`; C-348…C-350). */
import {
  apiResource,
  jsonEqual,
  type KubernetesObject,
  keptKinds,
  type OwnerReference,
  servedKinds
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import { type Course, together } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { CLIENT_LIMIT, type ControllerContext, type ControllerTools, controllerTools } from "../ControllerContext.ts"
import {
  FOREGROUND,
  GraphBuilder,
  type GraphNode,
  hasFinalizer,
  type Identity,
  isBeingDeleted,
  ORPHAN
} from "./GraphBuilder.ts"

const WORKERS = 20
/** Each deletion takes two requests (`cmd/kube-controller-manager/app/core.go`). */
const LIMIT = { ...CLIENT_LIMIT, qps: 2 * CLIENT_LIMIT.qps }
/** retry.DefaultBackoff. */
const MOST_CONFLICTS = 4

/** Kinds whose objects own nothing and are owned by nobody. */
const ignored = new Set(["Event"])

type Policy = "Background" | "Foreground" | "Orphan"

interface Classified {
  readonly solid: ReadonlyArray<OwnerReference>
  readonly dangling: ReadonlyArray<OwnerReference>
  readonly waiting: ReadonlyArray<OwnerReference>
}

const withoutOwners = (uid: string, owners: ReadonlyArray<OwnerReference>) => ({
  type: "strategic" as const,
  body: { metadata: { uid, ownerReferences: owners.map((owner) => ({ $patch: "delete", uid: owner.uid })) } }
})

class GarbageCollector {
  readonly #tools: ControllerTools
  readonly #graph: GraphBuilder
  readonly #toDelete: WorkQueue
  readonly #toOrphan: WorkQueue

  constructor(tools: ControllerTools) {
    const { engine, entity, events, informers } = tools
    this.#tools = tools
    const queue = (sync: (uid: string) => Course<Synced>) => new WorkQueue({ engine, entity, workers: WORKERS, sync })
    this.#toDelete = queue((uid) => this.#attemptToDelete(uid))
    this.#toOrphan = queue((uid) => this.#attemptToOrphan(uid))
    this.#graph = new GraphBuilder({
      attemptToDelete: (uid) => this.#toDelete.add(uid),
      attemptToOrphan: (uid) => this.#toOrphan.add(uid),
      invalidNamespace: ({ identity }, { apiVersion, kind, name, uid }) =>
        events.record({
          subject: { ...identity, resourceVersion: undefined, fieldPath: undefined },
          type: "Warning",
          reason: "OwnerRefInvalidNamespace",
          message: `ownerRef [${apiVersion}/${kind}, namespace: ${identity.namespace}, name: ${name}, uid: ${uid}] does not exist in namespace ${JSON.stringify(identity.namespace)}`
        })
    })
    for (const kind of [...servedKinds(), ...keptKinds()].filter((one) => !ignored.has(one)))
      informers.on(kind, {
        added: (object) => this.#graph.observed(object, undefined),
        updated: (object, old) => this.#graph.observed(object, old),
        deleted: (object) => this.#graph.gone(object)
      })
  }

  *#attemptToDelete(uid: string): Course<Synced> {
    const node = this.#graph.node(uid)
    if (node === undefined) return undefined
    const { identity } = node
    if (node.beingDeleted && !node.deletingDependents) return undefined
    const latest = yield* this.#tools.client.get(identity)
    if (latest?.metadata.uid !== uid) {
      this.#graph.foundAbsent(identity)
      return undefined
    }
    if (node.deletingDependents) return yield* this.#deleteDependents(node)
    const synced = yield* this.#collect(node, latest)
    // As long as no informer has shown it, it may come and go unseen.
    return synced ?? (node.virtual ? "retry" : undefined)
  }

  /** Deletes the object unless somebody still owns it. */
  *#collect(node: GraphNode, latest: KubernetesObject): Course<Synced> {
    const { ownerReferences = [] } = latest.metadata
    if (ownerReferences.length === 0) return undefined
    const classified = yield* this.#classify(node, ownerReferences)
    if (classified === undefined) return undefined
    const { dangling, solid, waiting } = classified
    if (solid.length > 0) {
      const gone = [...dangling, ...waiting]
      return gone.length === 0 ? undefined : yield* this.#patch(node, withoutOwners(node.identity.uid, gone))
    }
    if (waiting.length > 0 && node.dependents.size > 0) {
      if ([...node.dependents].some(({ deletingDependents }) => deletingDependents)) yield* this.#unblock(node)
      return yield* this.#delete(node.identity, latest, "Foreground")
    }
    const policy = hasFinalizer(latest, ORPHAN)
      ? "Orphan"
      : hasFinalizer(latest, FOREGROUND)
        ? "Foreground"
        : "Background"
    return yield* this.#delete(node.identity, latest, policy)
  }

  /** `undefined`: an owner that it cannot have; nothing is done about it. */
  *#classify(node: GraphNode, owners: ReadonlyArray<OwnerReference>): Course<Classified | undefined> {
    const { namespace } = node.identity
    const [solid, dangling, waiting]: [Array<OwnerReference>, Array<OwnerReference>, Array<OwnerReference>] = [
      [],
      [],
      []
    ]
    for (const owner of owners) {
      if (this.#graph.isKnownAbsent(owner, namespace)) {
        dangling.push(owner)
        continue
      }
      if (namespace === "" && apiResource(owner.kind).namespaced) return undefined
      const found = yield* this.#tools.client.get({ kind: owner.kind, namespace, name: owner.name })
      if (found?.metadata.uid !== owner.uid) {
        this.#graph.rememberAbsent(owner, namespace)
        dangling.push(owner)
      } else if (isBeingDeleted(found) && hasFinalizer(found, FOREGROUND)) waiting.push(owner)
      else solid.push(owner)
    }
    return { solid, dangling, waiting }
  }

  /** processDeletingDependentsItem: the owner goes when none of its dependents blocks it. */
  *#deleteDependents(node: GraphNode): Course<Synced> {
    const blocking = [...node.dependents].filter(({ owners }) =>
      owners.some(({ blockOwnerDeletion, uid }) => uid === node.identity.uid && blockOwnerDeletion === true)
    )
    if (blocking.length === 0) return yield* this.#removeFinalizer(node.identity, FOREGROUND)
    for (const dependent of blocking) if (!dependent.deletingDependents) this.#toDelete.add(dependent.identity.uid)
    return undefined
  }

  *#attemptToOrphan(uid: string): Course<Synced> {
    const node = this.#graph.node(uid)
    if (node === undefined) return undefined
    const { engine, entity } = this.#tools
    const owner = { ...node.identity }
    const results = yield* together(
      engine,
      entity,
      [...node.dependents].map((dependent) => this.#patch(dependent, withoutOwners(dependent.identity.uid, [owner])))
    )
    return results.includes("retry") ? "retry" : yield* this.#removeFinalizer(node.identity, ORPHAN)
  }

  *#unblock(node: GraphNode): Course<Synced> {
    const { uid } = node.identity
    const blocking = node.owners.filter(({ blockOwnerDeletion }) => blockOwnerDeletion === true)
    const ownerReferences = blocking.map((owner) => ({ uid: owner.uid, blockOwnerDeletion: false }))
    return yield* this.#patch(node, { type: "strategic", body: { metadata: { uid, ownerReferences } } })
  }

  *#patch(
    { identity }: GraphNode,
    patch: ReturnType<typeof withoutOwners> | Parameters<ControllerTools["client"]["patch"]>[1]
  ): Course<Synced> {
    const refusal = refusalOf(yield* this.#tools.client.patch(identity, patch))
    return refusal === undefined || refusal.code === 404 ? undefined : "retry"
  }

  *#delete(identity: Identity, latest: KubernetesObject, propagationPolicy: Policy): Course<Synced> {
    const { client } = this.#tools
    const { uid } = identity
    const { resourceVersion } = latest.metadata
    const preconditions = { uid, resourceVersion }
    const refusal = refusalOf(yield* client.delete(identity, { propagationPolicy, preconditions }))
    if (refusal?.code === 409) return yield* this.#deleteAgain(identity, latest, propagationPolicy)
    return this.#deleted(identity, refusal?.code)
  }

  /** It changed, but its owners did not: then that it changed is no reason to keep it. */
  *#deleteAgain(identity: Identity, latest: KubernetesObject, propagationPolicy: Policy): Course<Synced> {
    const { client } = this.#tools
    const live = yield* client.get(identity)
    if (live === undefined) return this.#deleted(identity, 404)
    const sameOwners = jsonEqual(live.metadata.ownerReferences ?? [], latest.metadata.ownerReferences ?? [])
    if (live.metadata.uid !== identity.uid || !sameOwners) return "retry"
    const { uid } = identity
    const refusal = refusalOf(yield* client.delete(identity, { propagationPolicy, preconditions: { uid } }))
    return this.#deleted(identity, refusal?.code)
  }

  #deleted(identity: Identity, code: number | undefined): Synced {
    if (code === 404) this.#graph.foundAbsent(identity)
    return code === undefined || code === 404 ? undefined : "retry"
  }

  *#removeFinalizer(identity: Identity, finalizer: string): Course<Synced> {
    const { client } = this.#tools
    for (let tries = 0; tries < MOST_CONFLICTS; tries++) {
      const owner = yield* client.get(identity)
      if (owner === undefined || !hasFinalizer(owner, finalizer)) return undefined
      const { finalizers = [], resourceVersion = "" } = owner.metadata
      const left = finalizers.filter((one) => one !== finalizer)
      const body = { metadata: { resourceVersion, finalizers: left } }
      const refusal = refusalOf(yield* client.patch(identity, { type: "merge", body }))
      if (refusal?.code !== 409) return refusal === undefined || refusal.code === 404 ? undefined : "retry"
    }
    return "retry"
  }
}

export const startGarbageCollector = (context: ControllerContext): void => {
  new GarbageCollector(controllerTools(context, "garbagecollector", "garbage-collector-controller", LIMIT))
}
