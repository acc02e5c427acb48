/** As much of an API server as the scheduler asks for, and everything that was written to it, with its time. */
import {
  type Instant,
  type JsonObject,
  later,
  MILLISECOND,
  type NodeObject,
  type PodObject,
  SECOND,
  withPodCondition
} from "@kubereel/core"
import type { PodStatusPatch } from "../../src/apiserver/ApiServer.ts"
import { Engine } from "../../src/engine/Engine.ts"
import type { NewEvent, Series } from "../../src/scheduler/EventBroadcaster.ts"
import { Scheduler } from "../../src/scheduler/Scheduler.ts"
import type { Change, SchedulerOptions } from "../../src/scheduler/SchedulerOptions.ts"

export const START = 1_767_225_600_000_000 as Instant

export const LATENCY = { watch: 1, cycle: 1, bind: 4, patch: 5, event: 3 } as const

export interface Written {
  /** Milliseconds since the start. */
  readonly at: number
  readonly what: string
}

export class TestCluster {
  readonly engine = new Engine(START)
  readonly log: Array<Written> = []
  readonly events = new Map<string, JsonObject>()
  readonly #pods = new Map<string, PodObject>()
  readonly #scheduler: Scheduler
  #version = 100
  /** What the next bindings are answered with, instead of being done. */
  readonly refusals: Array<string> = []

  constructor(options: Partial<SchedulerOptions> = {}) {
    this.#scheduler = new Scheduler({
      engine: this.engine,
      seed: 0,
      api: {
        bind: (pod, node) => this.#bind(pod, node),
        patchStatus: (pod, patch) => this.#patch(pod, patch),
        update: () => "there are none",
        deletePod: (pod) => this.#delete(pod)
      },
      events: { create: (event) => this.#create(event), patch: (_, name, series) => this.#series(name, series) },
      latency: (name) => LATENCY[name] * MILLISECOND,
      host: "vm",
      ...options
    })
  }

  /** Runs for so many seconds. */
  run(seconds: number): this {
    this.engine.runUntil(later(this.engine.now, seconds * SECOND))
    return this
  }

  node(name: string, parts: { cpu?: string; labels?: Record<string, string>; spec?: JsonObject } = {}): this {
    const known = this.#nodes.has(name)
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { ...parts.labels } },
      spec: { ...parts.spec },
      status: { allocatable: { cpu: parts.cpu ?? "2", memory: "4Gi", pods: "110" } }
    } as unknown as NodeObject
    this.#nodes.add(name)
    this.#scheduler.hearNode(known ? "MODIFIED" : "ADDED", node)
    return this
  }
  readonly #nodes = new Set<string>()

  pod(name: string, cpu = "0", spec: JsonObject = {}): this {
    const containers = [{ name: "main", image: "i", resources: { requests: cpu === "0" ? {} : { cpu } } }]
    return this.#store("ADDED", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "ns", uid: `uid-${name}`, generation: 1 },
      spec: { schedulerName: "default-scheduler", containers, ...spec },
      status: { phase: "Pending" }
    })
  }

  /** Writes another version of a pod. */
  change(name: string, change: (pod: PodObject) => PodObject): this {
    return this.#store("MODIFIED", change(this.get(name)))
  }

  remove(name: string): this {
    const pod = this.get(name)
    this.#pods.delete(name)
    this.#scheduler.hearPod("DELETED", pod)
    return this
  }

  get(name: string): PodObject {
    const pod = this.#pods.get(name)
    if (pod === undefined) throw new Error(`no pod ${name}`)
    return pod
  }

  /** What was written, without its time. */
  get what(): ReadonlyArray<string> {
    return this.log.map(({ what }) => what)
  }

  #store(change: Change, pod: PodObject): this {
    const stored = { ...pod, metadata: { ...pod.metadata, resourceVersion: String(++this.#version) } }
    this.#pods.set(pod.metadata.name, stored)
    this.#scheduler.hearPod(change, stored)
    return this
  }

  #write(what: string): void {
    this.log.push({ at: (this.engine.now - START) / MILLISECOND, what })
  }

  #bind(pod: PodObject, node: string): string | undefined {
    const { name } = pod.metadata
    const refusal = this.#pods.has(name) ? this.refusals.shift() : `pods "${name}" not found`
    if (refusal !== undefined) return refusal
    this.#write(`bind ${name} ${node}`)
    this.change(name, (current) => ({ ...current, spec: { ...current.spec, nodeName: node } }))
    return undefined
  }

  #patch(pod: PodObject, { condition, nominatedNodeName }: PodStatusPatch): boolean {
    const { name } = pod.metadata
    if (!this.#pods.has(name)) return false
    if (condition !== undefined) this.#write(`condition ${name} ${condition.type} ${condition.reason}`)
    if (nominatedNodeName !== undefined) this.#write(`nominate ${name} ${nominatedNodeName || "nowhere"}`)
    this.change(name, (current) => ({
      ...current,
      status: {
        ...current.status,
        ...(condition === undefined ? {} : { conditions: withPodCondition(current, condition) }),
        ...(nominatedNodeName === undefined ? {} : { nominatedNodeName })
      }
    }))
    return true
  }

  /** The pod is told to end: a test says when it does. */
  #delete({ metadata: { name } }: PodObject): boolean {
    if (!this.#pods.has(name)) return false
    this.#write(`delete ${name}`)
    this.change(name, (pod) => ({
      ...pod,
      metadata: {
        ...pod.metadata,
        generation: (pod.metadata.generation ?? 0) + 1,
        deletionTimestamp: "2026-01-01T00:00:30Z"
      }
    }))
    return true
  }

  #create(event: NewEvent): void {
    this.events.set(event.metadata.name, event)
    this.#write(`event ${event["reason"]} ${event["message"]}`)
  }

  #series(name: string, series: Series): boolean {
    const event = this.events.get(name)
    if (event === undefined) return false
    this.events.set(name, { ...event, series })
    this.#write(`series ${event["reason"]} ${series.count}`)
    return true
  }
}
