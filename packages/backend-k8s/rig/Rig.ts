/** A real cluster that runs on this machine, and what can be done to it. `rig.sh` does it; this is its face for tests. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { RigFailure, runScript } from "./runScript.ts"

/** A program that can be stopped (TERM), killed (KILL) and started again as it was. Each waits until it is done. */
export interface Service {
  readonly stop: Effect.Effect<void, RigFailure>
  readonly kill: Effect.Effect<void, RigFailure>
  readonly start: Effect.Effect<void, RigFailure>
  readonly restart: Effect.Effect<void, RigFailure>
}

export interface RigNode {
  readonly name: string
  readonly kubelet: Service
  /** The container runtime. Containers outlive it. */
  readonly containerd: Service
  /** Without power everything on the node is gone at once and tells nobody; its disk stays, its boot id does not. */
  readonly powerOff: Effect.Effect<void, RigFailure>
  readonly powerOn: Effect.Effect<void, RigFailure>
  /** Whatever the node sends or is sent is lost, without an error on either side. */
  readonly cutNetwork: Effect.Effect<void, RigFailure>
  readonly healNetwork: Effect.Effect<void, RigFailure>
  /** A signal (9 unless said otherwise) for the first process of a container; `(sandbox)` is the pod's sandbox. */
  readonly kill: (target: {
    readonly namespace: string
    readonly pod: string
    readonly container: string
    readonly signal?: number
  }) => Effect.Effect<void, RigFailure>
  /** Runs a command on the node, as root; answers with what it printed. */
  readonly enter: (...command: readonly [string, ...ReadonlyArray<string>]) => Effect.Effect<string, RigFailure>
}

export interface Rig {
  readonly name: string
  /** Where its logs are, and everything else of it. */
  readonly directory: string
  /** An administrator's, complete in itself; the address in it can be reached by every process of this machine. */
  readonly kubeconfig: string
  readonly nodes: ReadonlyArray<RigNode>
  readonly node: (name: string) => RigNode
  readonly apiServer: Service
  readonly etcd: Service
  readonly controllerManager: Service
  readonly scheduler: Service
  readonly kubectl: (args: ReadonlyArray<string>, stdin?: string) => Effect.Effect<string, RigFailure>
  /** Runs a command on the control plane's machine. */
  readonly enter: (...command: readonly [string, ...ReadonlyArray<string>]) => Effect.Effect<string, RigFailure>
  /** Makes an image (`kubereel:1`) of busybox and the files of a directory; answers with what the nodes call it. */
  readonly image: (name: string, directory: string) => Effect.Effect<string, RigFailure>
  /** etcd forgets every revision before the newest, which it answers with. */
  readonly compact: Effect.Effect<number, RigFailure>
  /** Keeps what etcd holds now under a name, of a-z and 0-9; etcd stands still meanwhile. */
  readonly backup: (name: string) => Effect.Effect<void, RigFailure>
  /** The cluster's state goes back to that, its revisions too, and the control plane starts anew. Nodes are not told. */
  readonly restore: (name: string) => Effect.Effect<void, RigFailure>
  /** The API server's audit log up to now: every request's end, with bodies for pods, nodes, events, namespaces, apps, batch. */
  readonly auditLines: Effect.Effect<ReadonlyArray<string>, RigFailure>
}

export interface RigOptions {
  /** Default: one, `rig-1`. None: the control plane alone, for nodes that somebody else joins to it. */
  readonly nodes?: ReadonlyArray<string>
  /** 1 to 10 of a-z and 0-9; default: one that nobody else on this machine has. */
  readonly name?: string
  /** Fields of a `KubeletConfiguration` that every kubelet of the rig gets besides its own. */
  readonly kubelet?: { readonly [field: string]: unknown }
  /** A size (`8G`): every node gets a disk of its own, which can be filled. */
  readonly disk?: string
  /** The kubelets' calls to their runtime can be made to fail. */
  readonly faults?: boolean
  /** More flags for the API server. */
  readonly apiServerFlags?: ReadonlyArray<string>
}

const serviceOf = (rig: string, machine: string, service: string): Service => {
  const does = (action: string) => Effect.asVoid(runScript("rig.sh", ["service", rig, machine, service, action]))
  return { stop: does("stop"), kill: does("kill"), start: does("start"), restart: does("restart") }
}

