/** Attaches volumes to the nodes that need them, and detaches them from those that do not (`pkg/controller/volume/attachdetach`). */
import {
  type Attachable,
  attachableOf,
  claimNameOf,
  type Instant,
  isNode,
  isPod,
  isPodTerminated,
  type JsonObject,
  type KubernetesObject,
  later,
  MILLISECOND,
  multiAttachError,
  type NodeObject,
  type PodObject,
  readyStatus,
  SECOND,
  volumeNameOf
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import { type Course, carryOut } from "../../client/Course.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { indexPodsByClaim, keyOf, podsOfClaim } from "../keys.ts"
import { PeriodicPasses } from "../PeriodicPasses.ts"
import { AttachedWorld, type NodeVolume, type WantedVolume } from "./AttachedWorld.ts"
import { attach, detach } from "./csiAttacher.ts"
import { VolumeOperations } from "./VolumeOperations.ts"

/** ReconcilerLoopPeriod and ReconcilerMaxWaitForUnmountDuration. */
const LOOP = 100 * MILLISECOND
const MAX_WAIT_FOR_UNMOUNT = 360 * SECOND
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"

const isReady = (node: NodeObject | undefined): boolean => node !== undefined && readyStatus(node) === "True"

const inUseOf = (node: NodeObject): ReadonlySet<string> =>
  new Set((node.status["volumesInUse"] ?? []) as ReadonlyArray<string>)

class AttachDetachController {
  readonly #tools: ControllerTools
  readonly #world = new AttachedWorld()
  readonly #operations = new VolumeOperations()
  readonly #passes: PeriodicPasses
  /** Something has changed since the last pass. */
  #dirty = false

  constructor(tools: ControllerTools) {
    const { engine, entity, informers, random } = tools
    this.#tools = tools
    this.#passes = new PeriodicPasses({
      engine,
      entity,
      period: LOOP,
      phase: random.int(LOOP),
      pass: () => this.#reconcile(),
      due: () => this.#due()
    })
    indexPodsByClaim(informers)
    for (const kind of ["PersistentVolume", "VolumeAttachment", "CSIDriver"]) informers.on(kind, {})
    informers.on("Pod", {
      added: (pod) => isPod(pod) && this.#podChanged(pod),
      updated: (pod) => isPod(pod) && this.#podChanged(pod),
      deleted: (pod) => isPod(pod) && this.#release(pod)
    })
    informers.on("Node", {
      added: (node) => isNode(node) && this.#nodeChanged(node),
      updated: (node) => isNode(node) && this.#nodeChanged(node),
      deleted: (node) => isNode(node) && this.#nodeChanged(node)
    })
    informers.on("PersistentVolumeClaim", {
      added: (claim) => this.#claimChanged(claim),
      updated: (claim) => this.#claimChanged(claim)
    })
  }

  #changed(): void {
    this.#dirty = true
    this.#passes.plan()
  }

  #podChanged(pod: PodObject): void {
    if ((pod.spec.nodeName ?? "") === "") return
    if (isPodTerminated(pod)) this.#release(pod)
    else this.#want(pod)
  }

  #release(pod: PodObject): void {
    if (this.#world.release(pod)) this.#changed()
  }

  #nodeChanged(node: NodeObject): void {
    if (this.#world.actual.size + this.#world.wanted.size === 0) return
    this.#world.setInUse(node.metadata.name, inUseOf(node))
    this.#changed()
  }

  #claimChanged(claim: KubernetesObject): void {
    if (volumeNameOf(claim) === "") return
    for (const pod of podsOfClaim(this.#tools.informers, keyOf(claim))) if (!isPodTerminated(pod)) this.#podChanged(pod)
  }

  /** The volume of a claim, if the claim really has it. */
  #persistentOf(pod: PodObject, claimName: string): KubernetesObject | undefined {
    const { informers } = this.#tools
    const claim = informers.get("PersistentVolumeClaim", pod.metadata.namespace, claimName)
    const volume = claim && informers.get("PersistentVolume", undefined, volumeNameOf(claim))
    const ref = ((volume?.["spec"] ?? {}) as JsonObject)["claimRef"] as JsonObject | undefined
    return ref?.["uid"] === claim?.metadata.uid ? volume : undefined
  }

  #attachable(pod: PodObject, volume: JsonObject): Attachable | undefined {
    const claim = claimNameOf(pod.metadata.name, volume)
    const persistent = claim === undefined ? undefined : this.#persistentOf(pod, claim)
    if (claim !== undefined && persistent === undefined) return undefined
    return attachableOf(volume, persistent, (driver) => this.#tools.informers.get("CSIDriver", undefined, driver))
  }

  /** ProcessPodVolumes. */
  #want(pod: PodObject): void {
    for (const volume of pod.spec.volumes ?? []) {
      // Every pod has one, and nobody attaches it.
      if (volume["projected"] !== undefined) continue
      const found = this.#attachable(pod, volume)
      if (found === undefined) continue
      this.#world.want(pod, found)
      this.#changed()
    }
  }

  #nodeOf(name: string): NodeObject | undefined {
    const node = this.#tools.informers.get("Node", undefined, name)
    return node !== undefined && isNode(node) ? node : undefined
  }

  /** A pass has something to do when something changed, when a failure is long enough ago, or when an unmount was waited for too long. */
  #due(): Instant | undefined {
    const { now } = this.#tools.engine
    if (this.#dirty) return later(now, 1)
    const moments = [
      ...[...this.#world.wanted.values()].flatMap(({ node, volume }) =>
        this.#world.get(volume, node)?.certain === true ? [] : (this.#operations.readyAt(volume, node) ?? [])
      ),
      ...[...this.#world.actual.values()].flatMap((one) =>
        this.#world.isWanted(one)
          ? []
          : [
              ...(one.mounted && one.unwantedSince !== undefined
                ? [later(one.unwantedSince, MAX_WAIT_FOR_UNMOUNT + 1)]
                : []),
              ...(one.mounted ? [] : [this.#operations.readyAt(one.volume, one.node) ?? []].flat())
            ]
      )
    ].filter((at) => at > now)
    return moments.length === 0 ? undefined : (Math.min(...moments) as Instant)
  }

  /** Detaches come first, so that what goes elsewhere is free there. */
  *#reconcile(): Course {
    this.#dirty = false
    for (const one of [...this.#world.actual.values()]) if (!this.#world.isWanted(one)) yield* this.#detachIfSafe(one)
    for (const wanted of [...this.#world.wanted.values()]) this.#attachIfFree(wanted)
    for (const node of [...this.#world.untold]) yield* this.#tellNode(node)
  }

  *#detachIfSafe(one: NodeVolume): Course {
    const { engine, entity } = this.#tools
    const { node, volume } = one
    const ready = this.#operations.readyAt(volume, node)
    if (ready === undefined || ready > engine.now || this.#world.get(volume, node) !== one) return
    one.unwantedSince ??= engine.now
    const isOver = engine.now - one.unwantedSince > MAX_WAIT_FOR_UNMOUNT
    const found = this.#nodeOf(node)
    const outOfService = found?.spec.taints?.some(({ key }) => key === OUT_OF_SERVICE) === true
    if (one.mounted && !(isOver && !isReady(found)) && !outOfService) return
    // The node is told first that it is safe to mount no longer.
    one.reported = false
    this.#world.untold.add(node)
    if (!(yield* this.#tellNode(node))) {
      one.reported = true
      return
    }
    this.#operations.begin(volume, node)
    carryOut(engine, entity, this.#detach(one, !isOver && !outOfService), (failure) => {
      if (failure === undefined) this.#world.detached(one)
      else this.#world.mark(volume, node, false)
      this.#operations.end(volume, node, failure === undefined ? undefined : engine.now)
      this.#changed()
    })
  }

  /** What the node says itself is asked for once more (verifyVolumeIsSafeToDetach). */
  *#detach({ node, volume }: NodeVolume, verify: boolean): Course<string | undefined> {
    if (verify) {
      const found = yield* this.#tools.client.get({ kind: "Node", namespace: "", name: node })
      if (found !== undefined && isNode(found) && inUseOf(found).has(volume.uniqueName))
        return "volume is still in use by node, according to Node status"
    }
    return yield* detach(this.#tools, volume, node)
  }

  #attachIfFree(wanted: WantedVolume): void {
    const { engine, entity } = this.#tools
    const { node, volume } = wanted
    const ready = this.#operations.readyAt(volume, node)
    if (ready === undefined) return
    const known = this.#world.get(volume, node)
    if (known?.certain === true) {
      known.unwantedSince = undefined
      return
    }
    const others = volume.multiAttach ? [] : this.#world.others(volume, node)
    if (others.length > 0) return this.#tellMultiAttach(wanted, others)
    if (ready > engine.now) return
    this.#operations.begin(volume, node)
    carryOut(engine, entity, attach(this.#tools, volume, node), (failure) => {
      this.#world.mark(volume, node, failure === undefined)
      this.#tell([...wanted.pods.values()], volume, failure)
      this.#operations.end(volume, node, failure === undefined ? undefined : engine.now)
      this.#changed()
    })
  }

  #tell(pods: ReadonlyArray<PodObject>, { name }: Attachable, failure: string | undefined): void {
    const of = `for volume ${JSON.stringify(name)} `
    for (const pod of pods) {
      const event =
        failure === undefined
          ? eventAbout(pod, "Normal", "SuccessfulAttachVolume", `AttachVolume.Attach succeeded ${of}`)
          : eventAbout(pod, "Warning", "FailedAttachVolume", `AttachVolume.Attach failed ${of}: ${failure}`)
      this.#tools.events.record(event)
    }
  }

  /** Once for each volume that a node wants. */
  #tellMultiAttach(wanted: WantedVolume, nodes: ReadonlyArray<string>): void {
    if (wanted.multiAttachReported) return
    wanted.multiAttachReported = true
    const users = this.#world.podsOn(wanted.volume, nodes)
    for (const pod of wanted.pods.values()) {
      const message = multiAttachError(wanted.volume.name, pod, users)
      this.#tools.events.record(eventAbout(pod, "Warning", "FailedAttachVolume", message))
    }
  }

  /** `false`: it could not be told, and will be at the next pass. A node that is gone is told nothing. */
  *#tellNode(node: string): Course<boolean> {
    if (this.#nodeOf(node) === undefined) return this.#world.untold.delete(node) || true
    this.#world.untold.delete(node)
    const volumesAttached = this.#world.reportOf(node)
    const body = { status: { volumesAttached: volumesAttached.length === 0 ? null : volumesAttached } }
    const patch = { type: "merge", body } as const
    const refusal = refusalOf(
      yield* this.#tools.client.patch({ kind: "Node", namespace: "", name: node }, patch, "status")
    )
    if (refusal !== undefined && refusal.code !== 404) {
      this.#world.untold.add(node)
      this.#dirty = true
      return false
    }
    return true
  }
}

export const startAttachDetachController = (context: ControllerContext): void => {
  new AttachDetachController(controllerTools(context, "attachdetach", "attachdetach-controller"))
}
