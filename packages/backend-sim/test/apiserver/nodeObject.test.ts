import { defaultKubeletConfiguration, evictionConfig, type Instant, type KubeletConfiguration } from "@kubereel/core"
import { Result } from "effect"
import { expect, it } from "vitest"
import { nodeObject } from "../../src/apiserver/nodeObject.ts"

const identity = {
  uid: "u",
  bootID: "b",
  resourceVersion: "1",
  address: "10.89.0.1",
  version: "v1.36.3",
  now: 0 as Instant
}

const node = (kubelet: KubeletConfiguration = defaultKubeletConfiguration) =>
  nodeObject(
    {
      name: "n-1",
      cpu: "2",
      memory: "4Gi",
      pods: 110,
      labels: {},
      taints: [],
      profile: undefined,
      kubelet,
      staticPods: []
    },
    identity,
    false
  )["status"] as { readonly [field: string]: unknown }

const withEviction = (evictionHard: { readonly [signal: string]: string }): KubeletConfiguration => ({
  ...defaultKubeletConfiguration,
  eviction: Result.getOrThrow(evictionConfig({ evictionHard }))
})

it("K-342: a node without a cloud has its address and its name", () => {
  expect(node()["addresses"]).toEqual([
    { type: "InternalIP", address: "10.89.0.1" },
    { type: "Hostname", address: "n-1" }
  ])
})

it("K-343: what pods may have is what there is, less what hard eviction keeps back", () => {
  expect(node()["allocatable"]).toMatchObject({ cpu: "2", memory: "3996Mi", pods: "110" })
  expect(node(withEviction({ "memory.available": "1Gi" }))["allocatable"]).toMatchObject({ memory: "3Gi" })
  expect(node(withEviction({ "memory.available": "25%" }))["allocatable"]).toMatchObject({ memory: "3Gi" })
  expect(node(withEviction({ "memory.available": "5Gi" }))["allocatable"]).toMatchObject({ memory: "0" })
})
