/** A simulated cluster: its API server, scheduler and kubelets on one engine, made from a scenario. */
import {
  type Answer,
  applyPatch,
  type ClusterEvent,
  type ContainerSpec,
  type Drain,
  execLocation,
  forceWithoutApply,
  fromAutoscalingV1,
  type Instant,
  type Intention,
  isControllerName,
  isNode,
  isPod,
  isSimulatedKind,
  isThere,
  type KubernetesObject,
  type KubernetesRelease,
  later,
  type NodeObject,
  nodeStatusHasChanged,
  nodeUnreachable,
  notFound,
  notSimulatedScenario,
  type ObjectChanged,
  type PodEvent,
  type PodMetrics,
  type PodRef,
  type ProgramRun,
  pods,
  refusedWith,
  type Scenario,
  SECOND,
  usesClaims,
  type Watch
} from "@kubereel/core"
import { Result } from "effect"
import { ApiServer } from "./apiserver/ApiServer.ts"
import { expireEvents } from "./apiserver/expireEvents.ts"
import { type Change, Store } from "./apiserver/Store.ts"
import { shown } from "./apiserver/writes.ts"
import { refusalOf } from "./client/Client.ts"
import { OneByOne } from "./client/OneByOne.ts"
import { noNode, noProcess, notSimulatedKind, noWatch, success } from "./clusterAnswers.ts"
import { type ControllerCaches, startControllerManager } from "./controller/ControllerManager.ts"
import { startStorageDrivers } from "./csi/StorageDrivers.ts"
import { type Defect, decisionsWith } from "./defect/Defect.ts"
import { Engine } from "./engine/Engine.ts"
import { knownRelease } from "./knownRelease.ts"
import { drainNode } from "./kubectl/drain.ts"
import { Machines } from "./Machines.ts"
import { MetricsServer } from "./metricsserver/MetricsServer.ts"
import { ClusterNetwork } from "./network/ClusterNetwork.ts"
import type { ControlPlaneProfile } from "./profile/ControlPlaneProfile.ts"
import { type Environments, environmentOf, environments } from "./profile/Environment.ts"
import { quantile } from "./profile/quantiles.ts"
import { Scheduler } from "./scheduler/Scheduler.ts"

export interface ClusterOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number
  /** What `nodes[].profile` may name besides the built-in ones. */
  readonly profiles?: Environments
  /** Carries out every tick of every probe, as a real kubelet does, also those that can show nothing. */
  readonly everyProbeTick?: boolean
  /** Carries out every resync of every pod, also those that can show nothing. */
  readonly everyResync?: boolean
  /** What a container does of which no program is declared; absent: it runs until it is killed. */
  readonly undeclared?: (container: ContainerSpec) => ProgramRun
  /** Namespaces that are there from the start, beside the scenario's own. */
  readonly namespaces?: ReadonlyArray<string>
  /** What it does wrong: for tests of what notices it (docs/adr/0024-defects-replace-decisions.md). */
  readonly defects?: ReadonlyArray<Defect>
  /** Every kind of object is told, also those that no recorder watches unless it is told to. */
  readonly recordsAll?: boolean
}

export interface ClusterParts {
  readonly engine: Engine
  readonly store: Store
  readonly api: ApiServer
  readonly machines: Machines
  readonly seed: number
  readonly release: KubernetesRelease
}

/** Kinds that nodes look up. */
const ofNodes: ReadonlySet<string> = new Set([
  ...["ConfigMap", "Secret", "ServiceAccount", "PriorityClass", "RuntimeClass"],
  ...["PersistentVolumeClaim", "PersistentVolume", "StorageClass"],
  ...["VolumeAttachment", "CSIDriver", "CSINode"]
])

/** Those, and what shows the same as EndpointSlices do: no recorder watches them unless it is told to. Claims are facts where somebody claims storage. */
const unrecorded: ReadonlySet<string> = new Set([...ofNodes, "Endpoints", "ControllerRevision"])

