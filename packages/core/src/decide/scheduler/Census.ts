/**
 * Where the pods are that a rule asks for, kept up to date pod by pod: no cycle looks at all pods of the cluster, as
 * kube-scheduler's PreFilter and PreScore do for affinity and spread.
 */
import { NO_AFFINITY, type PodAffinity } from "./affinityTerms.ts"
import type { PodClass } from "./PodClass.ts"
import {
  type DomainCounts as Counts,
  DomainCounts,
  EVERY_NODE,
  grown,
  type NodeMask,
  type Nodes,
  Topology
} from "./Topology.ts"

/** The pods of some classes: how many of them each node has. */
export class Selection {
  readonly matches: (pod: PodClass) => boolean
  readonly #domains = new Map<string, Counts>()
  readonly #nodes: Nodes
  perNode: Int32Array<ArrayBuffer> = new Int32Array(0)
  /** The cycle that asked for it last. */
  used = 0

  constructor(matches: (pod: PodClass) => boolean, nodes: Nodes) {
    this.matches = matches
    this.#nodes = nodes
  }

  add(slot: number, difference: number): void {
    this.perNode = grown(this.perNode, slot + 1)
    this.perNode[slot] = (this.perNode[slot] ?? 0) + difference
    for (const counts of this.#domains.values()) counts.add(slot, difference)
  }

  /** Counted by the domains of a topology, on the nodes of the mask. */
  by(topologyKey: string, topology: Topology, mask: NodeMask = EVERY_NODE): Counts {
    const key = `${topologyKey}\u0000${mask.key}`
    let counts = this.#domains.get(key)
    if (counts === undefined) {
      counts = new DomainCounts(topology, mask, this.#nodes)
      this.#domains.set(key, counts)
    }
    return counts.refresh(this.perNode)
  }
}

interface Entry {
  readonly class: PodClass
  /** How many pods of it each node has, by slot. */
  readonly places: Map<number, number>
  selections: ReadonlyArray<Selection> | undefined
}

/** Pods that ask for the same affinity, of whatever class, and how many of them there are. */
export interface AffinityGroup {
  readonly affinity: PodAffinity
  readonly pods: Selection
}

/** More selections than this are forgotten, those first that nobody asked for lately. */
const MANY = 2_000

export class Census {
  readonly #nodes: Nodes
  readonly #entries = new Map<string, Entry>()
  readonly #selections = new Map<string, Selection>()
  readonly #topologies = new Map<string, Topology>()
  /** Pods with an affinity, by its key. */
  readonly #groups = new Map<string, { affinity: PodAffinity; pods: number }>()
  #cycle = 0
  /** Changes when the groups are others. */
  groupsVersion = 0

  constructor(nodes: Nodes) {
    this.#nodes = nodes
  }

  /** A pod more (+1) or less (-1) on a node. */
  add(of: PodClass, slot: number, difference: 1 | -1): void {
    const entry = this.#entry(of)
    const count = (entry.places.get(slot) ?? 0) + difference
    if (count === 0) entry.places.delete(slot)
    else entry.places.set(slot, count)
    entry.selections ??= [...this.#selections.values()].filter(({ matches }) => matches(of))
    for (const selection of entry.selections) selection.add(slot, difference)
    if (entry.places.size === 0) this.#entries.delete(of.key)
    if (of.affinity !== NO_AFFINITY) this.#group(of.affinity, difference)
  }

  /** `key`: what tells this choice of pods from others. */
  select(key: string, matches: (pod: PodClass) => boolean): Selection {
    this.#cycle++
    const known = this.#selections.get(key)
    if (known !== undefined) {
      known.used = this.#cycle
      return known
    }
    if (this.#selections.size >= MANY) this.#forgetOld()
    const made = new Selection(matches, this.#nodes)
    made.used = this.#cycle
    for (const entry of this.#entries.values()) {
      if (!matches(entry.class)) continue
      for (const [slot, count] of entry.places) made.add(slot, count)
      if (entry.selections !== undefined) entry.selections = [...entry.selections, made]
    }
    this.#selections.set(key, made)
    return made
  }

  topology(key: string): Topology {
    let topology = this.#topologies.get(key)
    if (topology === undefined) {
      topology = new Topology(key, this.#nodes)
      this.#topologies.set(key, topology)
    }
    return topology.refresh()
  }

  count(selection: Selection, topologyKey: string, mask: NodeMask = EVERY_NODE): Counts {
    return selection.by(topologyKey, this.topology(topologyKey), mask)
  }

  /** Every affinity that some pod on a node asks for. */
  get groups(): ReadonlyArray<AffinityGroup> {
    return [...this.#groups.values()].map(({ affinity }) => ({
      affinity,
      pods: this.select(`group ${affinity.key}`, (pod) => pod.affinity.key === affinity.key)
    }))
  }

  /** What the labels of namespaces decided is to be decided anew. */
  forget(): void {
    this.#selections.clear()
    for (const entry of this.#entries.values()) entry.selections = undefined
    this.groupsVersion++
  }

  #entry(of: PodClass): Entry {
    let entry = this.#entries.get(of.key)
    if (entry === undefined) {
      entry = { class: of, places: new Map(), selections: undefined }
      this.#entries.set(of.key, entry)
    }
    return entry
  }

  #group(affinity: PodAffinity, difference: 1 | -1): void {
    const group = this.#groups.get(affinity.key)
    const pods = (group?.pods ?? 0) + difference
    if (pods === 0) this.#groups.delete(affinity.key)
    else if (group === undefined) this.#groups.set(affinity.key, { affinity, pods })
    else group.pods = pods
    if (pods === 0 || group === undefined) this.groupsVersion++
  }

  #forgetOld(): void {
    const oldest = [...this.#selections.values()].map(({ used }) => used).sort((a, b) => a - b)[MANY >> 1] ?? 0
    for (const [key, { used }] of this.#selections) if (used < oldest) this.#selections.delete(key)
    for (const entry of this.#entries.values()) entry.selections = undefined
    this.groupsVersion++
  }
}
