/** Whom `kubectl drain` takes, leaves, or stops at. */
import { describe, expect, it } from "vitest"
import { drainErrors, drainVerdict, isGivenUp } from "../../../src/decide/kubectl/drainFilters.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { PodObject } from "../../../src/event/KubernetesObject.ts"
import { at, manifest, stored } from "../apiserver/pods.ts"

const flags = { force: false, ignoreDaemonSets: false, deleteEmptyDirData: false, skipWaitForDeleteTimeout: 0 }
const now = at("00:10:00")
const owner = (kind: string) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name: "o", uid: "u", controller: true }]
})
const pod = (metadata: JsonObject = {}, spec: JsonObject = {}, status: JsonObject = {}): PodObject => {
  const made = stored(manifest(spec, { labels: {} }))
  return { ...made, metadata: { ...made.metadata, ...metadata }, status: { ...made.status, ...status } } as PodObject
}
const emptyDir = { volumes: [{ name: "v", emptyDir: {} }] }

describe("kubectl drain", () => {
  it("takes pods that a controller makes anew, and any that have ended", () => {
    expect(drainVerdict(pod(owner("ReplicaSet")), flags, false, now)).toBe("take")
    expect(drainVerdict(pod({}, emptyDir, { phase: "Succeeded" }), flags, false, now)).toBe("take")
    expect(drainVerdict(pod(owner("DaemonSet"), {}, { phase: "Failed" }), flags, true, now)).toBe("take")
  })

  it("stops at pods that nobody makes anew, unless it is forced", () => {
    expect(drainVerdict(pod(), flags, false, now)).toEqual({
      fatal: "Pods that declare no controller (use --force to override)"
    })
    expect(drainVerdict(pod(), { ...flags, force: true }, false, now)).toBe("take")
  })

  it("stops at an emptyDir, unless its data may go", () => {
    expect(drainVerdict(pod(owner("ReplicaSet"), emptyDir), flags, false, now)).toEqual({
      fatal: "Pods with local storage (use --delete-emptydir-data to override)"
    })
    expect(drainVerdict(pod(owner("ReplicaSet"), emptyDir), { ...flags, deleteEmptyDirData: true }, false, now)).toBe(
      "take"
    )
  })

  it("stops at pods of DaemonSets or leaves them; without their DaemonSet they are anybody's", () => {
    const ofSet = pod(owner("DaemonSet"))
    expect(drainVerdict(ofSet, flags, true, now)).toEqual({
      fatal: "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"
    })
    expect(drainVerdict(ofSet, { ...flags, ignoreDaemonSets: true }, true, now)).toBe("leave")
    expect(drainVerdict(ofSet, flags, false, now)).toEqual({ fatal: 'daemonsets.apps "o" not found' })
    expect(drainVerdict(ofSet, { ...flags, force: true }, false, now)).toBe("take")
  })

  it("leaves static pods, and those that should be gone for long", () => {
    expect(drainVerdict(pod({ annotations: { "kubernetes.io/config.mirror": "x" } }), flags, false, now)).toBe("leave")
    const deleted = pod({ deletionTimestamp: "2026-01-01T00:09:00Z" })
    expect(isGivenUp(deleted, 59, now)).toBe(true)
    expect(isGivenUp(deleted, 60, now)).toBe(false)
    expect(drainVerdict(deleted, { ...flags, skipWaitForDeleteTimeout: 30 }, false, now)).toBe("leave")
  })

  it("names for each reason the pods that stop it", () => {
    const [a, b] = [pod({ name: "a" }), pod({ name: "b" })]
    expect(
      drainErrors([
        { pod: a, fatal: "x" },
        { pod: b, fatal: "y" },
        { pod: b, fatal: "x" }
      ])
    ).toEqual(["cannot delete x: ns/a, ns/b", "cannot delete y: ns/b"])
  })
})
