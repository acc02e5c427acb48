/**
 * Who owns whom, as far as the caches know (`pkg/controller/garbagecollector/graph_builder.go`). An owner that is only named by its
 * dependents has a virtual node until the API server says whether it exists.
 */
import { apiResource, type KubernetesObject, type OwnerReference } from "@kubereel/core"

export const FOREGROUND = "foregroundDeletion"
export const ORPHAN = "orphan"

export interface Identity {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

export interface GraphNode {
  identity: Identity
  /** Whether no informer has shown it yet. */
  virtual: boolean
  owners: ReadonlyArray<OwnerReference>
  readonly dependents: Set<GraphNode>
  beingDeleted: boolean
  deletingDependents: boolean
}

/** What has to be looked at, by the node's UID. */
export interface GraphListener {
  readonly attemptToDelete: (uid: string) => void
  readonly attemptToOrphan: (uid: string) => void
  /** The owner is in another namespace than its dependent, where it cannot be an owner (C-350). */
  readonly invalidNamespace: (dependent: GraphNode, owner: OwnerReference) => void
}

const NONE: ReadonlyArray<OwnerReference> = []

/** How many absent owners are remembered (NewReferenceCache(500)). */
const MOST_ABSENT = 500

const identityOf = ({ apiVersion, kind, metadata }: KubernetesObject): Identity => ({
  apiVersion,
  kind,
  namespace: metadata.namespace ?? "",
  name: metadata.name,
  uid: metadata.uid ?? ""
})

export const isBeingDeleted = ({ metadata }: KubernetesObject): boolean => metadata.deletionTimestamp !== undefined

export const hasFinalizer = ({ metadata }: KubernetesObject, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) === true

const startsDeletion = (object: KubernetesObject, old: KubernetesObject | undefined, finalizer: string): boolean =>
  isBeingDeleted(object) &&
  hasFinalizer(object, finalizer) &&
  !(old !== undefined && isBeingDeleted(old) && hasFinalizer(old, finalizer))

const matches = (owner: OwnerReference, { apiVersion, kind, name, uid }: Identity): boolean =>
  owner.uid === uid && owner.name === name && owner.kind === kind && owner.apiVersion === apiVersion

export class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>()
  readonly #absent = new Set<string>()
  readonly #tell: GraphListener

  constructor(listener: GraphListener) {
    this.#tell = listener
  }

