/** Carries out a scenario's intentions on a real cluster, and takes back what would outlive the run's namespace. */
import {
  type Answer,
  applyPatch,
  BackendFailure,
  describeIntention,
  type Intention,
  isJsonObject,
  isThere,
  type JsonObject,
  type KubernetesObject,
  type NodeSpec,
  NotSupported
} from "@kubereel/core"
import { Effect } from "effect"
import type { ApiRequest, ApiWriter } from "../client/ApiWriter.ts"
import type { ApiFailure } from "../client/failures.ts"
import type { Resource } from "../record/Resource.ts"
import { dressNode } from "./dressNode.ts"
import { NO_DRAIN, NO_MACHINES, NO_WATCHES } from "./findings.ts"
import type { Kinds } from "./Kinds.ts"
import type { NodeDriver, NodeOrder } from "./NodeDriver.ts"
import { faultOrder, ordersOf, undoing } from "./nodeOrders.ts"
import {
  createRequest,
  deleteRequest,
  evictRequest,
  patchRequest,
  picked,
  scaleRequest,
  selectRequest
} from "./requests.ts"
import { nodePath, nodesResource, removeObject, restoreNode } from "./undo.ts"

export interface OrdersOptions {
  readonly writer: ApiWriter
  readonly kinds: Kinds
  readonly namespace: string
  readonly driver: NodeDriver | undefined
}

type Of<Tag extends Intention["_tag"]> = Extract<Intention, { readonly _tag: Tag }>
type Answers = Effect.Effect<ReadonlyArray<Answer>, ApiFailure | NotSupported>

const status = { kind: "Status", apiVersion: "v1" }

const success: Answer = { status: 200, body: { ...status, status: "Success" } }

const failure = (code: number, message: string, reason: string): Answer => ({
  status: code,
  body: { ...status, status: "Failure", message, reason, code }
})

const notFound = (message: string): Answer => failure(404, message, "NotFound")

const record = (value: unknown): JsonObject => (isJsonObject(value as JsonObject) ? (value as JsonObject) : {})

export class Orders {
  readonly #o: OrdersOptions
  /** By node and part: what is to be done to the node in the end. */
  readonly #undo = new Map<string, NodeOrder>()
  readonly #nodesBefore = new Map<string, JsonObject>()
  /** What was applied last, by kind and name. */
  readonly #applied = new Map<string, KubernetesObject>()
  readonly #clusterScoped: Array<ApiRequest> = []

  constructor(options: OrdersOptions) {
    this.#o = options
  }

  submit(intention: Intention): Effect.Effect<ReadonlyArray<Answer>, NotSupported | BackendFailure> {
    return Effect.mapError(this.#submit(intention), (error) =>
      error instanceof NotSupported ? error : new BackendFailure({ cause: error })
    )
  }

