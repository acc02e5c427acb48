import { describe, expect, it } from "vitest"
import { findBestMatch, findMatchingVolume, unsatisfied } from "../../../src/decide/storage/findMatchingVolume.ts"
import { claim, volume } from "./storageObjects.ts"

const found = (...args: Parameters<typeof findBestMatch>) => findBestMatch(...args)?.metadata.name
const size = (storage: string) => ({ capacity: { storage } })
const modes = (...accessModes: ReadonlyArray<string>) => ({ accessModes })

describe("the volume for a claim", () => {
  it("is the smallest that is large enough", () => {
    const volumes = [volume("small", size("500Mi")), volume("large", size("5Gi")), volume("fits", size("2Gi"))]
    expect(found(claim(), volumes, false)).toBe("fits")
  })

  it("S-305: has at least the access modes that are asked for, and as few more as can be", () => {
    const volumes = [
      volume("all", modes("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany")),
      volume("two", { ...modes("ReadWriteOnce", "ReadOnlyMany"), ...size("9Gi") }),
      volume("pod", modes("ReadWriteOncePod"))
    ]
    expect(found(claim(), volumes, false)).toBe("two")
    expect(found(claim(modes("ReadWriteMany")), volumes, false)).toBe("all")
    expect(found(claim(modes("ReadWriteOncePod")), volumes, false)).toBe("pod")
    expect(found(claim(modes("ReadWriteOncePod")), volumes.slice(0, 2), false)).toBeUndefined()
  })

  it.each([
    ["of another class", volume("v", { storageClassName: "fast" })],
    ["that is another's", volume("v", { claimRef: { namespace: "n", name: "other" } })],
    ["that was another's of the same name", volume("v", { claimRef: { namespace: "n", name: "c", uid: "old" } })],
    ["for devices", volume("v", { volumeMode: "Block" })],
    ["that is being deleted", volume("v", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" })],
    ["of which nobody has said that it is free", { ...volume("v"), status: { phase: "Pending" } }]
  ])("is none %s", (_, other) => {
    expect(found(claim(), [other], false)).toBeUndefined()
  })

  it("is chosen by its labels where the claim says so", () => {
    const labelled = volume("v", {}, { labels: { disk: "ssd" } })
    expect(found(claim({ selector: { matchLabels: { disk: "ssd" } } }), [labelled], false)).toBe("v")
    expect(found(claim({ selector: { matchLabels: { disk: "hdd" } } }), [labelled], false)).toBeUndefined()
  })

  it("is the one that names the claim, whatever else there is", () => {
    const reserved = volume("mine", { claimRef: { namespace: "n", name: "c" }, ...size("9Gi") })
    expect(found(claim(), [volume("fits"), reserved], false)).toBe("mine")
    expect(found(claim(), [volume("fits"), reserved], true)).toBe("mine")
  })

  it("is sought by the scheduler alone where pods are waited for, among those that the node reaches", () => {
    const near = volume("near", modes("ReadWriteOnce", "ReadWriteMany"))
    expect(found(claim(), [near], true)).toBeUndefined()
    const on = (reachable: boolean) =>
      findMatchingVolume(claim(), [near], { delayed: true, isReachable: () => reachable })?.metadata.name
    expect([on(true), on(false)]).toEqual(["near", undefined])
    const taken = { isReachable: () => true, taken: new Set(["near"]) }
    expect(findMatchingVolume(claim(), [near], taken)).toBeUndefined()
  })
})

it.each([
  [{ capacity: { storage: "1Mi" } }, "requested PV is too small"],
  [{ storageClassName: "fast" }, "storageClassName does not match"],
  [{ volumeMode: "Block" }, "incompatible volumeMode"],
  [{ accessModes: ["ReadOnlyMany"] }, "incompatible accessMode"],
  [{}, undefined]
])("the volume that a claim names: %j", (spec, why) => {
  expect(unsatisfied(volume("v", spec), claim())).toBe(why)
})
