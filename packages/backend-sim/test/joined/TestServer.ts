/** An API server for joined nodes: the simulated one, asked by path, whose answers take a while. */
import {
  type Answer,
  type Instant,
  type JsonObject,
  type KubernetesObject,
  later,
  MILLISECOND,
  type Micros,
  SECOND
} from "@kubereel/core"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { JoinedNodes, type JoinedNodesOptions } from "../../src/joined/JoinedNodes.ts"
import type { RemoteRequest } from "../../src/joined/RemoteApi.ts"
import { type Given, scenario } from "../given.ts"

export const start = (1_767_225_600 * SECOND) as Instant

const kinds: { readonly [plural: string]: string } = {
  pods: "Pod",
  nodes: "Node",
  events: "Event",
  leases: "Lease",
  persistentvolumeclaims: "PersistentVolumeClaim"
}

const nobody: Answer = { status: 0, body: { message: "nobody answers" } }

interface Target {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly subresource: string
}

const targetOf = (path: string): Target => {
  const parts = path.replace(/^\/api\/v1\/|^\/apis\/[^/]+\/v1\//, "").split("/")
  const namespace = parts[0] === "namespaces" ? (parts[1] ?? "") : ""
  const [plural = "", name = "", subresource = ""] = namespace === "" ? parts : parts.slice(2)
  return { kind: kinds[plural] ?? "", namespace, name, subresource }
}

export class TestServer {
  readonly engine = new Engine(start)
  readonly store = new Store(1_000)
  readonly api = new ApiServer(this.engine, this.store, 0)
  readonly nodes: JoinedNodes
  readonly requests: Array<string> = []
  /** Nobody answers from now on. */
  down = false
  /** How long an answer takes, and a watch. */
  readonly #takes: Micros

  /** Nodes, images and programs are those of a scenario. */
  constructor(
    given: Partial<Given> = {},
    takes: Micros = 7 * MILLISECOND,
    placed: Pick<JoinedNodesOptions, "endpoints" | "numbers"> = {}
  ) {
    this.#takes = takes
    const { images, nodes, programs } = scenario({ steps: [], until: "1s", ...given })
    this.nodes = new JoinedNodes({
      ...{ start, seed: 0, kubernetes: "v1.36.3", images, nodes, programs: () => programs },
      ...placed,
      send: (request, then) =>
        void this.engine.after("server", takes, () => {
          const answer = this.#answer(request)
          this.engine.after("network", takes, () => this.#enter(() => then(answer)))
        })
    })
    this.store.watch((change, object) => {
      this.engine.after("watch", this.#takes, () => this.down || this.#enter(() => this.nodes.hear(change, object)))
    })
    for (const name of ["default", "kube-node-lease"])
      this.api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name } }, "")
    this.nodes.begin()
  }

  /** Until so many seconds after the start. */
  runTo(seconds: number): void {
    const end = (start + Math.round(seconds * SECOND)) as Instant
    for (;;) {
      const next = Math.min(this.engine.soonest ?? end, this.nodes.soonest ?? end, end) as Instant
      this.engine.runUntil(next)
      this.nodes.run(next, Number.POSITIVE_INFINITY)
      if (next === end && (this.nodes.soonest ?? later(end, 1)) > end && (this.engine.soonest ?? later(end, 1)) > end)
        return
    }
  }

  pod(name: string): KubernetesObject | undefined {
    return this.api.getPod("default", name)
  }

  #enter(run: () => void): void {
    this.nodes.run(this.engine.now, Number.POSITIVE_INFINITY)
    run()
    this.nodes.run(this.engine.now, Number.POSITIVE_INFINITY)
  }

  #answer({ body, method, path }: RemoteRequest): Answer {
    if (this.down) return nobody
    const of = targetOf(path)
    this.requests.push(`${method} ${[of.kind, of.name, of.subresource].filter((part) => part !== "").join(" ")}`)
    const object = body as unknown as KubernetesObject
    if (of.kind === "Lease") return this.#lease(method, of, object)
    if (method === "POST") return this.api.create(object, of.namespace, "kubelet")
    if (method === "DELETE") return this.api.delete(of.kind, of.namespace, of.name, body as JsonObject)
    return this.api.patch(of, of.subresource, { type: "strategic", body: body as JsonObject }, "kubelet")
  }

  /** The simulated server keeps them beside its kinds. */
  #lease(method: RemoteRequest["method"], { name, namespace }: Target, object: KubernetesObject): Answer {
    const found = this.store.get("Lease", namespace, name)
    const missing = { status: 404, body: { message: "not found" } }
    if (method === "GET") return found === undefined ? missing : { status: 200, body: found }
    if (method === "PUT") return found === undefined ? missing : { status: 200, body: this.store.update(object) }
    if (this.store.get("Lease", namespace, object.metadata.name) !== undefined)
      return { status: 409, body: { message: "exists" } }
    const metadata = { ...object.metadata, uid: "lease", resourceVersion: this.store.nextVersion() }
    return { status: 201, body: this.store.create({ ...object, metadata }) }
  }
}
