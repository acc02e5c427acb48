/**
 * A kubelet's reports of its node (`pkg/kubelet/kubelet_node_status.go`, syncNodeStatus; K-340, K-341, K-346): computed every ten
 * seconds, written when something changed, and every five minutes when nothing did. Only those ticks are carried out at which
 * there could be something to write; the others are known by their times alone.
 */
import {
  aggregateErrors,
  type Instant,
  isJsonObject,
  type JsonObject,
  later,
  MILLISECOND,
  type Micros,
  type NodeObject,
  nodeConditions,
  nodeStatusHasChanged,
  SECOND
} from "@kubereel/core"
import { Alarm } from "../engine/Alarm.ts"
import type { RandomStream } from "../engine/Random.ts"
import { quantile } from "../profile/quantiles.ts"
import type { KubeletApi } from "./KubeletApi.ts"
import type { KubeletNode } from "./KubeletNode.ts"
import { recordNodeEvent } from "./nodeEvents.ts"

/** `nodeStatusUpdateFrequency`, and by how much more it may be by chance. */
const UPDATE = 10 * SECOND
const JITTER = 400 * MILLISECOND

/** `nodeStatusReportFrequency`. */
const REPORT = 300 * SECOND

const CGROUP_V1 =
  "cgroup v1 detected. cgroup v1 support is deprecated and will be removed in a future release. Please migrate to cgroup v2. More information at https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1"

export interface NodeStatusOptions {
  readonly node: KubeletNode
  readonly entity: string
  readonly random: RandomStream
  readonly api: Pick<KubeletApi, "register" | "updateNodeStatus">
  readonly name: string
  /** Another one after each boot. */
  readonly bootID: string
  /** Can the API server be reached? */
  readonly reachable: () => boolean
  readonly getNode: () => NodeObject | undefined
  readonly pressure: () => ReadonlyArray<string>
}

export class NodeStatus {
  readonly #o: NodeStatusOptions
  readonly #alarm: Alarm
  /** The next ticks, as far as anybody asked. */
  #ticks: Array<Instant>
  #look = false
  #reported: Instant
  #delay: Micros
  #registered: boolean
  #unschedulable = false
  #rebooted = false
  #written: JsonObject | undefined

  /** `up`: it is long up, its node is registered and reported. */
  constructor(options: NodeStatusOptions, up: boolean) {
    const { entity, node, random } = options
    this.#o = options
    this.#alarm = new Alarm(node.engine, entity, () => this.#sync())
    this.#ticks = [later(node.engine.now, random.int(UPDATE))]
    this.#reported = node.engine.now
    this.#delay = this.#randomDelay()
    this.#registered = up
    if (up) this.#plan()
    else this.#start()
  }

