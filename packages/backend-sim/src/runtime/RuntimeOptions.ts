/** What a container runtime needs of its machine, and whom it tells. */
import type { ContainerSpec, PodEvent, PodRef, Program, ProgramRun } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { ClusterNetwork } from "../network/ClusterNetwork.ts"
import type { NodeNetwork } from "../network/NodeNetwork.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import type { Faults } from "./Faults.ts"
import type { StoredImage } from "./Images.ts"

export interface RuntimeOptions {
  readonly engine: Engine
  readonly entity: string
  readonly profile: NodeProfile
  /** Those of the pods of a namespace. */
  readonly programs: (namespace: string) => ReadonlyArray<Program>
  /** What a container does of which no program is declared; absent: it runs until it is killed. */
  readonly undeclared?: ((container: ContainerSpec) => ProgramRun) | undefined
  readonly faults: Faults
  /** What it can run containers with, by the names of its configuration. */
  readonly handlers: ReadonlyArray<string>
  /** An address that no pod of the node has had for long. */
  readonly nextIP: () => string
  readonly network: { readonly cluster: ClusterNetwork; readonly node: NodeNetwork }
  readonly image: (image: string) => Omit<StoredImage, "id" | "size">
  /** Are containers killed that are being stopped when nobody waits for that any more? Not if absent. */
  readonly killsWhenCallerGoes?: () => boolean
  readonly onChange: (uid: string) => void
  readonly onFact: (pod: PodRef, event: PodEvent) => void
}
