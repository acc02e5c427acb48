/**
 * Lets a node hear of a pod once all that is known which the pod names. The watches of different kinds are not in order with each other,
 * and a kubelet asks for what a new pod names before it begins with it (`pkg/kubelet/util/manager/watch_based_manager.go`).
 */
import type { Change } from "@kubereel/backend-sim"
import { claimNameOf, type KubernetesObject, objectReferences, type PodObject, parsePod } from "@kubereel/core"

export interface ObjectName {
  readonly kind: "ConfigMap" | "Secret" | "PersistentVolumeClaim"
  readonly namespace: string
  readonly name: string
}

export interface PodGateOptions {
  readonly isKnown: (name: ObjectName) => boolean
  /** Answers with the object, or with nothing if there is none or nobody says. */
  readonly ask: (name: ObjectName, then: (object: KubernetesObject | undefined) => void) => void
  readonly pass: (change: Change, object: KubernetesObject) => void
}

const named = (pod: PodObject): ReadonlyArray<ObjectName> => {
  const { name: podName, namespace = "" } = pod.metadata
  const claims = (pod.spec.volumes ?? []).flatMap((volume) => claimNameOf(podName, volume) ?? [])
  return [
    ...objectReferences(parsePod(pod).spec).map(({ kind, name }) => ({ kind, namespace, name })),
    ...claims.map((name) => ({ kind: "PersistentVolumeClaim", namespace, name }) as const)
  ]
}

export class PodGate {
  readonly #o: PodGateOptions
  /** By uid, what happened to a pod while something that it names is being asked for. */
  readonly #waiting = new Map<string, Array<readonly [Change, PodObject]>>()

  constructor(options: PodGateOptions) {
    this.#o = options
  }

  hear(change: Change, pod: PodObject): void {
    const { uid = "" } = pod.metadata
    const queue = this.#waiting.get(uid)
    if (queue !== undefined) return void queue.push([change, pod])
    const missing = change === "ADDED" ? this.#missing(pod) : []
    if (missing.length === 0) return this.#o.pass(change, pod)
    this.#waiting.set(uid, [[change, pod]])
    let left = missing.length
    for (const one of missing)
      this.#o.ask(one, (object) => {
        if (object !== undefined && !this.#o.isKnown(one)) this.#o.pass("ADDED", object)
        left--
        if (left === 0) this.#open(uid)
      })
  }

  #missing(pod: PodObject): ReadonlyArray<ObjectName> {
    const names = new Map(named(pod).map((one) => [`${one.kind}/${one.name}`, one]))
    return [...names.values()].filter((one) => !this.#o.isKnown(one))
  }

  #open(uid: string): void {
    const queue = this.#waiting.get(uid) ?? []
    this.#waiting.delete(uid)
    for (const [change, pod] of queue) this.#o.pass(change, pod)
  }
}
