/** What a machine has, as its Node says it. */
import { type NodeObject, type NodeUsage, parseQuantity, wholeValue } from "@kubereel/core"

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