/** The scenario's own, and those of the static pods that it knows of. */
const namespacesOf = ({ namespace, nodes, steps }: Scenario): ReadonlySet<string> => {
  const later = steps.flatMap(({ intention }) =>
    intention._tag === "Node" ? [...(intention.staticPods ?? []), ...(intention.add?.staticPods ?? [])] : []
  )
  const pods = [...nodes.flatMap(({ staticPods }) => staticPods), ...later]
  return new Set([namespace, ...pods.map(({ metadata }) => metadata.namespace ?? "default")])
}

export class Cluster {
  readonly #scenario: Scenario
  readonly #seed: number
  readonly #release: KubernetesRelease
  readonly #engine: Engine
  readonly #store: Store
  readonly #api: ApiServer
  readonly #scheduler: Scheduler
  readonly #machines: Machines
  readonly #metrics: MetricsServer
  readonly #caches: ControllerCaches
  readonly #client: OneByOne
  readonly #profile: ControlPlaneProfile
  readonly #nodes = new Map<string, NodeObject>()
  /** What was applied last, by kind, namespace and name. */
  readonly #applied = new Map<string, KubernetesObject>()
  #facts: Array<ClusterEvent> = []
  readonly #showsClaims: boolean
  readonly #recordsAll: boolean

  constructor(scenario: Scenario, options: ClusterOptions = {}) {
    const { defects = [], everyProbeTick = false, profiles = {}, seed = scenario.seed } = options
    // That a resync can show nothing is known of a healthy cluster.
    const { everyResync = defects.length > 0 } = options
    this.#scenario = scenario
    this.#showsClaims = usesClaims(scenario)
    this.#recordsAll = options.recordsAll ?? false
    this.#seed = seed
    this.#release = knownRelease(scenario.kubernetes)
    const decide = decisionsWith(defects)
    const known = { ...environments, ...profiles }
    // Nodes and namespace are there when the scenario starts.
    this.#engine = new Engine(later(scenario.start, -SECOND))
    this.#store = new Store(1_000)
    expireEvents(this.#engine, this.#store)
    this.#api = new ApiServer(this.#engine, this.#store, seed, this.#release)
    this.#profile = environmentOf(scenario.nodes[0]?.profile, known).controlPlane
    this.#client = new OneByOne(this.#engine, seed, this.#profile.client.request)
    this.#scheduler = this.#makeScheduler(this.#profile)
    this.#metrics = new MetricsServer(this.#engine, seed, this.#profile.metricsServer, ({ metadata, spec }, ago) =>
      this.#machines.get(spec.nodeName)?.resourceMetrics(metadata.uid ?? "", ago)
    )
    const watched = scenario.steps.flatMap(({ intention }) => (intention._tag === "Watch" ? [intention.of] : []))
    this.#caches = startControllerManager({
      apart: new Set(watched.filter(isControllerName)),
      decide,
      ...{ engine: this.#engine, seed, release: this.#release, store: this.#store, api: this.#api },
      ...{ profile: this.#profile, podMetrics: (pod) => this.#metrics.podMetrics(pod) }
    })
    this.#machines = new Machines({
      ...{ engine: this.#engine, seed, release: this.#release, store: this.#store, api: this.#api, profiles: known },
      network: new ClusterNetwork(this.#engine, this.#store, seed, this.#profile),
      ...{ images: scenario.images, programs: scenario.programs, everyProbeTick, everyResync, decide },
      ...(options.undeclared && { undeclared: options.undeclared }),
      onFact: (pod, event) => this.#fact(pod, event)
    })
    startStorageDrivers(
      {
        ...{ engine: this.#engine, seed, release: this.#release, store: this.#store, api: this.#api },
        ...{ profile: this.#profile, podMetrics: () => undefined, decide }
      },
      scenario.storage ?? []
    )
    this.#store.watch((change, object) => this.#seen(change, object))
    for (const node of scenario.nodes) this.#machines.begin(node)
    const { namespaces = [] } = options
    for (const namespace of new Set([...namespaces, ...namespacesOf(scenario)])) this.#addNamespace(namespace)
    this.#engine.runUntil(scenario.start)
    for (const message of notSimulatedScenario(scenario)) this.#warn(message)
  }

  get now(): Instant {
    return this.#engine.now
  }

  /** What it is made of, for those who serve it. */
  get parts(): ClusterParts {
    const [engine, store, api, machines] = [this.#engine, this.#store, this.#api, this.#machines]
    return { engine, store, api, machines, seed: this.#seed, release: this.#release }
  }

  /**
   * Carries out an order at this moment; one answer for each object that it names. `undefined`: there is no machinery for it.
   * Requests of one moment are sent one after the other, so that the clock may be further when all are answered.
   */
  submit(intention: Intention): ReadonlyArray<Answer> | undefined {
    switch (intention._tag) {
      case "Apply":
        return intention.objects.map((object) => this.#client.ask(() => this.#apply(object)))
      case "Delete":
        return this.#delete(intention)
      case "Kill":
        return [this.#kill(intention)]
      case "Exec":
        return [this.#exec(intention)]
      case "Node":
        return this.#machines.act(intention)
      case "Drain":
        return this.#drain(intention)
      case "Fault":
        return this.#machines.fault(intention)
      case "Watch":
        return this.#makeStale(intention)
      case "Patch":
        return [this.#client.ask(() => this.#patch(intention))]
      case "Scale": {
        const { kind, name, namespace = this.#scenario.namespace, replicas } = intention
        const patch = { type: "merge", body: { spec: { replicas } } } as const
        return [this.#client.ask(() => this.#ask((api) => api.patch({ kind, namespace, name }, "scale", patch)))]
      }
      case "Evict": {
        const { gracePeriodSeconds, namespace = this.#scenario.namespace, pod } = intention
        return [this.#client.ask(() => this.#api.evict(namespace, pod, { gracePeriodSeconds }))]
      }
      default:
        return undefined
    }
  }

  /** Runs until `to` or until `budget` things happened; `false` if it is not there yet. What was seen is taken by `takeFacts`. */
  run(to: Instant, budget: number): boolean {
    return to < this.#engine.now || this.#engine.runUntil(to, budget)
  }

  /** How often a probe's worker was looked at. */
  get probeVisits(): number {
    return this.#machines.all.reduce((sum, machine) => sum + machine.probeVisits, 0)
  }

  /** What the metrics API says of a pod (`kubectl top pod`); `undefined`: nothing. */
  podMetrics(namespace: string, name: string): PodMetrics | undefined {
    const pod = this.#api.getPod(namespace, name)
    return pod && this.#metrics.podMetrics(pod)
  }

  /** What was seen until then. */
  takeFacts(until: Instant = this.#engine.now): ReadonlyArray<ClusterEvent> {
    const facts = this.#facts
    const all = (facts.at(-1)?.observed ?? 0) <= until
    this.#facts = all ? [] : facts.splice(facts.findIndex(({ observed = 0 }) => observed > until))
    return facts
  }

  /** A request of whoever carries out the steps. */
  #ask(request: (api: ApiServer) => Answer): Answer {
    return this.#api.withWarnings(() => request(this.#api))
  }

  /** An object that nothing here would act upon is refused: stored, it would look as if somebody did. */
  #apply(given: KubernetesObject): Answer {
    if (!isSimulatedKind(given.kind)) {
      return notSimulatedKind(given.kind)
    }
    const current = fromAutoscalingV1(given)
    if (Result.isFailure(current)) return refusedWith(current.failure)
    const object = current.success
    const { kind, metadata } = object
    const namespace = metadata.namespace ?? this.#scenario.namespace
    const of = { kind, namespace, name: metadata.name }
    const key = `${kind}/${namespace}/${metadata.name}`
    const made = this.#ask((api) => api.create(object, namespace))
    const answer = isThere(made)
      ? this.#ask((api) => api.patch(of, "", applyPatch(this.#applied.get(key), object)))
      : made
    if (answer.status < 300) this.#applied.set(key, object)
    return answer
  }

  #delete(intention: Extract<Intention, { readonly _tag: "Delete" }>): ReadonlyArray<Answer> {
    const { gracePeriodSeconds, kind, name, pick, propagationPolicy, selector } = intention
    const namespace = intention.namespace ?? this.#scenario.namespace
    const labels = Object.entries(selector ?? {})
    const chosen = this.#store
      .list(kind)
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace && labels.every(([label, value]) => metadata.labels?.[label] === value)
      )
      .map(({ metadata }) => metadata.name)
    const picked = pick === "all" ? chosen : pick === "oldest" ? chosen.slice(0, 1) : chosen.slice(-1)
    const names = name === undefined ? picked : [name]
    const options = { gracePeriodSeconds, propagationPolicy }
    return names.map((one) => this.#client.ask(() => this.#ask((api) => api.delete(kind, namespace, one, options))))
  }

  #patch(intention: Extract<Intention, { readonly _tag: "Patch" }>): Answer {
    const { fieldManager, force, kind, name, patch: body, subresource = "", type } = intention
    const of = { kind, namespace: intention.namespace ?? this.#scenario.namespace, name }
    if (type !== "apply") {
      if (force !== undefined) return refusedWith(forceWithoutApply)
      return this.#ask((api) => api.patch(of, subresource, { type, body }, fieldManager))
    }
    if (!isSimulatedKind(kind)) return notSimulatedKind(kind)
    return this.#ask((api) => api.apply(of, subresource, { type, body, force: force ?? false }, fieldManager))
  }

  /** POST of `exec`: the answer is how the command ends, known as soon as it begins. */
  #exec({ command, container, namespace, pod: name }: Extract<Intention, { readonly _tag: "Exec" }>): Answer {
    const pod = this.#api.getPod(namespace ?? this.#scenario.namespace, name)
    if (pod === undefined) return refusedWith(notFound(pods, name))
    const location = execLocation(pod, container)
    if (Result.isFailure(location)) return refusedWith(location.failure)
    const machine = this.#machines.get(pod.spec.nodeName)
    return refusedWith(machine?.exec(pod.metadata.uid ?? "", location.success, command) ?? nodeUnreachable)
  }

  /** Somebody on the node kills a process, or the sandbox that is called `(sandbox)`; no API server is asked. */
  #kill({ container, namespace, pod: name, signal }: Extract<Intention, { readonly _tag: "Kill" }>): Answer {
    const pod = this.#api.getPod(namespace ?? this.#scenario.namespace, name)
    const machine = this.#machines.get(pod?.spec.nodeName)
    const uid = pod?.metadata.uid ?? ""
    const killed = container === "(sandbox)" ? machine?.killSandbox(uid) : machine?.kill(uid, container, signal)
    return killed === true ? success : noProcess(`${name}/${container}`)
  }

  /** What comes of it shows later: only that there is no such node is answered at once. */
  #drain(flags: Drain): ReadonlyArray<Answer> {
    const answers = this.#machines.cordon(flags.node, true)
    if (answers.some(({ status }) => status >= 400)) return answers
    const { request } = this.#profile.controllers
    const [engine, seed, api, store] = [this.#engine, this.#seed, this.#api, this.#store]
    drainNode({ engine, seed, api, store, request, failed: (message) => this.#warn(message) }, flags)
    return answers
  }

  /** Whoever it is finds out late of what happens from now on. */
  #makeStale({ for: lasts, kinds, lag, node = "", of }: Watch): ReadonlyArray<Answer> {
    const until = (lasts === undefined ? Number.POSITIVE_INFINITY : later(this.#engine.now, lasts)) as Instant
    const stale = { until, lag }
    if (of === "kubelet") {
      const machine = this.#machines.get(node)
      if (machine === undefined) return [noNode(node)]
      return machine.makeStale(stale) ? [] : [noWatch(`the kubelet of ${node}`)]
    }
    if (of === "kube-scheduler") {
      this.#scheduler.makeStale(stale, kinds)
      return []
    }
    const caches = of === "kube-controller-manager" ? this.#caches.shared : this.#caches.own.get(of)
    caches?.makeStale(stale, kinds)
    return caches === undefined ? [noWatch(of)] : []
  }

  #warn(message: string): void {
    this.#facts.push({ _tag: "Warned", observed: this.#engine.now, message })
  }

  #seen(change: Change, object: KubernetesObject): void {
    // Nobody looks at each time that one is renewed.
    if (object.kind === "Lease") return
    if (this.#isRecorded(object.kind))
      this.#facts.push({
        _tag: "ObjectChanged",
        observed: this.#engine.now,
        change,
        object: shown(this.#store, object) as unknown as ObjectChanged["object"]
      })
    if (ofNodes.has(object.kind)) {
      for (const machine of this.#machines.all) machine.hearObject(change, object)
      this.#scheduler.hearObject(change, object)
      return
    }
    if (isNode(object)) this.#seenNode(change, object)
    if (!isPod(object)) return this.#scheduler.hearObject(change, object)
    this.#scheduler.hearPod(change, object)
    this.#machines.get(object.spec.nodeName)?.hear(change, object)
  }

  #isRecorded(kind: string): boolean {
    if (this.#recordsAll || !unrecorded.has(kind)) return true
    return this.#showsClaims && kind === "PersistentVolumeClaim"
  }

  /** That a kubelet is alive is no news for the scheduler. */
  #seenNode(change: Change, node: NodeObject): void {
    const { name } = node.metadata
    const before = this.#nodes.get(name)
    if (change === "DELETED") this.#nodes.delete(name)
    else this.#nodes.set(name, node)
    if (change === "MODIFIED") this.#machines.get(name)?.hearNode(node)
    const alive = before?.spec === node.spec && before.metadata.labels === node.metadata.labels && change === "MODIFIED"
    if (!alive || nodeStatusHasChanged(before.status, node.status)) this.#scheduler.hearNode(change, node)
  }

  #makeScheduler({ neighbours, scheduler }: ControlPlaneProfile): Scheduler {
    return new Scheduler({
      engine: this.#engine,
      seed: this.#seed,
      host: "sim",
      api: {
        bind: (pod, node) => this.#api.bindPod(pod, node),
        patchStatus: (pod, patch) => this.#api.patchPodStatus(pod, patch),
        update: (object) => refusalOf(this.#api.update(object, ""))?.message,
        deletePod: (pod) => this.#api.deletePod(pod, {}).status < 400
      },
      objects: {
        get: (kind, namespace, name) => this.#store.get(kind, namespace, name),
        list: (kind) => this.#store.list(kind)
      },
      events: {
        create: (event) => this.#api.createEvent(event),
        patch: (namespace, name, series) => this.#api.patchEvent(namespace, name, { series })
      },
      latency: (name, random) => quantile(scheduler[name], random.next()),
      // Several nodes: somebody has the cluster for himself.
      elsewhere:
        neighbours === undefined || this.#scenario.nodes.length > 1
          ? undefined
          : (random) => quantile(neighbours, random.next())
    })
  }

  #addNamespace(name: string): void {
    this.#api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name } }, "")
  }

  #fact(pod: PodRef, event: PodEvent): void {
    this.#facts.push({ _tag: "PodFact", observed: this.#engine.now, pod: { ...pod }, event })
  }
}
