/** What stands behind a served Kubernetes API: one moment of a reel, or a simulated cluster that lives. */

import type { DeleteOptions } from "../decide/apiserver/beforeDelete.ts"
import type { ApplyPatch, Patch } from "../decide/apiserver/patchObject.ts"
import type { ApiResource } from "../decide/apiserver/RestStrategy.ts"
import type { Status } from "../decide/apiserver/status.ts"
import type { Instant } from "../event/Instant.ts"
import type { JsonObject } from "../event/Json.ts"
import type { KubernetesObject } from "../event/KubernetesObject.ts"
import type { Answer } from "./ClusterBackend.ts"

/** A kind that is served. */
export interface ServedResource extends ApiResource {
  /** `pod`; what discovery calls singularName. */
  readonly singular: string
  readonly shortNames: ReadonlyArray<string>
  readonly categories: ReadonlyArray<string>
  /** What can be written through a path of its own: `status`, `scale`, `log`, … */
  readonly subresources: ReadonlyArray<string>
  /** Of a kind that a CustomResourceDefinition defines: its entry for this version. */
  readonly definition?: JsonObject
}

/** All objects of a kind, those of a namespace, or one. */
export interface Scope {
  readonly resource: ServedResource
  /** Absent: all namespaces, or a kind without. */
  readonly namespace?: string
}

export interface ServedList {
  /** Complete, `managedFields` too; in no order that anybody may rely on. */
  readonly items: ReadonlyArray<KubernetesObject>
  /** Of the whole, a decimal number: whoever watches from there misses nothing and sees nothing twice. */
  readonly resourceVersion: string
}

/** A change as a watch tells it. */
export interface ServedChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED"
  /** The last version if it is gone, with the resourceVersion of its deletion. */
  readonly object: KubernetesObject
  /** The version before, if it was there. */
  readonly previous?: KubernetesObject
}

/** Who is told of changes. Nothing is told before `watch` has answered. */
export interface ServedListener {
  readonly changed: (change: ServedChange) => void
  /** Everything up to this version was told. Whoever goes on from there misses nothing. */
  readonly progress?: (resourceVersion: string) => void
  /** Nothing more comes. With a Status: because of that. */
  readonly ended: (why?: Status) => void
}

export interface ServedWatch {
  /** The clock of what is told, where it is not the cluster's: a past that is told again runs on. */
  readonly now?: () => Instant
  readonly close: () => void
}

/** Everything that a write says beside the object (`k8s.io/apimachinery/pkg/apis/meta/v1`, CreateOptions and its like). */
export interface WriteOptions {
  /** Everything but the storing. */
  readonly dryRun: boolean
  /** Absent: the client did not say who it is. */
  readonly fieldManager?: string
  readonly fieldValidation: "Ignore" | "Warn" | "Strict"
  /** Fields that the body says more than once, by their paths. */
  readonly duplicateFields?: ReadonlyArray<string>
}

/** A write of one object, or of a collection. `namespace`: of the request's path; absent for a kind without. */
export type ServedWrite = Scope &
  WriteOptions & { readonly subresource: string } & (
    | { readonly verb: "create"; readonly name?: string; readonly object: JsonObject }
    | { readonly verb: "update"; readonly name: string; readonly object: JsonObject }
    | { readonly verb: "patch"; readonly name: string; readonly patch: Patch | ApplyPatch }
    | { readonly verb: "delete"; readonly name: string; readonly options: DeleteOptions }
    | {
        readonly verb: "deletecollection"
        readonly options: DeleteOptions
        readonly selects: (object: KubernetesObject) => boolean
      }
  )

/** What a write would make of these objects, by a server of that version at that time; nothing is kept. */
export type TryWrite = (
  objects: ReadonlyArray<KubernetesObject>,
  write: ServedWrite,
  at: { readonly now: Instant; readonly version: string }
) => Answer

export interface LogOptions {
  /** Absent: the server chooses, or says which there are. */
  readonly container?: string
  readonly follow: boolean
  readonly previous: boolean
  readonly timestamps: boolean
  readonly sinceSeconds?: number
  readonly sinceTime?: Instant
  readonly tailLines?: number
  readonly limitBytes?: number
}

/** What is done to a pod by others than the API server. */
export interface ServedPods {
  /** A Status if there are none, and why; chunks of text that end when the log does. */
  readonly log: (namespace: string, pod: string, options: LogOptions) => Promise<Status | AsyncIterable<string>>
  /** How a command ends that a program of the container declares; a Status of the API server if it cannot be begun. */
  readonly exec?: (
    namespace: string,
    pod: string,
    of: { readonly container?: string; readonly command: ReadonlyArray<string> }
  ) => Promise<Status | ExecEnd>
  /** What a container of the pod answers to bytes that come in at a port; a Status if there is no such pod. */
  readonly connect?: (namespace: string, pod: string, port: number) => Status | ServedConnection
}

/** What a command wrote, and how it ended. */
export interface ExecEnd {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** Answers an HTTP request of a forwarded port; `undefined`: nobody listens there. */
export interface ServedConnection {
  readonly request: (
    method: string,
    path: string
  ) => Promise<{ readonly status: number; readonly body: string } | undefined>
}

export interface TokenOwner {
  readonly user: JsonObject
  /** For whom the token is, of those that were asked for. */
  readonly audiences: ReadonlyArray<string>
}

export interface ServedCluster {
  /** The server's clock: ages are counted by it. */
  readonly now: () => Instant
  /** `v1.36.3` */
  readonly version: string
  /** In the order in which discovery names them. */
  readonly resources: () => ReadonlyArray<ServedResource>
  /** What everybody who asks must know (`Warning` headers): gaps, a moment outside of what was recorded. */
  readonly warnings: (of: Scope | undefined) => ReadonlyArray<string>
  /** `at`: exactly as it was at that version; a Status if that is not known any more, or not yet. */
  readonly list: (of: Scope, at?: string) => Promise<ServedList | Status>
  readonly get: (of: Scope, name: string) => Promise<KubernetesObject | undefined>
  /** The newest version of the kind. */
  readonly resourceVersion: (of: Scope) => Promise<string>
  /** Changes after that version; a Status if what came next is not known any more. */
  readonly watch: (of: Scope, from: string, listener: ServedListener) => Promise<ServedWatch | Status>
  /** Why nothing is known of it, although it is served (the recorder was not allowed to look, or began later). */
  readonly unknown?: (of: Scope) => Status | undefined
  /** Absent: nothing can be written. */
  readonly write?: (write: ServedWrite) => Promise<Answer>
  /** Where nothing can be written: what would have been answered; only writes with `dryRun` are asked. */
  readonly tryWrite?: (write: ServedWrite) => Promise<Answer>
  /** Whose token it is that the cluster gave somebody, as a TokenReview says it; `undefined`: it gave nobody that one, or it has run out. Absent: it gives none. */
  readonly reviewToken?: (token: string, audiences: ReadonlyArray<string>) => TokenOwner | undefined
  readonly pods: ServedPods
}
