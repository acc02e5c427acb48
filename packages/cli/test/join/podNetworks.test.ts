/** Pods of joined nodes have addresses that no other node gives to its own. */
import type { KubernetesObject, NodeSpec } from "@kubereel/core"
import { Result } from "effect"
import { expect, test } from "vitest"
import { freeNumbers, takesPodsOf } from "../../src/join/podNetworks.ts"

const specs = (...names: ReadonlyArray<string>) => names.map((name) => ({ name }) as NodeSpec)

const joined = (name: string, network: string, metadata: object = {}): KubernetesObject => ({
  kind: "Node",
  apiVersion: "v1",
  metadata: { name, annotations: { "kubereel.dev/pod-cidr": network }, ...metadata }
})

const real = (name: string, podCIDR: string): KubernetesObject =>
  ({ kind: "Node", apiVersion: "v1", metadata: { name }, spec: { podCIDR, podCIDRs: [podCIDR, "fd00::/64"] } }) as never

test("the first that join count from nought, the next go on behind them", () => {
  expect(freeNumbers(specs("a", "b"), [])).toEqual(Result.succeed([0, 1]))
  const there = [joined("a", "10.88.0.0/24"), joined("b", "10.88.1.0/24")]
  expect(freeNumbers(specs("c", "d"), there)).toEqual(Result.succeed([2, 3]))
})

test("what somebody leaves is taken again", () => {
  const there = [joined("b", "10.88.1.0/24")]
  expect(freeNumbers(specs("c", "d"), there)).toEqual(Result.succeed([0, 2]))
})

test("networks of real nodes are kept clear of, however large they are", () => {
  expect(freeNumbers(specs("a"), [real("r", "10.88.0.0/23")])).toEqual(Result.succeed([2]))
  expect(freeNumbers(specs("a"), [real("r", "10.88.0.128/25")])).toEqual(Result.succeed([1]))
  expect(freeNumbers(specs("a"), [real("r", "10.88.0.0/16")])).toEqual(Result.succeed([256]))
})

test("a node that comes back to the Node that it left behind has its addresses again", () => {
  const there = [joined("a", "10.88.7.0/24"), joined("b", "10.88.0.0/24")]
  expect(freeNumbers(specs("x", "a"), there)).toEqual(Result.succeed([1, 7]))
})

test("where nothing is left it is said", () => {
  const numbers = freeNumbers(specs("a"), [real("r", "10.0.0.0/8")])
  expect(Result.isFailure(numbers) && numbers.failure.problem).toMatch(/leave only 0 of those/)
})

test("of two that joined at the same moment the older one keeps the addresses", () => {
  const [old, young] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"]
  const node = (name: string, network: string, creationTimestamp: string, uid = name) =>
    joined(name, network, { creationTimestamp, uid })
  const mine = node("m", "10.88.0.0/24", young)
  expect(takesPodsOf(node("o", "10.88.0.0/24", old), mine)).toBe(true)
  expect(takesPodsOf(node("o", "10.88.1.0/24", old), mine)).toBe(false)
  expect(takesPodsOf(mine, node("o", "10.88.0.0/24", old))).toBe(false)
  expect(takesPodsOf(node("l", "10.88.0.0/24", young), mine)).toBe(true)
})
