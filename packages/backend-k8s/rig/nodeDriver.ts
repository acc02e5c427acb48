/** The rig's nodes as a run on a real cluster drives them. */
import { type NodeDriver, NodeDriverFailure } from "@kubereel/backend-k8s"
import { Effect } from "effect"
import type { Rig } from "./Rig.ts"
import type { RigFailure } from "./runScript.ts"

type Doings = Readonly<Record<string, Effect.Effect<void, RigFailure>>>

const failed = ({ message }: Error) => new NodeDriverFailure({ problem: message })

export const rigDriver = (rig: Rig): NodeDriver => ({
  nodes: rig.nodes.map(({ name }) => name),
  act: (name, action) => {
    const node = rig.node(name)
    const does: Readonly<Record<typeof action.part, Doings>> = {
      kubelet: { stop: node.kubelet.stop, start: node.kubelet.start, restart: node.kubelet.restart },
      power: { off: node.powerOff, on: node.powerOn },
      network: { cut: node.cutNetwork, heal: node.healNetwork }
    }
    return Effect.mapError(does[action.part][action.does] ?? Effect.void, failed)
  },
  kill: (name, target) => Effect.mapError(rig.node(name).kill(target), failed)
})
