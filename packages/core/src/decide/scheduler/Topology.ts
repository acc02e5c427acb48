/** Nodes by the value of one of their labels, and how many pods of a kind are in each such domain. */
import type { NodeInfo } from "./NodeInfo.ts"

/** A node as the scheduler's cache keeps it. */
export interface CachedNode extends NodeInfo {
  /** Its place in tables of numbers; free again when the node is gone. */
  readonly slot: number
  /** Another number whenever anything of the node or its pods changes. */
  readonly generation: number
}

/** Room for at least so many numbers. */
export const grown = (numbers: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> => {
  if (size <= numbers.length) return numbers
  const larger = new Int32Array(Math.max(size, 2 * numbers.length, 16))
  larger.set(numbers)
  return larger
}

export const NOWHERE = -1

/** All nodes, and a number that changes when one comes, goes or gets other labels or taints. */
export interface Nodes {
  readonly all: Iterable<CachedNode>
  readonly slots: number
  readonly version: number
}

/** Which domain each node is in, by its label `key`. */
export class Topology {
  readonly #key: string
  readonly #nodes: Nodes
  #version = Number.NaN
  #domains = new Map<string, number>()
  /** By slot; `NOWHERE` for a node without the label. */
  domainOf: Int32Array<ArrayBuffer> = new Int32Array(0)

  constructor(key: string, nodes: Nodes) {
    this.#key = key
    this.#nodes = nodes
  }

  get size(): number {
    return this.#domains.size
  }

  /** The nodes as they are now. */
  refresh(): this {
    const { all, slots, version } = this.#nodes
    if (version === this.#version) return this
    this.#version = version
    this.#domains = new Map()
    this.domainOf = new Int32Array(slots).fill(NOWHERE)
    for (const { node, slot } of all) {
      const labels = node.metadata.labels ?? {}
      const value = Object.hasOwn(labels, this.#key) ? labels[this.#key] : undefined
      if (value === undefined) continue
      const domain = this.#domains.get(value) ?? this.#domains.size
      this.#domains.set(value, domain)
      this.domainOf[slot] = domain
    }
    return this
  }
}

/** The nodes that count: pods of others are not seen. */
export interface NodeMask {
  readonly key: string
  readonly includes: (node: CachedNode) => boolean
}

export const EVERY_NODE: NodeMask = { key: "", includes: () => true }

/** The two smallest numbers of pods in a domain; several domains may have the smallest. */
export interface Least {
  readonly least: number
  /** How many domains have no more than that. */
  readonly domains: number
  readonly next: number
}

/** How many of the pods that `perNode` counts are in each domain of a topology. */
export class DomainCounts {
  readonly topology: Topology
  readonly #mask: NodeMask
  readonly #nodes: Nodes
  #version = Number.NaN
  #included: Int32Array<ArrayBuffer> = new Int32Array(0)
  #counts: Int32Array<ArrayBuffer> = new Int32Array(0)
  #present: Int32Array<ArrayBuffer> = new Int32Array(0)
  #total = 0

  constructor(topology: Topology, mask: NodeMask, nodes: Nodes) {
    this.topology = topology
    this.#mask = mask
    this.#nodes = nodes
  }

  /** How many domains have a node that counts. */
  get domains(): number {
    let domains = 0
    for (let domain = 0; domain < this.topology.size; domain++) if ((this.#present[domain] ?? 0) > 0) domains++
    return domains
  }

  /** All pods in any domain. */
  get total(): number {
    return this.#total
  }

  /** By domain. */
  get counts(): Int32Array<ArrayBuffer> {
    return this.#counts
  }

  includes(slot: number): boolean {
    return this.#included[slot] === 1
  }

  refresh(perNode: Int32Array<ArrayBuffer>): this {
    const { all, slots, version } = this.#nodes
    if (version === this.#version) return this
    this.#version = version
    const { domainOf, size } = this.topology.refresh()
    this.#included = new Int32Array(slots)
    this.#counts = new Int32Array(size)
    this.#present = new Int32Array(size)
    this.#total = 0
    for (const node of all) {
      const domain = domainOf[node.slot] ?? NOWHERE
      if (domain === NOWHERE || !this.#mask.includes(node)) continue
      this.#included[node.slot] = 1
      this.#present[domain] = (this.#present[domain] ?? 0) + 1
      this.#add(domain, perNode[node.slot] ?? 0)
    }
    return this
  }

  /** A pod more or less on a node; of no account while the nodes have changed since the last look. */
  add(slot: number, difference: number): void {
    if (this.#version !== this.#nodes.version || this.#included[slot] !== 1) return
    this.#add(this.topology.domainOf[slot] ?? NOWHERE, difference)
  }

  /** Of the node's domain; 0 if it is in none. */
  at(slot: number): number {
    const domain = this.topology.domainOf[slot] ?? NOWHERE
    return domain === NOWHERE ? 0 : (this.#counts[domain] ?? 0)
  }

  get least(): Least {
    let [least, domains, next] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY]
    for (let domain = 0; domain < this.topology.size; domain++) {
      if (this.#present[domain] === 0) continue
      const count = this.#counts[domain] ?? 0
      if (count < least) [least, domains, next] = [count, 1, least]
      else if (count === least) domains++
      else if (count < next) next = count
    }
    return { least, domains, next }
  }

  #add(domain: number, difference: number): void {
    this.#counts[domain] = (this.#counts[domain] ?? 0) + difference
    this.#total += difference
  }
}
