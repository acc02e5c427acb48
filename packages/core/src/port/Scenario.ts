/** A scenario as the backends see it: durations in microseconds, globs as text, manifests as JSON. */

import type { Pressure } from "../decide/kubelet/eviction/pressure.ts"
import type { Instant, Micros } from "../event/Instant.ts"
import type { Json } from "../event/Json.ts"
import type { KubernetesObject } from "../event/KubernetesObject.ts"
import type { Check } from "../property/expected.ts"
import type { KubeletConfiguration } from "./KubeletConfiguration.ts"
import type { Program } from "./Program.ts"

export interface NodeSpec {
  readonly name: string
  readonly cpu: string
  readonly memory: string
  readonly pods: number
  readonly labels: { readonly [label: string]: string }
  readonly taints: ReadonlyArray<{ readonly key: string; readonly value?: string; readonly effect: string }>
  readonly profile: string | undefined
  /** How far its clock is ahead of the API server's; negative: behind. */
  readonly clockSkew?: Micros | undefined
  readonly kubelet: KubeletConfiguration
  /** What its container runtime is configured to run containers with; `undefined`: runc alone. */
  readonly runtimeHandlers?: ReadonlyArray<string> | undefined
  /** Manifests of pods that the kubelet runs without being told by the API. */
  readonly staticPods: ReadonlyArray<KubernetesObject>
}

/** A driver of storage, and how long it takes. */
export interface StorageDriver {
  /** `pd.csi.storage.gke.io`. */
  readonly name: string
  /** To make a volume, or to destroy one. */
  readonly provision: Micros
  readonly attach: Micros
  readonly detach: Micros
  /** To make a volume larger. */
  readonly expand: Micros
  /** Has the node that mounts a volume then something to do, too? */
  readonly nodeExpansion: boolean
  /** `false`: nodes mount its volumes without attaching them. */
  readonly attachRequired: boolean
  /** How many of its volumes a node can have; `undefined`: any number. */
  readonly volumesPerNode: number | undefined
  /** Labels of nodes: a volume stays where they are the same. */
  readonly topologyKeys: ReadonlyArray<string>
  /** What it says instead of doing it. */
  readonly provisionError: string | undefined
  readonly attachError: string | undefined
  readonly expandError: string | undefined
}

export interface ImageSpec {
  /** A glob over image names. */
  readonly image: string
  readonly present: boolean
  readonly pull: Micros | undefined
  readonly size: number | undefined
  /** What its registry answers with instead; `Unauthorized` only to those who bring no pull secret for that registry. */
  readonly error: "NotFound" | "Unauthorized" | "Unavailable" | "RateLimited" | undefined
  /** The user that the image names, as in its configuration (`1000`, `nobody`, `1000:1000`); empty: none, which is root. */
  readonly user: string
}

/** What passes between a node and the control plane: nothing, only what is asked of the node, only what it asks for, or all. */
export type Network = "cut" | "cut-out" | "cut-in" | "heal"

/** `kubectl drain`, with its flags. */
export interface Drain {
  readonly _tag: "Drain"
  readonly node: string
  /** Also pods that no controller would make anew. */
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  readonly deleteEmptyDirData: boolean
  /** `undefined`: the pods' own. */
  readonly gracePeriodSeconds: number | undefined
  /** `undefined`: it waits for ever. */
  readonly timeout: Micros | undefined
  /** Only pods with these labels; `undefined`: all. */
  readonly podSelector: { readonly [label: string]: string } | undefined
  /** It deletes instead of evicting, so that no budget is asked. */
  readonly disableEviction: boolean
  /** Seconds after its deletion timestamp; who is still there then is not waited for. 0: everybody is. */
  readonly skipWaitForDeleteTimeout: number
}

