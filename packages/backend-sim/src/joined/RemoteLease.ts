/** A node's Lease on a real API server (`component-helpers/apimachinery/lease/controller.go`; C-320): each renewal is a request. */
import {
  type Answer,
  type Instant,
  type Json,
  type KubernetesObject,
  LEASE_RENEW_INTERVAL,
  LEASE_RENEW_JITTER,
  later,
  NODE_LEASE_NAMESPACE,
  newNodeLease,
  nextLeaseAttempt,
  renewedLease
} from "@kubereel/core"
import { Alarm } from "../engine/Alarm.ts"
import type { KubeletPart, LeaseKeeper } from "../kubelet/KubeletApi.ts"
import type { RemoteRequest, Send } from "./RemoteApi.ts"

export interface RemoteLeaseOptions extends KubeletPart {
  /** Of the node. */
  readonly name: string
  readonly send: Send
  readonly getNode: () => KubernetesObject | undefined
}

const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${NODE_LEASE_NAMESPACE}/leases`

export const leasePath = (node: string): string => `${LEASES}/${encodeURIComponent(node)}`

export class RemoteLease implements LeaseKeeper {
  readonly #o: RemoteLeaseOptions
  readonly #alarm: Alarm
  /** As it was written last. */
  #latest: KubernetesObject | undefined
  /** Since when renewals fail. */
  #failing: Instant | undefined
  #stopped = false

  constructor(options: RemoteLeaseOptions) {
    this.#o = options
    this.#alarm = new Alarm(options.engine, options.entity, () => this.#sync())
    this.#alarm.set(options.engine.now)
  }

  cut(): void {
    this.#stopped = true
    this.#alarm.set(undefined)
  }

  connected(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.#alarm.set(this.#o.engine.now)
  }

  stop(): void {
    this.cut()
  }

  #sync(): void {
    const { engine, getNode, name } = this.#o
    const renewed = this.#latest && renewedLease(this.#latest, engine.now)
    if (renewed !== undefined) return this.#renew(renewed)
    const node = getNode()
    // Without its node there is no lease: the next renewal tries again.
    if (node === undefined) return this.#wait(true)
    const { metadata, ...lease } = newNodeLease(
      node,
      { uid: "", resourceVersion: "", creationTimestamp: "" },
      engine.now
    )
    const { ownerReferences } = metadata
    const body = { ...lease, metadata: { name, namespace: NODE_LEASE_NAMESPACE, ownerReferences } } as unknown as Json
    this.#ask({ method: "POST", path: LEASES, body }, (answer) =>
      answer.status === 409 ? this.#adopt() : this.#written(answer)
    )
  }

  /** There is one already: of an earlier kubelet of that name. */
  #adopt(): void {
    this.#ask({ method: "GET", path: leasePath(this.#o.name) }, (answer) => {
      const found = answer.body as unknown as KubernetesObject
      if (answer.status === 200) this.#renew(renewedLease(found, this.#o.engine.now))
      else this.#written(answer)
    })
  }

  #renew(lease: KubernetesObject): void {
    const body = lease as unknown as Json
    this.#ask({ method: "PUT", path: leasePath(this.#o.name), body }, (answer) => this.#written(answer))
  }

  #written({ body, status }: Answer): void {
    const isGood = status === 200 || status === 201
    // Whoever wrote it meanwhile, or took it away, is asked first the next time.
    if (isGood) this.#latest = body as unknown as KubernetesObject
    else if (status === 404 || status === 409) this.#latest = undefined
    this.#wait(isGood)
  }

  #wait(isGood: boolean): void {
    if (this.#stopped) return
    const { engine, random } = this.#o
    const { now } = engine
    this.#failing = isGood ? undefined : (this.#failing ?? now)
    const interval = LEASE_RENEW_INTERVAL + random.int(LEASE_RENEW_INTERVAL * LEASE_RENEW_JITTER)
    this.#alarm.set(this.#failing === undefined ? later(now, interval) : nextLeaseAttempt(this.#failing, later(now, 1)))
  }

  #ask(request: RemoteRequest, then: (answer: Answer) => void): void {
    const { engine, entity, send } = this.#o
    send(request, (answer) => void engine.after(entity, 0, () => then(answer)))
  }
}