  node(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid)
  }

  /** What was found to be no more, so that it need not be asked for again (absentOwnerCache). */
  isKnownAbsent(owner: OwnerReference, namespace: string): boolean {
    return this.#absent.has(absentKey(owner, "")) || this.#absent.has(absentKey(owner, namespace))
  }

  rememberAbsent(owner: OwnerReference, namespace: string): void {
    const { namespaced } = apiResource(owner.kind)
    this.#absent.add(absentKey(owner, namespaced ? namespace : ""))
    for (const oldest of this.#absent) {
      if (this.#absent.size <= MOST_ABSENT) break
      this.#absent.delete(oldest)
    }
  }

  /** An informer shows an object, new or changed. */
  observed(object: KubernetesObject, old: KubernetesObject | undefined): void {
    const { ownerReferences = NONE, uid = "" } = object.metadata
    const known = this.#nodes.get(uid)
    if (known === undefined) {
      const made: GraphNode = {
        identity: identityOf(object),
        virtual: false,
        owners: ownerReferences,
        dependents: new Set(),
        beingDeleted: isBeingDeleted(object),
        deletingDependents: isBeingDeleted(object) && hasFinalizer(object, FOREGROUND)
      }
      this.#nodes.set(uid, made)
      this.#addToOwners(made, ownerReferences)
      return this.#transition(made, object, old)
    }
    if (known.virtual) this.#confirm(known, identityOf(object))
    this.#changeOwners(known, ownerReferences)
    if (isBeingDeleted(object)) known.beingDeleted = true
    this.#transition(known, object, old)
  }

  /** The object is gone: an informer says so. */
  gone({ metadata }: KubernetesObject): void {
    const node = this.#nodes.get(metadata.uid ?? "")
    if (node !== undefined) this.#remove(node, node.identity)
  }

  /** The API server knows no such object (a virtual delete event). Those who call it by other names may be right. */
  foundAbsent(identity: Identity): void {
    const node = this.#nodes.get(identity.uid)
    if (node === undefined) return
    const others = [...node.dependents].filter((dependent) => !refersTo(dependent, identity))
    if (node.virtual && others.length === 0) return this.#remove(node, identity)
    if (!node.virtual && sameIdentity(node.identity, identity)) return this.#remove(node, identity)
    for (const dependent of node.dependents)
      if (refersTo(dependent, identity)) this.#tell.attemptToDelete(dependent.identity.uid)
    if (!node.virtual || !sameIdentity(node.identity, identity)) return
    const alternative = alternativeIdentity(others, identity)
    if (alternative === undefined) return
    node.identity = alternative
    this.#tell.attemptToDelete(identity.uid)
  }

  #confirm(node: GraphNode, identity: Identity): void {
    if (!sameIdentity(node.identity, identity))
      for (const dependent of node.dependents) {
        if (refersTo(dependent, identity)) continue
        if (identity.namespace !== "" && dependent.identity.namespace !== identity.namespace)
          this.#tellInvalid(dependent, identity.uid)
        this.#tell.attemptToDelete(dependent.identity.uid)
      }
    node.identity = identity
    node.virtual = false
  }

  #tellInvalid(dependent: GraphNode, ownerUid: string): void {
    const owner = dependent.owners.find(({ uid }) => uid === ownerUid)
    if (owner !== undefined) this.#tell.invalidNamespace(dependent, owner)
  }

  #changeOwners(node: GraphNode, owners: ReadonlyArray<OwnerReference>): void {
    if (owners === node.owners) return
    const before = new Map(node.owners.map((owner) => [owner.uid, owner]))
    const after = new Map(owners.map((owner) => [owner.uid, owner]))
    for (const [uid, old] of before) {
      const now = after.get(uid)
      if (now === undefined) this.#nodes.get(uid)?.dependents.delete(node)
      const unblocked = old.blockOwnerDeletion === true && now?.blockOwnerDeletion !== true
      if (unblocked && this.#nodes.has(uid)) this.#tell.attemptToDelete(uid)
    }
    node.owners = owners
    this.#addToOwners(
      node,
      owners.filter(({ uid }) => !before.has(uid))
    )
  }

  #addToOwners(node: GraphNode, owners: ReadonlyArray<OwnerReference>): void {
    for (const owner of owners) {
      const known = this.#nodes.get(owner.uid)
      if (known === undefined) this.#addVirtual(node, owner)
      else {
        known.dependents.add(node)
        this.#check(node, owner, known)
      }
    }
  }

  #addVirtual(node: GraphNode, { apiVersion, kind, name, uid }: OwnerReference): void {
    const { namespace } = node.identity
    this.#nodes.set(uid, {
      identity: { apiVersion, kind, namespace, name, uid },
      virtual: true,
      owners: NONE,
      dependents: new Set([node]),
      beingDeleted: false,
      deletingDependents: false
    })
    this.#tell.attemptToDelete(uid)
  }

  /** Does the dependent call its owner by the name that it has? */
  #check(node: GraphNode, owner: OwnerReference, known: GraphNode): void {
    const { namespace } = known.identity
    const elsewhere = namespace !== node.identity.namespace
    if (namespace !== "" && elsewhere && !known.virtual) this.#tell.invalidNamespace(node, owner)
    const doubtful = (namespace !== "" && elsewhere) || !matches(owner, known.identity) || (elsewhere && known.virtual)
    if (doubtful) this.#tell.attemptToDelete(node.identity.uid)
  }

  #transition(node: GraphNode, object: KubernetesObject, old: KubernetesObject | undefined): void {
    const { uid } = node.identity
    if (startsDeletion(object, old, ORPHAN)) return this.#tell.attemptToOrphan(uid)
    if (!startsDeletion(object, old, FOREGROUND)) return
    node.deletingDependents = true
    for (const dependent of node.dependents) this.#tell.attemptToDelete(dependent.identity.uid)
    this.#tell.attemptToDelete(uid)
  }

  #remove(node: GraphNode, { apiVersion, kind, name, namespace, uid }: Identity): void {
    this.#nodes.delete(node.identity.uid)
    for (const owner of node.owners) this.#nodes.get(owner.uid)?.dependents.delete(node)
    if (node.dependents.size > 0) this.rememberAbsent({ apiVersion, kind, name, uid }, namespace)
    for (const dependent of node.dependents) this.#tell.attemptToDelete(dependent.identity.uid)
    for (const owner of node.owners)
      if (this.#nodes.get(owner.uid)?.deletingDependents === true) this.#tell.attemptToDelete(owner.uid)
  }
}

const absentKey = ({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): string =>
  [namespace, apiVersion, kind, name, uid].join(" ")

const sameIdentity = (a: Identity, b: Identity): boolean =>
  a.uid === b.uid &&
  a.name === b.name &&
  a.namespace === b.namespace &&
  a.kind === b.kind &&
  a.apiVersion === b.apiVersion

/** partitionDependents: does the dependent mean just this owner? */
const refersTo = ({ identity, owners }: GraphNode, owner: Identity): boolean =>
  (owner.namespace === "" || owner.namespace === identity.namespace) &&
  owners.some((reference) => matches(reference, owner))

/** getAlternateOwnerIdentity: the next name by which a dependent knows the owner, in a fixed order, from the first again after the last. */
const alternativeIdentity = (dependents: ReadonlyArray<GraphNode>, absent: Identity): Identity | undefined => {
  const candidates = dependents.flatMap(({ identity, owners }) =>
    owners
      .filter(({ uid }) => uid === absent.uid)
      .map(({ apiVersion, kind, name, uid }) => ({
        ...{ apiVersion, kind, name, uid },
        namespace: apiResource(kind).namespaced ? identity.namespace : ""
      }))
  )
  const order = ({ apiVersion, kind, name, namespace }: Identity): string =>
    [kind, apiVersion, namespace, name].join("\0")
  const others = candidates.filter((candidate) => !sameIdentity(candidate, absent))
  const sorted = others.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
  return sorted.find((candidate) => order(candidate) > order(absent)) ?? sorted[0]
}
