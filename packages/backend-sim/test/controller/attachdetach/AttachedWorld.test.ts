import type { Attachable, PodObject } from "@kubereel/core"
import { expect, it } from "vitest"
import { AttachedWorld } from "../../../src/controller/attachdetach/AttachedWorld.ts"

const volume: Attachable = {
  uniqueName: "kubernetes.io/csi/d^v",
  name: "v",
  driver: "d",
  handle: "v",
  multiAttach: false
}
const pod = { metadata: { name: "p", namespace: "n", uid: "u" }, spec: { nodeName: "a" } } as unknown as PodObject

it("S-306: a volume of which nobody knows where it is keeps no other node from having it, and is not told of", () => {
  const world = new AttachedWorld()
  world.mark(volume, "a", false)
  expect(world.others(volume, "b")).toEqual([])
  expect(world.reportOf("a")).toEqual([])
  world.mark(volume, "a", true)
  expect(world.others(volume, "b")).toEqual(["a"])
  expect(world.reportOf("a")).toEqual([{ name: "kubernetes.io/csi/d^v", devicePath: "" }])
})

it("what a pod wanted is wanted no more when it is through, whatever became of its claim", () => {
  const world = new AttachedWorld()
  world.want(pod, volume)
  expect(world.wanted.size).toBe(1)
  expect([world.release(pod), world.release(pod)]).toEqual([true, false])
  expect(world.wanted.size).toBe(0)
})

it("a volume is in use as long as its node says so", () => {
  const world = new AttachedWorld()
  world.setInUse("a", new Set([volume.uniqueName]))
  world.mark(volume, "a", true)
  expect(world.get(volume, "a")?.mounted).toBe(true)
  world.setInUse("a", new Set())
  expect(world.get(volume, "a")?.mounted).toBe(false)
})
