/** Faults that are objects: each is injected when it is made, says what came of it, and is healed when it is deleted. */
import { type Answer, decodeFault, type Intention, type KubernetesObject, toTime } from "@kubereel/core"
import { Result } from "effect"
import type { Change } from "../apiserver/Store.ts"
import type { Cluster } from "../Cluster.ts"

export const FAULT = "Fault"

type Node = Extract<Intention, { readonly _tag: "Node" }>

/** What undoes it; `undefined`: nothing of it can be undone. */
const healing = (intention: Intention): Intention | undefined => {
  if (intention._tag === "Watch") return { ...intention, lag: intention.lag ?? 0, for: 0 }
  if (intention._tag !== "Node") return undefined
  const { add, cordon, kubelet, name, network, power, pressure } = intention
  const undone: Partial<Node> = {
    ...(power === "off" || power === "shutdown" ? { power: "on" } : {}),
    ...(kubelet === "stop" ? { kubelet: "start" } : {}),
    ...(network === undefined || network === "heal" ? {} : { network: "heal" }),
    ...(pressure === undefined || pressure.length === 0 ? {} : { pressure: [] }),
    ...(cordon === true ? { cordon: false } : {}),
    ...(add === undefined ? {} : { remove: true })
  }
  return Object.keys(undone).length === 0 ? undefined : { ...nothing, ...undone, name }
}

const nothing: Node = {
  _tag: "Node",
  name: "",
  kubelet: undefined,
  cordon: undefined,
  power: undefined,
  network: undefined,
  pressure: undefined,
  staticPods: undefined
}

const messageOf = ({ body, status }: Answer): string =>
  typeof body["message"] === "string" ? body["message"] : `answered with ${status}`

export class LiveFaults {
  readonly #cluster: Cluster
  #heard: Array<readonly [Change, KubernetesObject]> = []
  /** By the object's uid. */
  readonly #injected = new Map<string, Intention>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  heard(change: Change, object: KubernetesObject): void {
    if (change !== "MODIFIED") this.#heard.push([change, object])
  }

  /** Carries out what was heard: nobody may be in the middle of anything. */
  settle(): void {
    for (const [change, object] of this.#heard.splice(0)) {
      if (change === "ADDED") this.#inject(object)
      else this.#heal(object.metadata.uid ?? "")
    }
  }

  #inject(object: KubernetesObject): void {
    const { name, uid = "" } = object.metadata
    const decoded = decodeFault(object["spec"])
    if (Result.isFailure(decoded))
      return this.#tell(name, "Refused", decoded.failure.map(({ body }) => body).join(", "))
    const answers = this.#cluster.submit(decoded.success) ?? []
    const refusal = answers.find(({ status }) => status >= 400)
    if (refusal !== undefined) return this.#tell(name, "Refused", messageOf(refusal))
    this.#injected.set(uid, decoded.success)
    const undone = decoded.success._tag === "Fault" || healing(decoded.success) !== undefined
    this.#tell(name, "Injected", undone ? "healed when it is deleted" : "what was done cannot be undone")
  }

  #heal(uid: string): void {
    const intention = this.#injected.get(uid)
    if (intention === undefined) return
    this.#injected.delete(uid)
    if (intention._tag === "Fault") return this.#cluster.parts.machines.get(intention.node)?.mend(intention)
    const undone = healing(intention)
    if (undone !== undefined) this.#cluster.submit(undone)
  }

  #tell(name: string, phase: string, message: string): void {
    const { api, engine } = this.#cluster.parts
    const status = { phase, message, injectedAt: toTime(engine.now) }
    api.patch({ kind: FAULT, namespace: "", name }, "status", { type: "merge", body: { status } }, "kubereel")
  }
}