const nodeOf = (rig: string, name: string): RigNode => {
  const does = (command: string, ...args: ReadonlyArray<string>) =>
    Effect.asVoid(runScript("rig.sh", [command, rig, name, ...args]))
  return {
    name,
    kubelet: serviceOf(rig, name, "kubelet"),
    containerd: serviceOf(rig, name, "containerd"),
    powerOff: does("power", "off"),
    powerOn: does("power", "on"),
    cutNetwork: does("network", "cut"),
    healNetwork: does("network", "heal"),
    kill: ({ namespace, pod, container, signal = 9 }) => does("kill", namespace, pod, container, String(signal)),
    enter: (...command) => runScript("rig.sh", ["enter", rig, name, ...command])
  }
}

const auditOf = (directory: string): Rig["auditLines"] =>
  Effect.tryPromise({
    try: async () => (await readFile(join(directory, "log", "audit.jsonl"), "utf8")).split("\n").slice(0, -1),
    catch: (cause) => new RigFailure({ problem: `the audit log cannot be read: ${cause}` })
  })

/** A rig that runs already, started by somebody else: nothing ends it here. */
export const attachRig = (name: string): Effect.Effect<Rig, RigFailure> =>
  Effect.gen(function* () {
    const listed = (yield* runScript("rig.sh", ["list"])).split("\n").map((line) => line.split("\t"))
    const [, directory, nodeNames] = listed.find(([candidate]) => candidate === name) ?? []
    if (directory === undefined || nodeNames === undefined)
      return yield* new RigFailure({ problem: `no rig ${name} runs on this machine` })
    const nodes = nodeNames
      .split(" ")
      .filter((node) => node !== "")
      .map((node) => nodeOf(name, node))
    return {
      name,
      directory,
      kubeconfig: join(directory, "kubeconfig"),
      nodes,
      node: (wanted) => {
        const found = nodes.find((node) => node.name === wanted)
        if (found === undefined) throw new Error(`rig ${name} has no node ${wanted}: it has ${nodeNames}`)
        return found
      },
      apiServer: serviceOf(name, "control", "apiserver"),
      etcd: serviceOf(name, "control", "etcd"),
      controllerManager: serviceOf(name, "control", "controller-manager"),
      scheduler: serviceOf(name, "control", "scheduler"),
      kubectl: (args, stdin) => runScript("rig.sh", ["kubectl", name, ...args], stdin === undefined ? {} : { stdin }),
      enter: (...command) => runScript("rig.sh", ["enter", name, "control", ...command]),
      image: (image, files) => runScript("rig.sh", ["image", name, image, files]),
      backup: (backup) => Effect.asVoid(runScript("rig.sh", ["backup", name, backup])),
      restore: (backup) => Effect.asVoid(runScript("rig.sh", ["restore", name, backup])),
      compact: Effect.map(runScript("rig.sh", ["compact", name]), Number),
      auditLines: auditOf(directory)
    }
  })

let started = 0

/**
 * Starts a cluster of its own (ten seconds; ten minutes more on a machine where it was never built) that ends with the scope,
 * and also when this process ends without a word.
 */
export const startRig = (options: RigOptions = {}): Effect.Effect<Rig, RigFailure, Scope.Scope> => {
  const name = options.name ?? `t${process.pid.toString(36)}x${(started++).toString(36)}`
  const environment = {
    ...(options.kubelet === undefined
      ? {}
      : {
          KUBEREEL_RIG_KUBELET: JSON.stringify({
            apiVersion: "kubelet.config.k8s.io/v1beta1",
            kind: "KubeletConfiguration",
            ...options.kubelet
          })
        }),
    ...(options.faults ? { KUBEREEL_RIG_FAULTS: "1" } : {}),
    ...(options.disk === undefined ? {} : { KUBEREEL_RIG_DISK: options.disk }),
    ...(options.apiServerFlags === undefined ? {} : { KUBEREEL_RIG_APISERVER: options.apiServerFlags.join(" ") })
  }
  const up = Effect.andThen(
    runScript("prepare.sh", [], { progress: true }),
    runScript("rig.sh", ["up", name, ...(options.nodes?.length === 0 ? ["-"] : (options.nodes ?? ["rig-1"]))], {
      environment,
      owned: true
    })
  )
  return Effect.acquireRelease(up, () => Effect.ignore(runScript("rig.sh", ["down", name]))).pipe(
    Effect.andThen(attachRig(name))
  )
}
