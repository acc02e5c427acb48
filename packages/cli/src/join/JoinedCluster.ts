/** Simulated nodes on a real control plane: its watches in, their kubelets' requests out, on the wall's clock. */
import { ApiClient, type ApiFailure, type KubeconfigOptions, RequestPool } from "@kubereel/backend-k8s"
import { JOINED, JoinedNodes, leasePath, nodePath } from "@kubereel/backend-sim"
import {
  type ContainerSpec,
  type ImageSpec,
  type Instant,
  isNode,
  isPod,
  type KubernetesObject,
  type NodeSpec,
  type Program,
  type ProgramRun,
  type ServedKubelet
} from "@kubereel/core"
import { Deferred, Effect, Result } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import type { EndpointOptions } from "./endpointOptions.ts"
import { asked, type Endpoint, listenForKubelets, ownAddress } from "./kubeletEndpoint.ts"
import { type ObjectName, PodGate } from "./PodGate.ts"
import { freeNumbers, sharedPods, takesPodsOf } from "./podNetworks.ts"
import { checkRights, mayReview } from "./rights.ts"
import { WallClock } from "./WallClock.ts"
import { type WatchedKind, watchKind } from "./watchKind.ts"

export interface JoinOptions {
  readonly cluster: KubeconfigOptions
  readonly nodes: ReadonlyArray<NodeSpec>
  readonly images: ReadonlyArray<ImageSpec>
  readonly programs: (namespace: string) => ReadonlyArray<Program>
  /** What a container does of which no program is declared; absent: it runs until it is killed. */
  readonly undeclared?: (container: ContainerSpec) => ProgramRun
  readonly seed: number
  /** Leaves Nodes and Leases behind. */
  readonly keep: boolean
  /** How their kubelets are asked; absent: nobody can ask them. */
  readonly endpoint?: EndpointOptions
  readonly onTrouble: (message: string) => void
}

/** What joined nodes hear of. Pods come last: what they name is known then. */
const watched: ReadonlyArray<WatchedKind> = [
  { kind: "Node", path: "/api/v1/nodes" },
  { kind: "ConfigMap", path: "/api/v1/configmaps" },
  { kind: "Secret", path: "/api/v1/secrets" },
  { kind: "Service", path: "/api/v1/services" },
  { kind: "EndpointSlice", path: "/apis/discovery.k8s.io/v1/endpointslices" },
  { kind: "PersistentVolumeClaim", path: "/api/v1/persistentvolumeclaims" },
  { kind: "PersistentVolume", path: "/api/v1/persistentvolumes" },
  { kind: "CSIDriver", path: "/apis/storage.k8s.io/v1/csidrivers" },
  { kind: "RuntimeClass", path: "/apis/node.k8s.io/v1/runtimeclasses" },
  { kind: "Pod", path: "/api/v1/pods", query: { fieldSelector: "spec.nodeName!=" } }
]

const plurals = { ConfigMap: "configmaps", Secret: "secrets", PersistentVolumeClaim: "persistentvolumeclaims" } as const

