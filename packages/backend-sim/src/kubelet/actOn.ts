/** What a step does to a node's machine. */
import type { Intention } from "@kubereel/core"
import type { Machine } from "./Machine.ts"

export const actOn = (
  machine: Machine,
  { kubelet, network, power, pressure, staticPods }: Extract<Intention, { readonly _tag: "Node" }>
): void => {
  if (kubelet === "stop") machine.stopKubelet()
  if (kubelet === "start") machine.startKubelet()
  if (kubelet === "restart") machine.restartKubelet()
  if (power === "off") machine.powerOff()
  if (power === "on") machine.powerOn()
  if (power === "shutdown") machine.shutDown()
  if (network !== undefined) machine.setNetwork(network)
  if (pressure !== undefined) machine.press(pressure)
  if (staticPods !== undefined) machine.placeStaticPods(staticPods)
}
