/** A scenario's steps for nodes as orders for a driver, and what takes them back. */
import { type Intention, SECOND } from "@kubereel/core"
import type { NodeOrder } from "./NodeDriver.ts"

type Of<Tag extends Intention["_tag"]> = Extract<Intention, { readonly _tag: Tag }>

/** In the order in which a simulated machine does them; a cordon is not among them: it is the API's. */
export const ordersOf = ({
  kubelet,
  name: node,
  network,
  power,
  pressure,
  staticPods
}: Of<"Node">): ReadonlyArray<NodeOrder> => [
  ...(kubelet === undefined ? [] : [{ node, kubelet }]),
  ...(power === undefined ? [] : [{ node, power }]),
  ...(network === undefined ? [] : [{ node, network }]),
  ...(pressure === undefined ? [] : [{ node, pressure }]),
  ...(staticPods === undefined ? [] : [{ node, staticPods }])
]

export const faultOrder = ({ call, for: lasts, message, node, pod }: Of<"Fault">): NodeOrder => ({
  node,
  fault: { call, pod, message, ...(lasts === undefined ? {} : { seconds: lasts / SECOND }) }
})

/** What must be done in the end because of an order, by node and part; `undefined`: nothing any more. */
export const undoing = (order: NodeOrder): readonly [part: string, NodeOrder | undefined] => {
  const { node } = order
  if ("kubelet" in order) return ["kubelet", order.kubelet === "stop" ? { node, kubelet: "start" } : undefined]
  if ("power" in order) return ["power", order.power === "on" ? undefined : { node, power: "on" }]
  if ("network" in order) return ["network", order.network !== "heal" ? { node, network: "heal" } : undefined]
  if ("pressure" in order) return ["pressure", order.pressure.length === 0 ? undefined : { node, pressure: [] }]
  if ("staticPods" in order) return ["staticPods", order.staticPods.length === 0 ? undefined : { node, staticPods: [] }]
  if ("fault" in order) return ["fault", order.fault === null ? undefined : { node, fault: null }]
  return ["kill", undefined]
}
