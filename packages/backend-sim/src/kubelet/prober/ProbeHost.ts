/** What the probes of one kubelet share, and what their workers tell it. */
import type { Instant, Pod, ProbeEvent, ProbeResult, ProbeWorker as Task } from "@kubereel/core"
import type { Engine } from "../../engine/Engine.ts"
import type { RandomStream } from "../../engine/Random.ts"
import type { NodeProfile } from "../../profile/NodeProfile.ts"
import type { Runtime } from "../../runtime/Runtime.ts"

export interface ProbeHost {
  readonly engine: Engine
  readonly stream: (name: string) => RandomStream
  readonly profile: NodeProfile
  readonly runtime: Runtime
  /** When the kubelet began. */
  readonly start: Instant
  /** Every tick is carried out: the measure for what skipping does. */
  readonly everyTick: boolean
  readonly status: (uid: string) => Pod | undefined
  readonly record: (task: Task, event: ProbeEvent) => void
  readonly publish: (task: Task, id: string, result: ProbeResult) => void
  readonly published: (task: Task, id: string) => ProbeResult | undefined
  readonly drop: (task: Task, id: string) => void
  readonly ended: (task: Task) => void
  readonly visited: () => void
}