  /** Nodes are healed first: what runs on them must be able to end. One failure does not keep the rest from being undone. */
  get undo(): Effect.Effect<ReadonlyArray<Error>> {
    return Effect.suspend(() => {
      const { driver, writer } = this.#o
      const nodes = [...this.#undo.values()].map((order) => driver?.act(order) ?? Effect.void)
      const labels = [...this.#nodesBefore].map(([name, before]) => restoreNode(writer, name, before))
      const objects = this.#clusterScoped.toReversed().map((request) => removeObject(writer, request))
      const troubles: Array<Error> = []
      return Effect.as(
        Effect.forEach(
          [...nodes, ...labels, ...objects] as ReadonlyArray<Effect.Effect<unknown, Error>>,
          (one) => Effect.catch(one, (trouble) => Effect.sync(() => troubles.push(trouble))),
          { discard: true }
        ),
        troubles
      )
    })
  }

  #submit(intention: Intention): Answers {
    const { namespace, writer } = this.#o
    const asked = "namespace" in intention ? intention.namespace : undefined
    if (asked !== undefined && asked !== namespace) return this.#foreign(asked)
    switch (intention._tag) {
      case "Apply":
        return Effect.forEach(intention.objects, (object) => this.#apply(object))
      case "Delete":
        return this.#delete(intention)
      case "Patch":
        return this.#on(intention.kind, (resource) => this.#patch(resource, intention))
      case "Scale":
        return this.#on(intention.kind, (resource) => writer.ask(scaleRequest(resource, namespace, intention)))
      case "Evict":
        return Effect.map(writer.ask(evictRequest(namespace, intention)), (answer) => [answer])
      case "Exec":
        return Effect.map(writer.exec({ ...intention, namespace }), (answer) => [answer])
      case "Kill":
        return this.#kill(intention)
      case "Node":
        return this.#node(intention)
      case "Fault":
        return this.#order(faultOrder(intention))
      case "Drain":
        return Effect.fail(new NotSupported({ what: `drain ${intention.node}`, why: NO_DRAIN }))
      case "Watch":
        return Effect.fail(new NotSupported({ what: describeIntention(intention), why: NO_WATCHES }))
    }
  }

  #foreign(asked: string): Effect.Effect<never, NotSupported> {
    const why = `only namespace ${this.#o.namespace} was made for this run`
    return Effect.fail(new NotSupported({ what: `an order for namespace ${asked}`, why }))
  }

  #on(kind: string, ask: (resource: Resource) => Effect.Effect<Answer, ApiFailure>): Answers {
    return Effect.flatMap(this.#o.kinds.named(kind), (resource) =>
      resource === undefined
        ? Effect.succeed([notFound(`the server doesn't have a resource type "${kind}"`)])
        : Effect.map(ask(resource), (answer) => [answer])
    )
  }

