/** An API server and the controller manager without nodes: what is asked of it, and everything that is written, in its order. */
import {
  type Answer,
  type DeleteOptions,
  type Instant,
  type JsonObject,
  type KubernetesObject,
  later,
  SECOND
} from "@kubereel/core"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { startControllerManager } from "../../src/controller/ControllerManager.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { zeroControlPlane } from "../../src/profile/ControlPlaneProfile.ts"
import { ms } from "../../src/profile/quantiles.ts"

export const START = 1_767_225_600_000_000 as Instant

/** A millisecond to hear, two to be answered: enough for what happens at the same time to overlap. */
const profile = {
  ...zeroControlPlane,
  controllers: {
    ...zeroControlPlane.controllers,
    watch: ms(1, 1, 1, 1),
    request: ms(2, 2, 2, 2),
    createPod: ms(2, 2, 2, 2),
    event: ms(1, 1, 1, 1)
  }
}

export class TestControlPlane {
  readonly engine = new Engine(START)
  readonly store = new Store(100)
  readonly api = new ApiServer(this.engine, this.store, 0)
  /** `MODIFIED ReplicaSet/web`, without Events. */
  readonly log: Array<string> = []
  readonly events: Array<string> = []
  readonly informers = startControllerManager({
    engine: this.engine,
    seed: 0,
    api: this.api,
    store: this.store,
    profile
  }).shared

  constructor() {
    this.store.watch((change, object) => {
      const { kind, metadata, message, reason } = object
      if (kind === "Event") this.events.push(`${reason}: ${message}`)
      else this.log.push(`${change} ${kind}/${metadata.name}`)
    })
    this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } })
    this.run(1).clear()
  }

  /** Runs for so many seconds. */
  run(seconds: number): this {
    this.engine.runUntil(later(this.engine.now, seconds * SECOND))
    return this
  }

  /** Forgets what has happened so far. */
  clear(): void {
    this.log.length = 0
    this.events.length = 0
  }

  /** In the namespace `n`. Throws what the API server refuses. */
  create(manifest: JsonObject): KubernetesObject {
    return stored(this.api.create(manifest as unknown as KubernetesObject, "n"))
  }

  patch(kind: string, name: string, body: JsonObject, subresource = ""): KubernetesObject {
    return stored(this.api.patch({ kind, namespace: "n", name }, subresource, { type: "merge", body }))
  }

  delete(kind: string, name: string, options: DeleteOptions = {}): void {
    stored(this.api.delete(kind, "n", name, options))
  }

  /** All of a kind in the namespace, as the API server has them. */
  list(kind: string): ReadonlyArray<KubernetesObject> {
    return this.store
      .list(kind)
      .filter(({ metadata }) => metadata.namespace === undefined || metadata.namespace === "n")
  }

  /** One of a kind. Throws if there is none. */
  get(kind: string, name: string): KubernetesObject {
    const found = this.api.get({ kind, namespace: "n", name })
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`)
    return found
  }

  /** The kubelet's part: the pod runs and is ready, as far as its status says. */
  makeReady(name: string): void {
    const [pod] = this.list("Pod").filter(({ metadata }) => metadata.name === name)
    const at = new Date(this.engine.now / 1_000).toISOString().replace(/\.\d+Z$/, "Z")
    const condition = { type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: at }
    this.patch("Pod", pod?.metadata.name ?? name, { status: { phase: "Running", conditions: [condition] } }, "status")
  }
}

const stored = ({ body, status }: Answer): KubernetesObject => {
  if (status >= 400) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return body as unknown as KubernetesObject
}
