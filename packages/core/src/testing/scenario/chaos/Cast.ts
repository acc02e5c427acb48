/**
 * Who is there at which moment, as far as the steps before it tell: whom a step can be about.
 *
 * A step says whom it means with a small number, taken modulo those who are there: it stays about somebody when others are taken out,
 * and gets the first of them when it shrinks. Ends that no step brings about are not foreseen: a step that comes too late for somebody is
 * answered so by the API server, and the history shows it.
 */
import type { JsonObject } from "../../../event/Json.ts"
import type { PodShape } from "./podOf.ts"
import type { Workload } from "./workloadOf.ts"

/** A pod with a name of its own: bare, or of a StatefulSet. */
export interface Actor {
  readonly name: string
  readonly shape: PodShape
  /** How it was made; `undefined`: by its StatefulSet, which makes it anew. */
  readonly manifest: JsonObject | undefined
}

export interface BarePod extends Actor {
  readonly manifest: JsonObject
  /** Milliseconds. */
  from: number
  /** From then on nobody of that name is there. */
  until: number
  finalizer: boolean
  /** What its deadline may at most be set to. */
  deadline: number
}

export interface Group extends Workload {
  readonly name: string
  readonly from: number
  until: number
  scaledTo: number
}

const among = <A>(all: ReadonlyArray<A>, ref: number): A | undefined => all[ref % Math.max(1, all.length)]

/** Milliseconds after which a pod that was told to end is surely gone. */
const END = 2_000

export class Cast {
  readonly pods: ReadonlyArray<BarePod>
  readonly groups: ReadonlyArray<Group>
  readonly nodes: ReadonlyArray<string>

  constructor(pods: ReadonlyArray<BarePod>, groups: ReadonlyArray<Group>, nodes: ReadonlyArray<string>) {
    this.pods = pods
    this.groups = groups
    this.nodes = nodes
  }

  /** A bare pod that is there. */
  bare(at: number, ref: number): BarePod | undefined {
    return among(
      this.pods.filter(({ from, until }) => from <= at && at < until),
      ref
    )
  }

  /** A pod that can be named and is there. */
  actor(at: number, ref: number): Actor | undefined {
    const here: Array<Actor> = this.pods.filter(({ from, until }) => from <= at && at < until)
    for (const group of this.groups) {
      if (group.kind !== "StatefulSet" || at < group.from || at >= group.until) continue
      for (let i = 0; i < group.scaledTo; i++)
        here.push({ name: `${group.name}-${i}`, shape: group.shape, manifest: undefined })
    }
    return among(here, ref)
  }

  /** A workload that is there and of one of these kinds. */
  group(at: number, ref: number, kinds: ReadonlyArray<string>): Group | undefined {
    return among(
      this.groups.filter(({ from, kind, until }) => kinds.includes(kind) && from <= at && at < until),
      ref
    )
  }

  /** A bare pod whose name is free again. */
  gone(at: number, ref: number): BarePod | undefined {
    return among(
      this.pods.filter(({ until }) => until <= at),
      ref
    )
  }

  /** Whether a bare pod was on that node nobody knows: with several of them it may have been elsewhere. */
  emptied(node: string, at: number): void {
    if (!this.nodes.includes(node) || this.nodes.length > 2) return
    for (const pod of this.pods) if (pod.from <= at && !pod.finalizer) pod.until = Math.min(pod.until, at)
  }

  node(ref: number): string {
    return among(this.nodes, ref) ?? "n-1"
  }

  /** It was asked to end; whoever has a finalizer stays until that is taken. */
  ends(actor: Actor, at: number, grace: number): void {
    const pod = this.pods.find(({ name }) => name === actor.name)
    if (pod === undefined || pod.finalizer) return
    pod.until = Math.min(pod.until, at + grace * 1_000 + END)
  }
}
