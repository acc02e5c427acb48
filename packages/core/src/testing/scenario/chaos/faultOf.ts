/** Faults: each is an interval, whose beginning and end belong together; at its end it is undone. */
import type { JsonObject } from "../../../event/Json.ts"
import type { ControllerName } from "../../../port/watchSchema.ts"
import type { Verb } from "./actionOf.ts"
import { text } from "./boundaries.ts"
import type { Draw } from "./genes.ts"
import type { FaultKind } from "./Swarm.ts"

export interface TimedVerb {
  /** Milliseconds. */
  readonly at: number
  readonly verb: Verb
}

export interface Interval {
  readonly from: number
  readonly to: number
}

export interface Terrain {
  readonly nodes: ReadonlyArray<string>
  /** A name that no other machine has. */
  readonly spare: string
  readonly zoneOf: (node: string) => string
  /** What a new machine of that name is like. */
  readonly machine: JsonObject
  /** What a node is told to run by itself. */
  readonly staticPod: JsonObject
}

type Of = (draw: Draw, when: Interval, terrain: Terrain) => (node: string) => ReadonlyArray<TimedVerb>

const node = (at: number, name: string, does: JsonObject): TimedVerb => ({ at, verb: { node: { name, ...does } } })

/** One order at the beginning, another one at the end. */
const pair =
  (begins: JsonObject, ends: JsonObject): Of =>
  (_draw, { from, to }) =>
  (name) => [node(from, name, begins), node(to, name, ends)]

const taints = (at: number, name: string, of: JsonObject | undefined): TimedVerb => ({
  at,
  verb: { patch: { kind: "Node", name, type: "merge", patch: { spec: { taints: of === undefined ? null : [of] } } } }
})

const tainted =
  (taint: JsonObject): Of =>
  (_draw, { from, to }) =>
  (name) => [taints(from, name, taint), taints(to, name, undefined)]

const failing =
  (call: string, message?: string): Of =>
  (_draw, { from, to }) =>
  (name) => [
    {
      at: from,
      verb: { fault: { node: name, call, ...(message === undefined ? {} : { message }), for: text(to - from) } }
    }
  ]

const watch =
  (of: (draw: Draw) => JsonObject, late: boolean): Of =>
  (draw, { from, to }) =>
  () => [
    {
      at: from,
      verb: { watch: { ...of(draw), ...(late ? { lag: draw.of(["1s", "5s", "20s"]) } : {}), for: text(to - from) } }
    }
  ]

/** Those who make, move and remove pods. Not all that there are: what a seed stands for must not change with the next one. */
const controllers: ReadonlyArray<ControllerName> = [
  ...(["replicaset-controller", "statefulset-controller", "job-controller", "daemonset-controller"] as const),
  ...([
    "deployment-controller",
    "cronjob-controller",
    "node-lifecycle-controller",
    "taint-eviction-controller"
  ] as const),
  ...(["pod-garbage-collector-controller", "garbage-collector-controller", "endpointslice-controller"] as const)
]
const controller = (draw: Draw): JsonObject => ({
  of: draw.of(controllers),
  ...(draw.rarely(2) ? { kinds: ["Pod"] } : {})
})

const ofKubelet =
  (late: boolean): Of =>
  (draw, when, terrain) =>
  (name) =>
    watch(() => ({ of: "kubelet", node: name }), late)(draw, when, terrain)(name)

/** All nodes of a zone at once. */
const zoneCut: Of =
  (_draw, { from, to }, { nodes, zoneOf }) =>
  (name) =>
    nodes
      .filter((one) => zoneOf(one) === zoneOf(name))
      .flatMap((one) => [node(from, one, { network: "cut" }), node(to, one, { network: "heal" })])

/** One after the other is cut off, and they come back in another order. */
const swizzle: Of =
  (draw, { from, to }, { nodes }) =>
  () => {
    const half = (to - from) / 2
    const step = Math.floor(half / nodes.length)
    const shift = draw.below(nodes.length)
    return nodes.flatMap((one, i) => [
      node(from + i * step, one, { network: "cut" }),
      node(to - ((i + shift) % nodes.length) * step, one, { network: "heal" })
    ])
  }

const outOfService: Of =
  (_draw, { from, to }) =>
  (name) => [
    node(from, name, { power: "off" }),
    taints(Math.floor((from + to) / 2), name, { key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }),
    node(to, name, { power: "on" }),
    taints(to, name, undefined)
  ]

const LONGEST_BOOT = 20_000

const reboot: Of =
  (_draw, { from, to }) =>
  (name) => [node(from, name, { power: "off" }), node(Math.min(to, from + LONGEST_BOOT), name, { power: "on" })]

const of: { readonly [kind in FaultKind]: Of } = {
  kubeletRestart:
    (_draw, { from }) =>
    (name) => [node(from, name, { kubelet: "restart" })],
  kubeletStop: pair({ kubelet: "stop" }, { kubelet: "start" }),
  reboot,
  shutdown: pair({ power: "shutdown" }, { power: "on" }),
  powerOff: pair({ power: "off" }, { power: "on" }),
  cut: pair({ network: "cut" }, { network: "heal" }),
  cutOut: pair({ network: "cut-out" }, { network: "heal" }),
  cutIn: pair({ network: "cut-in" }, { network: "heal" }),
  zoneCut,
  swizzle,
  memoryPressure: pair({ pressure: "memory" }, { pressure: false }),
  diskPressure: pair({ pressure: "disk" }, { pressure: false }),
  pidPressure: pair({ pressure: "pids" }, { pressure: false }),
  cordon: pair({ cordon: true }, { cordon: false }),
  taintNoSchedule: tainted({ key: "example.com/chaos", effect: "NoSchedule" }),
  taintNoExecute: tainted({ key: "example.com/chaos", effect: "NoExecute" }),
  outOfService,
  noSandbox: failing("RunPodSandbox", "no sandbox today"),
  noContainer: failing("CreateContainer", "no container today"),
  noNetwork: failing("NetworkReady"),
  silentRuntime: failing("Status"),
  staticPod:
    (_draw, { from, to }, { staticPod }) =>
    (name) => [node(from, name, { staticPods: [staticPod] }), node(to, name, { staticPods: [] })],
  newNode:
    (_draw, { from, to }, { machine, spare }) =>
    () => [node(from, spare, { add: machine }), node(to, spare, { remove: true })],
  nodeLost:
    (_draw, { from, to }, { machine }) =>
    (name) => [node(from, name, { remove: true }), node(to, name, { add: machine })],
  // A kubelet registers its Node only when it starts.
  nodeDeleted:
    (_draw, { from, to }) =>
    (name) => [{ at: from, verb: { delete: { kind: "Node", name } } }, node(to, name, { kubelet: "restart" })],
  deafKubelet: ofKubelet(false),
  lateKubelet: ofKubelet(true),
  lateScheduler: watch(() => ({ of: "kube-scheduler" }), true),
  lateControllers: watch(() => ({ of: "kube-controller-manager" }), true),
  lateController: watch(controller, true),
  deafController: watch(controller, false)
}

/** Those after which bare pods of the node are gone. */
export const emptying: ReadonlySet<FaultKind> = new Set(["nodeLost", "nodeDeleted", "outOfService", "taintNoExecute"])

/** Its steps, the last of which ends it, unless it ends by itself. */
export const faultOf = (
  kind: FaultKind,
  name: string,
  { draw, terrain, when }: { readonly draw: Draw; readonly when: Interval; readonly terrain: Terrain }
): ReadonlyArray<TimedVerb> => of[kind](draw, when, terrain)(name)