  #apply(object: KubernetesObject): Effect.Effect<Answer, ApiFailure | NotSupported> {
    const { kinds, namespace } = this.#o
    const asked = object.metadata.namespace
    if (asked !== undefined && asked !== namespace) return this.#foreign(asked)
    return Effect.flatMap(kinds.of(object), (resource) => {
      if (resource === undefined)
        return Effect.succeed(notFound(`no matches for kind "${object.kind}" in version "${object.apiVersion}"`))
      return Effect.tap(this.#createOrPatch(resource, object), ({ body, status }) =>
        Effect.sync(() => {
          if (status !== 201 || resource.namespaced) return
          const { name, uid } = (body as unknown as KubernetesObject).metadata
          const { body: options, ...request } = deleteRequest(resource, namespace, name, {})
          this.#clusterScoped.push({
            ...request,
            body: { ...(options as JsonObject), ...(uid === undefined ? {} : { preconditions: { uid } }) }
          })
        })
      )
    })
  }

  #createOrPatch(resource: Resource, object: KubernetesObject): Effect.Effect<Answer, ApiFailure> {
    const { namespace, writer } = this.#o
    const { name } = object.metadata
    const key = `${object.kind}/${name}`
    const asked = Effect.flatMap(writer.ask(createRequest(resource, namespace, object)), (made) => {
      if (!isThere(made)) return Effect.succeed(made)
      const { body: patch, type } = applyPatch(this.#applied.get(key), object)
      return writer.ask(patchRequest(resource, namespace, { name, patch, type, subresource: "" }))
    })
    return Effect.tap(asked, ({ status }) =>
      Effect.sync(() => {
        if (status < 300) this.#applied.set(key, object)
      })
    )
  }

  #delete(intention: Of<"Delete">): Answers {
    const { kinds, namespace, writer } = this.#o
    const { kind, name, pick, selector } = intention
    return Effect.gen(function* () {
      const resource = yield* kinds.named(kind)
      if (resource === undefined) return [notFound(`the server doesn't have a resource type "${kind}"`)]
      const one = (each: string) => writer.ask(deleteRequest(resource, namespace, each, intention))
      if (name !== undefined) return [yield* one(name)]
      const found = yield* writer.ask(selectRequest(resource, namespace, selector))
      return found.status === 200 ? yield* Effect.forEach(picked(found.body, pick), one) : [found]
    })
  }

  #patch(resource: Resource, intention: Of<"Patch">): Effect.Effect<Answer, ApiFailure> {
    const { namespace, writer } = this.#o
    const patch = writer.ask(patchRequest(resource, namespace, intention))
    return resource.name === "nodes" ? Effect.andThen(this.#remember(intention.name), patch) : patch
  }

  /** How the node was before anything was done to it. */
  #remember(name: string): Effect.Effect<void, ApiFailure> {
    if (this.#nodesBefore.has(name)) return Effect.void
    return Effect.map(this.#o.writer.ask({ method: "GET", path: nodePath(name) }), ({ body, status }) => {
      if (status === 200) this.#nodesBefore.set(name, body)
    })
  }

  /** What the driver cannot do is told, as a refusal of the API server is. */
  #order(order: NodeOrder): Answers {
    const { driver } = this.#o
    if (driver === undefined)
      return Effect.fail(new NotSupported({ what: "this step", why: "the cluster's nodes have no driver" }))
    const [part, back] = undoing(order)
    const key = `${order.node}/${part}`
    // Said before it is done: who is stopped in between must not leave a node as it is then.
    if (back !== undefined) this.#undo.set(key, back)
    return driver.act(order).pipe(
      Effect.map(() => {
        if (back === undefined) this.#undo.delete(key)
        return [success]
      }),
      Effect.catch(({ message }) => Effect.succeed([failure(500, message, "InternalError")]))
    )
  }

  #kill({ container, pod, signal }: Of<"Kill">): Answers {
    const { namespace, writer } = this.#o
    const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod)}`
    return Effect.flatMap(writer.ask({ method: "GET", path }), ({ body, status }) => {
      const node = record(body["spec"])["nodeName"]
      return status === 200 && typeof node === "string"
        ? this.#order({ node, kill: { namespace, pod, container, signal } })
        : Effect.succeed([notFound(`no process of ${pod}/${container} runs`)])
    })
  }

  #node(intention: Of<"Node">): Answers {
    const { add, cordon, name, remove } = intention
    if (add !== undefined || remove !== undefined)
      return Effect.fail(new NotSupported({ what: `node ${name}`, why: NO_MACHINES }))
    const patch: Of<"Patch"> = {
      _tag: "Patch",
      kind: "Node",
      namespace: undefined,
      name,
      subresource: undefined,
      type: "strategic",
      patch: { spec: { unschedulable: cordon === true ? true : null } }
    }
    return Effect.gen({ self: this }, function* () {
      const done = yield* Effect.forEach(ordersOf(intention), (order) => this.#order(order))
      return [...done.flat(), ...(cordon === undefined ? [] : [yield* this.#patch(nodesResource, patch)])]
    })
  }

  /** Labels and taints that nodes have from the beginning. Nodes are everybody's: without a driver they stay as they are. */
  dressNodes(nodes: ReadonlyArray<NodeSpec>): Effect.Effect<void, ApiFailure> {
    const { driver, writer } = this.#o
    const before = this.#nodesBefore
    return driver === undefined
      ? Effect.void
      : Effect.forEach(
          nodes,
          (spec) => dressNode(writer, spec, (node) => void (before.has(spec.name) || before.set(spec.name, node))),
          { discard: true }
        )
  }

  /** Static pods that are there from the beginning. */
  placeStaticPods(nodes: ReadonlyArray<NodeSpec>): Answers {
    const orders = nodes.flatMap(({ name: node, staticPods }) =>
      staticPods.length === 0 ? [] : [{ node, staticPods }]
    )
    return Effect.map(
      Effect.forEach(orders, (order) => this.#order(order)),
      (answers) => answers.flat()
    )
  }
}