/** Somebody hears late of what happens, or not at all. */
export interface Watch {
  readonly _tag: "Watch"
  /** `kubelet`, `kube-scheduler`, `kube-controller-manager`, or one of its controllers. */
  readonly of: string
  /** Of a kubelet. */
  readonly node: string | undefined
  /** `undefined`: all that it watches. */
  readonly kinds: ReadonlyArray<string> | undefined
  /** How much later; `undefined`: nothing is heard, and everything when it is over. */
  readonly lag: Micros | undefined
  /** `undefined`: to the end. */
  readonly for: Micros | undefined
}

export type Intention =
  | { readonly _tag: "Apply"; readonly objects: ReadonlyArray<KubernetesObject> }
  | {
      readonly _tag: "Delete"
      readonly kind: string
      readonly namespace: string | undefined
      readonly name: string | undefined
      readonly selector: { readonly [label: string]: string } | undefined
      readonly pick: "all" | "oldest" | "newest"
      readonly gracePeriodSeconds: number | undefined
      readonly propagationPolicy: string | undefined
    }
  | {
      readonly _tag: "Kill"
      readonly namespace: string | undefined
      readonly pod: string
      readonly container: string
      readonly signal: number
    }
  | {
      readonly _tag: "Patch"
      readonly kind: string
      readonly namespace: string | undefined
      readonly name: string
      readonly subresource: string | undefined
      readonly type: "merge" | "strategic" | "json" | "apply"
      readonly patch: Json
      /** Who owns the fields that it writes; `kubereel` if absent. */
      readonly fieldManager?: string | undefined
      /** Of an apply: takes fields that others own. */
      readonly force?: boolean | undefined
    }
  | {
      readonly _tag: "Scale"
      readonly kind: string
      readonly namespace: string | undefined
      readonly name: string
      readonly replicas: number
    }
  | {
      readonly _tag: "Evict"
      readonly namespace: string | undefined
      readonly pod: string
      readonly gracePeriodSeconds: number | undefined
    }
  | {
      readonly _tag: "Exec"
      readonly namespace: string | undefined
      readonly pod: string
      readonly container: string | undefined
      readonly command: ReadonlyArray<string>
    }
  | {
      readonly _tag: "Node"
      readonly name: string
      readonly kubelet: "stop" | "start" | "restart" | undefined
      readonly cordon: boolean | undefined
      readonly power: "off" | "on" | "shutdown" | undefined
      readonly network: Network | undefined
      /** What the node runs short of; empty: of nothing any more. */
      readonly pressure: ReadonlyArray<Pressure> | undefined
      /** All manifests of static pods that are there from now on. */
      readonly staticPods: ReadonlyArray<KubernetesObject> | undefined
      /** A new machine of that name, which boots and joins the cluster. */
      readonly add?: NodeSpec | undefined
      /** Its machine is gone for good, and its Node is deleted. */
      readonly remove?: boolean | undefined
    }
  | Drain
  | Watch
  | {
      readonly _tag: "Fault"
      readonly node: string
      readonly call: "RunPodSandbox" | "CreateContainer" | "NetworkReady" | "Status"
      /** A glob. */
      readonly pod: string
      readonly message: string
      /** `undefined`: to the end. */
      readonly for: Micros | undefined
    }

export interface Step {
  /** Since the scenario's start. */
  readonly at: Micros
  readonly intention: Intention
}

export interface Scenario {
  readonly name: string
  readonly description: string
  readonly source: string | undefined
  readonly namespace: string
  readonly nodes: ReadonlyArray<NodeSpec>
  readonly images: ReadonlyArray<ImageSpec>
  readonly programs: ReadonlyArray<Program>
  /** None if absent. */
  readonly storage?: ReadonlyArray<StorageDriver>
  /** In the order of `at`; steps of the same moment in the order of the document. */
  readonly steps: ReadonlyArray<Step>
  readonly checks: ReadonlyArray<Check>
  readonly until: Micros
  readonly seed: number
  readonly kubernetes: string | undefined
  /** The moment of `at: 0s` in a simulation. */
  readonly start: Instant
}
