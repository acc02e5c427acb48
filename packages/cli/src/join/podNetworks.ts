/** Which addresses the pods of joined nodes have: those that no other node of the cluster has for its own. */
import { POD_CIDR, POD_NETWORKS, podNetwork } from "@kubereel/backend-sim"
import type { JsonObject, KubernetesObject, NodeSpec } from "@kubereel/core"
import { Result } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

interface Range {
  readonly from: number
  readonly to: number
}

/** `10.88.3.0/24`; `undefined`: no such thing, or of IPv6, which never meets ours. */
const rangeOf = (cidr: string): Range | undefined => {
  const [, address, bits] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr) ?? []
  if (address === undefined) return undefined
  const size = 2 ** (32 - Number(bits))
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0)
  const from = Math.floor(number / size) * size
  return { from, to: from + size }
}

const podNetworkOf = ({ metadata }: KubernetesObject): string | undefined => metadata.annotations?.[POD_CIDR]

/** Ours say it themselves; to others the controller manager gives it. */
const networksOf = (node: KubernetesObject): ReadonlyArray<Range> => {
  const { podCIDR, podCIDRs } = (node["spec"] ?? {}) as JsonObject
  const texts = [podNetworkOf(node), podCIDR, ...(Array.isArray(podCIDRs) ? podCIDRs : [])]
  return texts.flatMap((text) => (typeof text === "string" ? (rangeOf(text) ?? []) : []))
}

const isFree = ({ from, to }: Range, taken: ReadonlyArray<Range>): boolean =>
  taken.every((other) => to <= other.from || other.to <= from)

/** By name, the numbers of these networks. */
const numbersOf = (names: ReadonlyMap<string, string>): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (let number = 0; number < POD_NETWORKS && found.size < names.size; number++) {
    const name = names.get(podNetwork(number))
    if (name !== undefined) found.set(name, number)
  }
  return found
}

/**
 * A number for each node, by which its pods' addresses are counted. Who has left its Node behind has the same again.
 * Fails if so many are not free.
 */
export const freeNumbers = (
  nodes: ReadonlyArray<NodeSpec>,
  there: ReadonlyArray<KubernetesObject>
): Result.Result<ReadonlyArray<number>, Complaint> => {
  const names = nodes.map(({ name }) => name)
  const own = new Set(names)
  const taken = there.filter(({ metadata }) => !own.has(metadata.name)).flatMap(networksOf)
  const left = there.filter(({ metadata }) => own.has(metadata.name))
  const kept = numbersOf(new Map(left.map((node) => [podNetworkOf(node) ?? "", node.metadata.name])))
  const used = new Set(kept.values())
  const free: Array<number> = []
  for (let number = 0; number < POD_NETWORKS && free.length < names.length - kept.size; number++) {
    const range = rangeOf(podNetwork(number))
    if (range !== undefined && !used.has(number) && isFree(range, taken)) free.push(number)
  }
  const given = free.values()
  const numbers = names.map((name) => kept.get(name) ?? given.next().value)
  if (numbers.every((number) => number !== undefined)) return Result.succeed(numbers)
  const problem = `the pods of ${names.length} nodes need a network of 256 addresses each, and the nodes of the cluster leave only ${free.length} of those that joined nodes use (10.88.0.0/16 and 10.101.0.0 to 10.255.255.255): join fewer`
  return Result.fail(new Complaint({ code: exitCodes.unavailable, problem }))
}

/** Does that node, which was there first, give its pods the same addresses? Of the same second, the one with the smaller uid was. */
export const takesPodsOf = (other: KubernetesObject, mine: KubernetesObject): boolean => {
  const network = podNetworkOf(mine)
  if (network === undefined || podNetworkOf(other) !== network) return false
  const age = ({ metadata: { creationTimestamp = "", uid = "" } }: KubernetesObject) => `${creationTimestamp} ${uid}`
  return age(other) < age(mine)
}

export const sharedPods = (mine: KubernetesObject, other: KubernetesObject): Complaint =>
  new Complaint({
    code: exitCodes.unavailable,
    problem: `node ${other.metadata.name}, which somebody else joined at the same moment, has the pod addresses of ${mine.metadata.name} (${podNetworkOf(mine)}): join again`
  })