  /** Somebody wrote the Node: the next tick looks at it. */
  hear(node: NodeObject): void {
    if (node.status !== this.#written || (node.spec.unschedulable === true) !== this.#unschedulable) this.changed()
  }

  /** Something has changed that the next tick will report. */
  changed(): void {
    if (!this.#registered) return
    this.#look = true
    this.#plan()
  }

  /** Looks now, beside its ticks (syncNodeStatus, called by others). */
  syncNow(): void {
    if (this.#registered) this.#sync()
  }

  /** Why the kubelet cannot do its work. */
  get #notReady(): string | undefined {
    const { runtimeState, shutdown } = this.#o.node
    return aggregateErrors([...runtimeState.causes, shutdown.status])
  }

  /** A new process says that it is there, and registers its node anew: as if that had no conditions yet (initialNode). */
  #start(): void {
    const { entity, node, pressure, random } = this.#o
    this.#event("Normal", "Starting", "Starting kubelet.")
    if (node.profile.cgroup === "v1") this.#event("Warning", "CgroupV1", CGROUP_V1)
    this.#event("Warning", "InvalidDiskCapacity", "invalid capacity 0 on image filesystem")
    this.#event("Normal", "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods")
    node.engine.after(entity, quantile(node.profile.nodeRegister, random.next()), () => {
      for (const reason of nodeConditions([], pressure(), node.engine.now, this.#notReady).events)
        this.#statusEvent(reason)
      this.#ticks = [node.engine.now]
      this.#reported = later(node.engine.now, -2 * REPORT)
      this.#sync()
      this.#registered = this.#o.reachable()
    })
  }

  #sync(): void {
    const reachable = this.#o.reachable()
    const object = reachable ? this.#o.getNode() : undefined
    const registers = reachable && object === undefined && !this.#registered
    // What could not be written is tried again at the next tick.
    this.#look = object === undefined && !registers
    if (object !== undefined) {
      this.#report(object)
      this.#registered = true
    }
    if (registers) this.#join()
    // While nobody can be reached its ticks show nothing.
    if (reachable) this.#plan()
    else this.#alarm.set(undefined)
  }

  /** The API server can be reached again: the next tick writes what there is to say. */
  connected(): void {
    if (this.#look) this.#plan()
  }

  /** A new node says of itself all that there is to say (registerWithAPIServer). */
  #join(): void {
    const { api, bootID, node } = this.#o
    this.#registered = true
    this.#reported = node.engine.now
    this.#delay = this.#randomDelay()
    api.register(bootID, (registered) => {
      if (registered !== undefined) {
        this.#written = registered["status"] as JsonObject
        return
      }
      // It tries again until there is one.
      this.#registered = false
      this.#look = true
      this.#plan()
    })
  }

  #report(object: NodeObject): void {
    const { api, bootID, name, node, pressure } = this.#o
    const { now } = node.engine
    const before: JsonObject = object.status
    const info = isJsonObject(before["nodeInfo"]) ? before["nodeInfo"] : {}
    if (info["bootID"] !== bootID && !this.#rebooted) {
      this.#rebooted = true
      this.#event("Warning", "Rebooted", `Node ${name} has been rebooted, boot id: ${bootID}`)
    }
    const old = Array.isArray(before["conditions"]) ? before["conditions"].filter(isJsonObject) : []
    const { conditions, events } = nodeConditions(old, pressure(), now, this.#notReady)
    for (const reason of events) this.#statusEvent(reason)
    const unschedulable = object.spec.unschedulable === true
    if (unschedulable !== this.#unschedulable)
      this.#statusEvent(unschedulable ? "NodeNotSchedulable" : "NodeSchedulable")
    this.#unschedulable = unschedulable
    const { attached } = node.volumes
    const volumesInUse = attached.inUse
    const { volumesInUse: _, ...rest } = before
    const status: JsonObject = {
      ...rest,
      conditions,
      nodeInfo: { ...info, bootID },
      ...(volumesInUse.length === 0 ? {} : { volumesInUse })
    }
    const changed = nodeStatusHasChanged(before, status)
    if (!changed && now < this.#due) return attached.reported(volumesInUse)
    this.#delay = changed || !this.#registered ? this.#randomDelay() : 0
    this.#reported = now
    this.#written = status
    api.updateNodeStatus(object, status, (stored) => {
      if (stored) return attached.reported(volumesInUse)
      this.#reported = later(now, -2 * REPORT)
      return this.changed()
    })
  }

  /** When an unchanged status is written again. */
  get #due(): Instant {
    return later(this.#reported, REPORT + this.#delay)
  }

  #plan(): void {
    const { now } = this.#o.node.engine
    this.#alarm.set(this.#tickFrom(this.#look ? later(now, 1) : (Math.max(this.#due, now + 1) as Instant)))
  }

  /** The first tick not before a moment. */
  #tickFrom(at: Instant): Instant {
    const { node, random } = this.#o
    const ticks = this.#ticks.filter((tick, index) => tick > node.engine.now || index === this.#ticks.length - 1)
    for (let last = ticks.at(-1) ?? at; last < at; ticks.push(last)) last = later(last, UPDATE + random.int(JITTER))
    this.#ticks = ticks
    return ticks.find((tick) => tick >= at) ?? at
  }

  /** Between minus and plus half the period (calculateDelay). */
  #randomDelay(): Micros {
    return Math.floor(REPORT * (this.#o.random.next() - 0.5))
  }

  #statusEvent(reason: string): void {
    this.#event("Normal", reason, `Node ${this.#o.name} status is now: ${reason}`)
  }

  #event(type: "Normal" | "Warning", reason: string, message: string): void {
    recordNodeEvent(this.#o.node, this.#o.name, { type, reason, message })
  }
}
