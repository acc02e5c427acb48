/**
 * A simulated cluster that lives, as somebody serves it: what clients write happens at once, at the moment at which its clock stands;
 * its clock moves when it is told to (`advance`), and whoever watches is told then.
 */
import {
  type Answer,
  type ClusterEvent,
  expiredList,
  type Instant,
  type KubernetesObject,
  type LivingCluster,
  later,
  type Scenario,
  type Scope,
  SECOND,
  type ServedChange,
  type ServedList,
  type ServedListener,
  type ServedResource,
  type ServedWatch,
  type ServedWrite,
  type Status,
  type Step,
  sentWarnings,
  type TokenOwner,
  toldOfStep,
  tooLargeResourceVersion,
  tooOldResourceVersion
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import { Cluster, type ClusterOptions } from "../Cluster.ts"
import { EventRing, type Happened } from "./EventRing.ts"
import { makeKubernetesService } from "./kubernetesService.ts"
import { FAULT, LiveFaults } from "./LiveFaults.ts"
import { LivePods } from "./LivePods.ts"
import { LiveWrites } from "./LiveWrites.ts"
import { liveResources } from "./resources.ts"
import { Shown } from "./Shown.ts"
import { tokenOwner } from "./tokenRequest.ts"
import { unready } from "./unready.ts"
import { Watcher, Watchers } from "./Watchers.ts"

/** So many events of each kind are remembered for those who watch from the past. */
const REMEMBERED = 20_000
/** How often watchers are told how far they are, and how often what is renewed without a word is looked at for those who watch it. */
const PROGRESS = 10 * SECOND
/** Renewed without a word: a look brings them up to date. */
const SILENT = "Lease"

/** Those that every cluster has. */
const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"]

/** A lease or a node that says that it is still there is none, and neither is an Event that nobody wants any more. */
const isNews = (kind: string, change: Happened["change"]): boolean =>
  kind !== SILENT && (change === "ADDED" || (kind !== "Node" && kind !== "Event"))

interface Fresh {
  readonly kind: string
  readonly namespace: string
  readonly happened: Happened
}

export class LiveCluster implements LivingCluster {
  readonly #cluster: Cluster
  readonly #store: Store
  readonly #shown: Shown
  readonly #writes: LiveWrites
  readonly #faults: LiveFaults
  readonly #start: Instant
  /** Those of the scenario that are still to come. */
  #steps: ReadonlyArray<Step>
  #facts: Array<ClusterEvent> = []
  #changed: Instant
  readonly #resources = liveResources()
  readonly #rings = new Map<string, EventRing>()
  readonly #watchers = new Watchers()
  /** What happened to kinds that somebody watches since they were told. */
  #fresh: Array<Fresh> = []
  #told = { version: 0, at: 0 as Instant }
  /** Before this version nobody was listening. */
  readonly #began: number
  readonly pods: LivePods

  constructor(scenario: Scenario, options: ClusterOptions = {}) {
    const namespaces = [...NAMESPACES, ...(options.namespaces ?? [])]
    this.#cluster = new Cluster(scenario, { ...options, namespaces, recordsAll: true })
    const { engine, seed, store } = this.#cluster.parts
    makeKubernetesService(store, seed, engine.now)
    this.#store = store
    this.#began = store.version
    this.#told = { version: store.version, at: engine.now }
    this.#shown = new Shown(store)
    this.#writes = new LiveWrites(this.#cluster.parts, this.#shown)
    this.#faults = new LiveFaults(this.#cluster)
    this.pods = new LivePods(this.#cluster.parts)
    this.#start = scenario.start
    this.#changed = engine.now
    this.#steps = scenario.steps
    store.watch((change, object, previous) => this.#happened(change, object, previous))
  }

  /** The cluster itself, for whoever gives it orders that no client can. */
  get cluster(): Cluster {
    return this.#cluster
  }

  get version(): string {
    return this.#cluster.parts.release.version
  }

  now = (): Instant => this.#cluster.now

  resources = (): ReadonlyArray<ServedResource> => this.#resources

  /** Whoever asks of the present has nothing to be warned of. */
  warnings = (): ReadonlyArray<string> => []

  advance = (to: Instant, budget: number): boolean => {
    const arrived = this.#advance(to, budget)
    this.#tell()
    this.pods.look(this.#cluster.now)
    return arrived
  }

  takeFacts = (): ReadonlyArray<ClusterEvent> => {
    const facts = [...this.#facts, ...this.#cluster.takeFacts()]
    this.#facts = []
    return facts
  }

  lastChange = (): Instant => this.#changed

  unready = (): string | undefined => unready(this.#store)

  /** The steps of its scenario are carried out when their time has come. */
  #advance(to: Instant, budget: number): boolean {
    for (;;) {
      const [step, ...others] = this.#steps
      if (step === undefined || later(this.#start, step.at) > to) return this.#cluster.run(to, budget)
      const at = later(this.#start, step.at)
      if (!this.#cluster.run(at, budget)) return false
      this.#steps = others
      const answers = this.#cluster.submit(step.intention) ?? []
      this.#facts.push(...this.#cluster.takeFacts(), ...toldOfStep(step, at, answers))
    }
  }

  list = async (of: Scope, at?: string): Promise<ServedList | Status> => {
    const { kind } = of.resource
    const now = this.#store.list(kind)
    const { version } = this.#store
    const asked = at === undefined ? version : Number(at)
    if (asked > version) return tooLargeResourceVersion(at ?? "", String(version))
    const then = asked === version ? now : this.#ring(kind).at(asked, now)
    if (then === undefined) return expiredList
    const items = of.namespace === undefined ? then : then.filter(({ metadata }) => metadata.namespace === of.namespace)
    return { items: items.map((object) => this.#shown.of(object)), resourceVersion: String(asked) }
  }

  get = async ({ namespace, resource }: Scope, name: string): Promise<KubernetesObject | undefined> => {
    const object = this.#store.get(resource.kind, namespace, name)
    return object && this.#shown.of(object)
  }

  resourceVersion = async (of: Scope): Promise<string> => {
    if (of.resource.kind === SILENT) this.#store.list(SILENT)
    return String(this.#store.version)
  }

  /** From a version that is still to come: everything after it. */
  watch = ({ namespace, resource }: Scope, from: string, listener: ServedListener): Promise<ServedWatch | Status> => {
    this.#tell()
    const ring = this.#ring(resource.kind)
    const missed = ring.after(Number(from))
    if (missed === undefined) return Promise.resolve(tooOldResourceVersion(from, String(ring.forgotten)))
    const watcher = new Watcher(
      listener,
      Number(from),
      missed
        .filter(({ object }) => namespace === undefined || object.metadata.namespace === namespace)
        .map((happened) => this.#change(happened))
    )
    this.#watchers.add(resource.kind, namespace, watcher)
    const answered = Promise.resolve({ close: () => this.#watchers.remove(resource.kind, namespace, watcher) })
    // Whoever waits for the answer has it then.
    void answered.then(() => undefined).then(() => watcher.begin())
    return answered
  }

  write = async (write: ServedWrite): Promise<Answer> => {
    const { warnings = [], ...answer } = this.#writes.carryOut(write)
    this.#faults.settle()
    this.#tell()
    const sent = sentWarnings(warnings)
    return sent.length === 0 ? answer : { ...answer, warnings: sent }
  }

  reviewToken = (token: string, audiences: ReadonlyArray<string>): TokenOwner | undefined =>
    tokenOwner(this.#store, token, audiences, this.#cluster.now)

  #ring(kind: string): EventRing {
    const known = this.#rings.get(kind)
    if (known !== undefined) return known
    const made = new EventRing(this.#began, REMEMBERED)
    this.#rings.set(kind, made)
    return made
  }

  #happened(change: Happened["change"], object: KubernetesObject, previous: KubernetesObject | undefined): void {
    this.#shown.remember(object)
    const { kind, metadata } = object
    const happened = { version: Number(metadata.resourceVersion), change, object, previous }
    this.#ring(kind).add(happened)
    if (isNews(kind, change)) this.#changed = this.#cluster.now
    if (kind === FAULT) this.#faults.heard(change, object)
    if (this.#watchers.has(kind)) this.#fresh.push({ kind, namespace: metadata.namespace ?? "", happened })
  }

  #change({ change, object, previous }: Happened): ServedChange {
    return {
      type: change,
      object: this.#shown.of(object),
      ...(previous === undefined ? {} : { previous: this.#shown.of(previous) })
    }
  }

  /** Whoever watches hears of what has happened. */
  #tell(): void {
    const { now } = this.#cluster
    const due = now >= later(this.#told.at, PROGRESS)
    if (due && this.#watchers.has(SILENT)) this.#store.list(SILENT)
    const fresh = this.#fresh
    if (fresh.length > 0) {
      this.#fresh = []
      for (const { happened, kind, namespace } of fresh)
        this.#watchers.tell(kind, namespace, () => this.#change(happened))
    }
    if (!due || this.#told.version === this.#store.version) return
    this.#told = { version: this.#store.version, at: now }
    this.#watchers.progress(String(this.#store.version))
  }
}
