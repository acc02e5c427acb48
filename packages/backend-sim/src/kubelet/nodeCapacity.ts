/** What a machine has, as its Node says it. */
import { isNode, type NodeObject, type NodeUsage, parseQuantity, wholeValue } from "@kubereel/core"
import type { Store } from "../apiserver/Store.ts"

/** `kernel.pid_max` of a 64-bit Linux with systemd. */
const MAX_PID = 4_194_304

export const nodeCapacity = (node: NodeObject | undefined): NodeUsage["capacity"] => {
  const capacity = node?.status["capacity"] as { readonly [resource: string]: string } | undefined
  const amount = (resource: string): number => {
    const quantity = parseQuantity(String(capacity?.[resource] ?? "0"))
    return quantity === undefined ? 0 : Number(wholeValue(quantity))
  }
  return { memory: amount("memory"), disk: amount("ephemeral-storage"), pids: MAX_PID }
}

/** A kubelet's own Node, as the API server has it. */
export const ownNode = (store: Store, name: string): NodeObject | undefined => {
  const object = store.get("Node", undefined, name)
  return object !== undefined && isNode(object) ? object : undefined
}
