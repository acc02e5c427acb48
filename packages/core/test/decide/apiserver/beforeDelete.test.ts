/** Deleting: how long a pod gets, and what a second request changes. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { beforeDelete, type DeleteOptions, podDeletion } from "../../../src/decide/apiserver/beforeDelete.ts"
import { alreadyExists, conflict, notFound, pods } from "../../../src/decide/apiserver/status.ts"
import { removesOnUpdate } from "../../../src/decide/apiserver/updateObject.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { PodObject } from "../../../src/event/KubernetesObject.ts"
import { at, manifest, stored } from "./pods.ts"

const pod = (spec: JsonObject = {}, status: JsonObject = {}, metadata: JsonObject = {}): PodObject => {
  const made = stored(manifest({ nodeName: "n", terminationGracePeriodSeconds: 60, ...spec }, metadata))
  return {
    ...made,
    metadata: { ...made.metadata, ...metadata },
    status: { ...made.status, phase: "Running", ...status }
  } as PodObject
}

const deleted = (object: PodObject, options: DeleteOptions = {}, now = "00:01:00") => {
  const decided = beforeDelete(object, options, at(now), podDeletion)
  if (Result.isFailure(decided)) throw new Error(decided.failure.message)
  const metadata = decided.success.update?.metadata
  return [
    metadata?.deletionTimestamp?.slice(11, 19),
    metadata?.deletionGracePeriodSeconds,
    metadata?.generation,
    decided.success.remove
  ]
}

const dying = (grace: number | undefined, until: string, metadata: JsonObject = {}): PodObject =>
  pod(
    {},
    {},
    {
      deletionTimestamp: `2026-01-01T${until}Z`,
      ...(grace === undefined ? {} : { deletionGracePeriodSeconds: grace }),
      generation: 2,
      ...metadata
    }
  )

const unchanged = [undefined, undefined, undefined, false]

describe("the first deletion (K-240, C-130, C-131, X-01)", () => {
  it.each<readonly [string, PodObject, DeleteOptions, ReadonlyArray<unknown>]>([
    ["takes the period of the spec", pod(), {}, ["00:02:00", 60, 2, false]],
    ["prefers the period of the options", pod(), { gracePeriodSeconds: 4 }, ["00:01:04", 4, 2, false]],
    ["makes one second of a negative option", pod(), { gracePeriodSeconds: -5 }, ["00:01:01", 1, 2, false]],
    ["makes one second of a negative spec", pod({ terminationGracePeriodSeconds: -5 }), {}, ["00:01:01", 1, 2, false]],
    ["gives a pod without a node no time", pod({ nodeName: "" }), {}, ["00:01:00", 0, 2, true]],
    [
      "gives a pod that succeeded no time",
      pod({}, { phase: "Succeeded" }),
      { gracePeriodSeconds: 9 },
      ["00:01:00", 0, 2, true]
    ],
    ["gives a pod that failed no time", pod({}, { phase: "Failed" }), {}, ["00:01:00", 0, 2, true]],
    [
      "by force writes once more before it removes (K-241, C-132)",
      pod(),
      { gracePeriodSeconds: 0 },
      ["00:01:00", 0, 2, true]
    ],
    [
      "by force keeps what has a finalizer (C-137)",
      pod({}, {}, { finalizers: ["example.com/hold"] }),
      { gracePeriodSeconds: 0 },
      ["00:01:00", 0, 2, false]
    ]
  ])("%s", (_, object, options, expected) => {
    expect(deleted(object, options)).toEqual(expected)
  })

  it("counts the present with its fraction: the timestamp is cut off, not rounded", () => {
    expect(deleted(pod(), { gracePeriodSeconds: 4 }, "00:01:00.9")).toEqual(["00:01:04", 4, 2, false])
  })
})

describe("a second deletion (C-133, C-134, C-135)", () => {
  it.each<readonly [string, PodObject, DeleteOptions, string, ReadonlyArray<unknown>]>([
    ["without a period changes nothing", dying(60, "00:02:00"), {}, "00:01:05", unchanged],
    ["with the same period changes nothing", dying(60, "00:02:00"), { gracePeriodSeconds: 60 }, "00:01:05", unchanged],
    ["with a longer period changes nothing", dying(60, "00:02:00"), { gracePeriodSeconds: 90 }, "00:01:05", unchanged],
    [
      "shortens, counting from the first",
      dying(60, "00:02:00"),
      { gracePeriodSeconds: 10 },
      "00:01:05",
      ["00:01:10", 10, 2, false]
    ],
    [
      "gives one second from now where the new period is over already",
      dying(60, "00:02:00"),
      { gracePeriodSeconds: 4 },
      "00:01:05",
      ["00:01:05", 1, 2, false]
    ],
    [
      "takes the time that is left, to the fraction of a second",
      dying(60, "00:02:00"),
      { gracePeriodSeconds: 5 },
      "00:01:05.1",
      ["00:01:05", 1, 2, false]
    ],
    [
      "treats a negative period as one second",
      dying(60, "00:02:00"),
      { gracePeriodSeconds: -1 },
      "00:01:05",
      ["00:01:05", 1, 2, false]
    ],
    [
      "by force ends it at once (the kubelet's last word)",
      dying(60, "00:02:00"),
      { gracePeriodSeconds: 0 },
      "00:01:05",
      ["00:01:05", 0, 2, true]
    ],
    [
      "by force before the end keeps what has a finalizer",
      dying(60, "00:02:00", { finalizers: ["f/x"] }),
      { gracePeriodSeconds: 0 },
      "00:01:05",
      ["00:01:05", 0, 2, false]
    ],
    [
      "takes up a removal that did not happen",
      dying(0, "00:01:00"),
      {},
      "00:01:05",
      [undefined, undefined, undefined, true]
    ],
    [
      "of what only a finalizer keeps changes nothing",
      dying(0, "00:01:00", { finalizers: ["f/x"] }),
      {},
      "00:01:05",
      unchanged
    ]
  ])("%s", (_, object, options, now, expected) => {
    expect(deleted(object, options, now)).toEqual(expected)
  })
})

describe("deletion options", () => {
  it("refuse the wrong life of a name (C-140)", () => {
    const decided = beforeDelete(pod(), { preconditions: { uid: "other" } }, at("00:01:00"), podDeletion)
    expect(Result.isFailure(decided) ? decided.failure : undefined).toEqual(
      conflict(
        { group: "", resource: "Pod" },
        "p",
        "the UID in the precondition (other) does not match the UID in record (u-1). The object might have been deleted and then recreated"
      )
    )
  })

  it.each<readonly [string, ReadonlyArray<string> | undefined]>([
    ["Foreground", ["f/x", "foregroundDeletion"]],
    ["Orphan", ["f/x", "orphan"]],
    ["Background", ["f/x"]]
  ])("with %s propagation leave the finalizers %j (C-139)", (propagationPolicy, finalizers) => {
    const decided = beforeDelete(
      pod({}, {}, { finalizers: ["f/x"] }),
      { propagationPolicy },
      at("00:01:00"),
      podDeletion
    )
    expect(Result.isSuccess(decided) ? decided.success.update?.metadata.finalizers : undefined).toEqual(finalizers)
  })

  it("mean nothing to a kind that is not deleted gracefully: it is removed, or waits for its finalizers (C-138)", () => {
    const strategy = { resource: { group: "", resource: "configmaps" }, gracePeriod: () => undefined }
    const object = { kind: "ConfigMap", apiVersion: "v1", metadata: { name: "m" } }
    expect(beforeDelete(object, {}, at("00:01:00"), strategy)).toEqual(
      Result.succeed({ update: undefined, remove: true })
    )
    const held = { ...object, metadata: { name: "m", finalizers: ["f/x"] } }
    expect(beforeDelete(held, {}, at("00:01:00"), strategy)).toEqual(
      Result.succeed({
        update: {
          ...held,
          metadata: { ...held.metadata, deletionTimestamp: "2026-01-01T00:01:00Z", deletionGracePeriodSeconds: 0 }
        },
        remove: false
      })
    )
  })
})

describe("an update", () => {
  const held = { finalizers: ["f/x"] }
  it.each<readonly [string, PodObject, boolean]>([
    ["of an object whose grace is over removes it", dying(0, "00:01:00", held), true],
    ["of an object without a grace period removes it", dying(undefined, "00:01:00", held), true],
    ["of an object that still has time does not", dying(30, "00:01:00", held), false],
    ["of an object that nobody deleted does not", pod({}, {}, held), false]
  ])("that takes the last finalizer %s (C-137, X-01)", (_, old, removes) => {
    const { finalizers: _none, ...metadata } = old.metadata
    expect(removesOnUpdate(old, { ...old, metadata })).toBe(removes)
    expect(removesOnUpdate(old, old)).toBe(false)
  })
})

describe("a refusal by name", () => {
  it.each([
    [notFound(pods, "p"), 404, "NotFound", 'pods "p" not found'],
    [alreadyExists(pods, "p"), 409, "AlreadyExists", 'pods "p" already exists'],
    [alreadyExists(pods, "p", true), 409, "AlreadyExists", 'object is being deleted: pods "p" already exists'],
    [notFound({ group: "apps", resource: "deployments" }, "d"), 404, "NotFound", 'deployments.apps "d" not found']
  ])("%j says %i %s", (status, code, reason, message) => {
    expect([status.code, status.reason, status.message]).toEqual([code, reason, message])
  })
})
