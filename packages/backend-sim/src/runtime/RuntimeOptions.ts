/** What a container runtime needs of its machine, and whom it tells. */
import type { PodEvent, PodRef, Program } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import type { Faults } from "./Faults.ts"
import type { StoredImage } from "./Images.ts"

export interface RuntimeOptions {
  readonly engine: Engine
  readonly entity: string
  readonly profile: NodeProfile
  readonly programs: ReadonlyArray<Program>
  readonly faults: Faults
  readonly nextIP: () => string
  readonly image: (image: string) => Omit<StoredImage, "id" | "size">
  readonly onChange: (uid: string) => void
  readonly onFact: (pod: PodRef, event: PodEvent) => void
}
