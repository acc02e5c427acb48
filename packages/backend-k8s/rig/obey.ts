/** What the rig does of a node driver's orders: each is one command of `rig.sh`. */
import type { NodeOrder, NodeQuestion } from "@kubereel/backend-k8s"
import * as Effect from "effect/Effect"
import { pressureParts } from "./pressureParts.ts"
import type { Rig } from "./Rig.ts"
import { RigFailure, runScript } from "./runScript.ts"

type Done = Effect.Effect<void, RigFailure>

const command = (rig: Rig, name: string, node: string, ...args: ReadonlyArray<string>): Done =>
  Effect.asVoid(runScript("rig.sh", [name, rig.name, node, ...args]))

const isNode = (rig: Rig, node: string): Done =>
  rig.nodes.some(({ name }) => name === node)
    ? Effect.void
    : Effect.fail(
        new RigFailure({
          problem: `rig ${rig.name} has no node ${node}: it has ${rig.nodes.map(({ name }) => name).join(", ")}`
        })
      )

export const obey = (rig: Rig, order: NodeOrder): Done => {
  const { node } = order
  const lines = (objects: ReadonlyArray<object>) => objects.map((object) => `${JSON.stringify(object)}\n`).join("")
  const act = (): Done => {
    if ("kubelet" in order) return command(rig, "service", node, "kubelet", order.kubelet)
    if ("power" in order) return command(rig, "power", node, order.power)
    if ("network" in order) return command(rig, "network", node, order.network)
    if ("kill" in order) return rig.node(node).kill(order.kill)
    if ("pressure" in order)
      return Effect.flatMap(pressureParts(rig, node, order.pressure), (parts) =>
        command(rig, "pressure", node, ...parts)
      )
    if ("staticPods" in order)
      return Effect.asVoid(runScript("rig.sh", ["static", rig.name, node], { stdin: lines(order.staticPods) }))
    return command(rig, "fault", node, ...(order.fault === null ? [] : [JSON.stringify(order.fault)]))
  }
  return Effect.andThen(isNode(rig, node), Effect.suspend(act))
}

/** What of an order needs something that this rig may lack, asked without doing it. */
const needs = (question: NodeQuestion): ReadonlyArray<string> => {
  if ("pressure" in question) return question.pressure.map(({ resource }) => resource)
  return "fault" in question && question.fault !== null ? ["faults"] : []
}

export const canObey = (rig: Rig, question: NodeQuestion): Done => {
  if (!("node" in question)) return Effect.void
  const { node } = question
  const all = needs(question).map((what) => command(rig, "can", node, what))
  return Effect.andThen(
    isNode(rig, node),
    Effect.forEach(all, (one) => one, { discard: true })
  )
}
