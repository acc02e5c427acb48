/** The rig's nodes as a run on a real cluster drives them, in this process. */
import { type NodeDriver, NodeDriverFailure } from "@kubereel/backend-k8s"
import { Effect } from "effect"
import { canObey, obey } from "./obey.ts"
import type { Rig } from "./Rig.ts"

const failed = ({ message }: Error) => new NodeDriverFailure({ problem: message })

export const rigDriver = (rig: Rig): NodeDriver => ({
  check: (question) => Effect.mapError(canObey(rig, question), failed),
  act: (order) => Effect.mapError(obey(rig, order), failed)
})