const pathOf = ({ kind, name, namespace }: ObjectName): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/${plurals[kind]}/${encodeURIComponent(name)}`

export interface Standing {
  readonly nodes: number
  readonly ready: number
  readonly pods: number
  readonly running: number
  /** Requests so far. */
  readonly requests: number
}

const isReady = (node: KubernetesObject): boolean =>
  isNode(node) &&
  ((node.status["conditions"] ?? []) as ReadonlyArray<{ readonly type: string; readonly status: string }>).some(
    ({ status, type }) => type === "Ready" && status === "True"
  )

interface Placed {
  readonly client: ApiClient
  readonly kubernetes: string
  readonly pool: RequestPool
  readonly endpoint: Endpoint | undefined
  /** Of each node: which addresses its pods have. */
  readonly numbers: ReadonlyArray<number>
}

export class JoinedCluster {
  readonly nodes: JoinedNodes
  readonly client: ApiClient
  readonly clock: WallClock
  readonly #pool: RequestPool
  readonly #gate: PodGate

  constructor(
    options: JoinOptions,
    { client, endpoint, kubernetes, numbers, pool }: Placed,
    onDefect: (cause: unknown) => void
  ) {
    const start = (Date.now() * 1_000) as Instant
    const { images, nodes, programs, seed, undeclared } = options
    this.client = client
    this.#pool = pool
    this.nodes = new JoinedNodes({
      ...{ start, seed, kubernetes, nodes, images, programs, undeclared, numbers },
      ...(endpoint === undefined ? {} : { endpoints: endpoint }),
      send: (request, then) => pool.send(request, (answer) => this.clock.enter(() => then(answer)))
    })
    this.clock = new WallClock(this.nodes, start, onDefect)
    this.#gate = new PodGate({
      isKnown: ({ kind, name, namespace }) => this.nodes.known(kind, namespace, name) !== undefined,
      ask: (name, then) =>
        pool.send({ method: "GET", path: pathOf(name) }, ({ body, status }) =>
          this.clock.enter(() => then(status === 200 ? (body as unknown as KubernetesObject) : undefined))
        ),
      pass: (change, object) => this.nodes.hear(change, object)
    })
  }

  get standing(): Standing {
    const [nodes, pods] = [this.nodes.list("Node"), this.nodes.list("Pod")]
    const own = nodes.filter(({ metadata }) => this.nodes.has(metadata.name))
    return {
      nodes: own.length,
      ready: own.filter(isReady).length,
      pods: pods.length,
      running: pods.filter((pod) => isPod(pod) && pod.status.phase === "Running").length,
      requests: this.#pool.sent
    }
  }

  /** As those are answered who ask it from outside. */
  kubelet(name: string): ServedKubelet | undefined {
    const kubelet = this.nodes.kubelet(name)
    return kubelet && asked(kubelet, this.clock)
  }

  /** Follows one kind for as long as it runs. */
  follow(kind: WatchedKind, whenWatching: () => void, onTrouble: (message: string) => void) {
    return watchKind(kind, {
      client: this.client,
      onChange: (change, object) =>
        this.clock.enter(() => {
          if (isNode(object) && change === "ADDED") this.#refuseShared(object)
          if (!isPod(object)) this.nodes.hear(change, object)
          else if (this.nodes.has(object.spec.nodeName)) this.#gate.hear(change, object)
        }),
      onWatching: whenWatching,
      onBroken: ({ message }: ApiFailure) => onTrouble(`${kind.path}: ${message}; it is asked for again`)
    })
  }

  /** Whoever joined at the same moment, and was there first, has the addresses. */
  #refuseShared(node: KubernetesObject): void {
    const others = this.nodes.has(node.metadata.name) ? this.nodes.list("Node") : [node]
    const own = this.nodes.has(node.metadata.name) ? [node] : this.nodes.list("Node")
    for (const mine of own) {
      if (!this.nodes.has(mine.metadata.name)) continue
      const older = others.find((other) => !this.nodes.has(other.metadata.name) && takesPodsOf(other, mine))
      if (older !== undefined) throw sharedPods(mine, older)
    }
  }
}

/** Nodes of that name that are somebody else's. */
const refuseForeign = (nodes: ReadonlyArray<NodeSpec>, there: ReadonlyArray<KubernetesObject>) => {
  const names = new Set(nodes.map(({ name }) => name))
  const foreign = there.filter(
    ({ metadata }) => names.has(metadata.name) && metadata.annotations?.[JOINED] === undefined
  )
  const [first] = foreign
  if (first === undefined) return Effect.void
  const all = foreign.map(({ metadata }) => metadata.name).join(", ")
  const problem = `the cluster has ${foreign.length === 1 ? "a node" : "nodes"} ${all} already, which kubereel did not join; choose another --name`
  return Effect.fail(new Complaint({ code: exitCodes.usage, problem }))
}

const request = (pool: RequestPool, method: "DELETE", path: string): Effect.Effect<string | undefined> =>
  Effect.callback((resume) =>
    pool.send({ method, path }, ({ body, status }) =>
      resume(
        Effect.succeed(status < 300 && status > 0 ? undefined : status === 404 ? undefined : String(body["message"]))
      )
    )
  )

/** Takes the Nodes away, and their Leases; what still runs on them is the control plane's to clear. */
const leave = Effect.fnUntraced(function* ({ nodes, onTrouble }: JoinOptions, pool: RequestPool) {
  const paths = nodes.flatMap(({ name }) => [nodePath(name), leasePath(name)])
  const said = yield* Effect.forEach(paths, (path) => request(pool, "DELETE", path), { concurrency: "unbounded" })
  const problems = said.filter((problem) => problem !== undefined)
  if (problems.length > 0) onTrouble(`${problems.length} Nodes and Leases are left: ${problems[0]}`)
})

/** Where nobody can ask them, nodes join all the same. */
const openEndpoint = Effect.fnUntraced(function* (
  { endpoint, nodes, onTrouble }: JoinOptions,
  to: { readonly client: ApiClient; readonly pool: RequestPool },
  kubelet: (name: string) => ServedKubelet | undefined
) {
  if (endpoint === undefined) return undefined
  const { context, server } = to.client
  const none = (why: string): undefined => {
    onTrouble(`kubectl logs, exec and port-forward are not answered: ${why}`)
    return undefined
  }
  if (!(yield* mayReview(to.pool)))
    return none(
      `the user of context ${context} may not create tokenreviews and subjectaccessreviews, which say who may ask kubelets`
    )
  const { nodeIP } = endpoint
  const address = yield* Effect.result(nodeIP === undefined ? ownAddress(server) : Effect.succeed(nodeIP))
  if (Result.isFailure(address))
    return none(
      `${server} is not reached directly (${address.failure}); say with --node-ip where it reaches this machine`
    )
  const kubelets = nodes.map(
    ({ name }) =>
      () =>
        kubelet(name)
  )
  return yield* listenForKubelets(address.success, endpoint, to, kubelets)
})

/** Joins the nodes until the scope ends. Answers as soon as everything is watched; the nodes register meanwhile. */
export const joinCluster = Effect.fn("joinCluster")(function* (options: JoinOptions) {
  const client = yield* ApiClient.make(options.cluster)
  const version = yield* client.get("/version")
  const there = yield* client.get("/api/v1/nodes")
  const items = (there["items"] ?? []) as unknown as ReadonlyArray<KubernetesObject>
  yield* refuseForeign(options.nodes, items)
  const numbers = yield* Effect.fromResult(freeNumbers(options.nodes, items))
  const pool = yield* Effect.acquireRelease(RequestPool.make(options.cluster), (made) =>
    Effect.sync(() => made.close())
  )
  yield* checkRights(pool, client.context)
  const broken = yield* Deferred.make<never, Complaint>()
  const kubernetes = String(version["gitVersion"] ?? "")
  let cluster: JoinedCluster | undefined
  const endpoint = yield* openEndpoint(options, { client, pool }, (name) => cluster?.kubelet(name))
  const joined = yield* Effect.acquireRelease(
    Effect.sync(
      () =>
        new JoinedCluster(options, { client, endpoint, kubernetes, numbers, pool }, (cause) =>
          Effect.runFork(cause instanceof Complaint ? Deferred.fail(broken, cause) : Deferred.die(broken, cause))
        )
    ),
    ({ clock, nodes }) =>
      Effect.gen(function* () {
        nodes.stop()
        clock.stop()
        if (!options.keep) yield* leave(options, pool)
      })
  )
  cluster = joined
  for (const kind of watched) {
    const watching = yield* Deferred.make<void>()
    const begun = () => void Effect.runFork(Deferred.succeed(watching, undefined))
    yield* Effect.forkScoped(joined.follow(kind, begun, options.onTrouble))
    yield* Deferred.await(watching)
  }
  joined.clock.enter(() => joined.nodes.begin())
  return { joined, kubernetes, server: client.server, endpoint, broken: Deferred.await(broken) }
})
