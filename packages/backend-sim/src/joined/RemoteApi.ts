/** A real API server as a joined node's kubelet asks it: what it asks becomes a request, and the answer comes when it is there. */
import {
  type Answer,
  createTwoWayMergePatch,
  type DeleteOptions,
  isPod,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type NodeObject,
  type PodObject
} from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"
import type { Answered, EventSink } from "../client/EventSink.ts"
import type { Engine } from "../engine/Engine.ts"
import type { KubeletApi, KubeletPart, LeaseKeeper } from "../kubelet/KubeletApi.ts"
import { RemoteLease } from "./RemoteLease.ts"

/** A request to an API server. */
export interface RemoteRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly path: string
  readonly body?: Json
  /** Of the body; default `application/json`. */
  readonly contentType?: string
}

/** Sends it. Requests for one path, and for what is below it, are answered in their order; status 0: nobody answered. */
export type Send = (request: RemoteRequest, then: Answered) => void

export interface RemoteApiOptions {
  readonly engine: Engine
  /** Of the node. */
  readonly name: string
  readonly send: Send
  /** What is known of the server's objects. */
  readonly store: Store
  /** An answer shows a version that no watch has shown yet. */
  readonly learn: (object: KubernetesObject) => void
  /** The Node as it is registered. */
  readonly node: (bootID: string) => KubernetesObject
}

export const STRATEGIC = "application/strategic-merge-patch+json"
const MERGE = "application/merge-patch+json"

const segment = (text: string): string => encodeURIComponent(text)

const podPath = (namespace: string, name: string): string =>
  `/api/v1/namespaces/${segment(namespace)}/pods/${segment(name)}`

export const nodePath = (name: string): string => `/api/v1/nodes/${segment(name)}`

const eventsPath = (namespace: string): string => `/api/v1/namespaces/${segment(namespace)}/events`

const isGood = ({ status }: Answer): boolean => status >= 200 && status < 300

export class RemoteApi implements KubeletApi {
  readonly #o: RemoteApiOptions

  constructor(options: RemoteApiOptions) {
    this.#o = options
  }

  getPod(namespace: string, name: string): PodObject | undefined {
    const object = this.#o.store.get("Pod", namespace, name)
    return object !== undefined && isPod(object) ? object : undefined
  }

  createPod(manifest: KubernetesObject, namespace: string, then: Answered): void {
    const path = `/api/v1/namespaces/${segment(namespace)}/pods`
    this.#ask({ method: "POST", path, body: manifest as unknown as Json }, then)
  }

  /** PatchPodStatus (`pkg/util/pod/pod.go`): only what is to change, of that life of the pod. */
  updatePodStatus(pod: PodObject, status: JsonObject, then: (written: PodObject | undefined) => void): void {
    const { name, namespace = "", uid = "" } = pod.metadata
    const body = { metadata: { uid }, status: createTwoWayMergePatch(pod.status, status, "PodStatus") }
    const path = `${podPath(namespace, name)}/status`
    this.#ask({ method: "PATCH", path, contentType: STRATEGIC, body }, (answer) => {
      const written = answer.body as unknown as KubernetesObject
      if (!isGood(answer) || !isPod(written)) return then(undefined)
      this.#o.learn(written)
      then(written)
    })
  }

  deletePod(pod: PodObject, options: DeleteOptions, then: Answered): void {
    const { name, namespace = "" } = pod.metadata
    const body = { kind: "DeleteOptions", apiVersion: "v1", ...options } as unknown as Json
    this.#ask({ method: "DELETE", path: podPath(namespace, name), body }, then)
  }

  patchClaimStatus(namespace: string, name: string, status: JsonObject): void {
    const path = `/api/v1/namespaces/${segment(namespace)}/persistentvolumeclaims/${segment(name)}/status`
    this.#ask({ method: "PATCH", path, contentType: MERGE, body: { status } }, () => undefined)
  }

  register(bootID: string, then: (node: KubernetesObject | undefined) => void): void {
    const body = this.#o.node(bootID) as unknown as Json
    this.#ask({ method: "POST", path: "/api/v1/nodes", body }, (answer) =>
      then(isGood(answer) ? (answer.body as unknown as KubernetesObject) : undefined)
    )
  }

  updateNodeStatus(node: NodeObject, status: JsonObject, then: (stored: boolean) => void): void {
    const { name, uid = "" } = node.metadata
    const body = { metadata: { uid }, status: createTwoWayMergePatch(node.status, this.#placed(status), "NodeStatus") }
    this.#ask({ method: "PATCH", path: `${nodePath(name)}/status`, contentType: STRATEGIC, body }, (answer) => {
      if (isGood(answer)) this.#o.learn(answer.body as unknown as KubernetesObject)
      then(isGood(answer))
    })
  }

  events(): EventSink {
    return {
      write: (event, then) => {
        const { name, namespace = "" } = event.metadata
        const create = () =>
          this.#ask({ method: "POST", path: eventsPath(namespace), body: event as unknown as Json }, then)
        if (event["count"] === 1) return create()
        const { count, lastTimestamp, message } = event as unknown as JsonObject
        const body = { count, lastTimestamp, message } as Json
        const path = `${eventsPath(namespace)}/${segment(name)}`
        // It may have run out since: then it is made again.
        this.#ask({ method: "PATCH", path, contentType: STRATEGIC, body }, (answer) =>
          answer.status === 404 ? create() : then(answer)
        )
      }
    }
  }

  lease({ engine, entity, random }: KubeletPart): LeaseKeeper {
    const { name, send, store } = this.#o
    return new RemoteLease({ engine, entity, random, name, send, getNode: () => store.get("Node", undefined, name) })
  }

  /** A Node that an earlier process of that name has left behind says where that one was asked. */
  #placed({ addresses: _, daemonEndpoints: __, ...status }: JsonObject): JsonObject {
    const { addresses, daemonEndpoints } = this.#o.node("")["status"] as JsonObject
    return { ...status, addresses, ...(daemonEndpoints === undefined ? {} : { daemonEndpoints }) }
  }

  /** An answer is heard by the process that asked, if that still runs. */
  #ask(request: RemoteRequest, then: Answered): void {
    const { engine, name, send } = this.#o
    send(request, (answer) => void engine.after(`api/${name}`, 0, () => then(answer)))
  }
}
