/** A scenario as the backends see it: durations in microseconds, globs as text, manifests as JSON. */
import type { Instant, Micros } from "../event/Instant.ts"
import type { JsonObject } from "../event/Json.ts"
import type { KubernetesObject } from "../event/KubernetesObject.ts"

export interface NodeSpec {
  readonly name: string
  readonly cpu: string
  readonly memory: string
  readonly pods: number
  readonly labels: { readonly [label: string]: string }
  readonly taints: ReadonlyArray<{ readonly key: string; readonly value?: string; readonly effect: string }>
  readonly profile: string | undefined
}

export interface ImageSpec {
  /** A glob over image names. */
  readonly image: string
  readonly present: boolean
  readonly pull: Micros | undefined
  readonly size: number | undefined
  readonly error: "NotFound" | "Unauthorized" | "Unavailable" | "RateLimited" | undefined
}

/** What one start of a container's process does. Times count from the start of the process. */
export interface ProgramRun {
  readonly exitAfter: Micros | undefined
  readonly exitCode: number
  readonly oom: boolean
  readonly startError: string | undefined
  /** What TERM does: `ignore`, or exit after a while with a code; `undefined`: die of it (143) — see the runtime. */
  readonly onTerm: "ignore" | { readonly exitAfter: Micros; readonly exitCode: number } | undefined
  readonly terminationMessage: string | undefined
  /** Parts that are declared and that no machinery of the simulator reads yet; by name, for warnings. */
  readonly others: JsonObject
}

export interface Program {
  readonly match: { readonly pod: string; readonly container: string; readonly image: string }
  /** The n-th start of a container uses the n-th run; the last one repeats. Never empty. */
  readonly runs: ReadonlyArray<ProgramRun>
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
  /** A step that the schema knows and a backend may not: patch, scale, evict, exec, node, fault. */
  | {
      readonly _tag: "Other"
      readonly verb: "patch" | "scale" | "evict" | "exec" | "node" | "fault"
      readonly body: JsonObject
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
  /** In the order of `at`; steps of the same moment in the order of the document. */
  readonly steps: ReadonlyArray<Step>
  readonly checks: ReadonlyArray<JsonObject>
  readonly until: Micros
  readonly seed: number
  readonly kubernetes: string | undefined
  /** The moment of `at: 0s` in a simulation. */
  readonly start: Instant
}
