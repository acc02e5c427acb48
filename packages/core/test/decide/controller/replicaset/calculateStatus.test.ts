/** The status of a ReplicaSet, by the cases of `pkg/controller/replicaset/replica_set_utils_test.go` (TestCalculateStatus, TestCalculateStatusConditions). */
import { describe, expect, it } from "vitest"
import { calculateStatus } from "../../../../src/decide/controller/replicaset/calculateStatus.ts"
import { toTime } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"
import { NOW, type PodWords, pod } from "../given.ts"

const full = { labels: { foo: "bar" } }

const replicaSet = (replicas: number, status: JsonObject = {}, minReadySeconds = 0): KubernetesObject => ({
  kind: "ReplicaSet",
  apiVersion: "apps/v1",
  metadata: { name: "rs", generation: 3 },
  spec: { replicas, minReadySeconds, template: { metadata: { labels: { foo: "bar" } } } },
  status
})

const status = (
  given: KubernetesObject,
  active: ReadonlyArray<PodWords>,
  more: { terminating?: number; failure?: string } = {}
) =>
  calculateStatus(given, {
    active: active.map(pod),
    terminating: Array.from({ length: more.terminating ?? 0 }, () => pod({ deleting: true })),
    failure: more.failure,
    now: NOW
  })

describe("the status of a ReplicaSet", () => {
  it.each<[string, ReadonlyArray<PodWords>, number, [number, number, number, number]]>([
    ["1 fully labelled pod that is not ready", [full], 0, [1, 1, 0, 0]],
    ["1 pod that is not fully labelled", [{}], 0, [1, 0, 0, 0]],
    ["2 fully labelled", [full, full], 0, [2, 2, 0, 0]],
    ["1 fully labelled and 1 not", [full, {}], 0, [2, 1, 0, 0]],
    ["1 that is ready", [{ ...full, ready: 0 }], 0, [1, 1, 1, 1]],
    ["1 that is ready and not yet available", [{ ...full, ready: 5 }], 3_600, [1, 1, 1, 0]],
    ["no pods", [], 0, [0, 0, 0, 0]]
  ])("C-271: counts %s", (_, active, minReadySeconds, [replicas, labelled, ready, available]) => {
    expect(status(replicaSet(2, {}, minReadySeconds), active)).toEqual({
      replicas,
      fullyLabeledReplicas: labelled,
      readyReplicas: ready,
      availableReplicas: available,
      terminatingReplicas: 0,
      observedGeneration: 3,
      conditions: []
    })
  })

  it("C-271: says how many are going away, also none", () => {
    expect(status(replicaSet(1), [full], { terminating: 2 })).toMatchObject({ replicas: 1, terminatingReplicas: 2 })
    const told = { replicas: 1, fullyLabeledReplicas: 1, observedGeneration: 3 }
    expect(status(replicaSet(1, told), [full])).toMatchObject({ terminatingReplicas: 0 })
  })

  it("C-270: is not written when it says what is there", () => {
    const told = { replicas: 1, fullyLabeledReplicas: 1, terminatingReplicas: 0, observedGeneration: 3 }
    expect(status(replicaSet(1, told), [full])).toBeUndefined()
    expect(status(replicaSet(1, { ...told, observedGeneration: 2 }), [full])).toMatchObject({ observedGeneration: 3 })
  })

  it("C-272: tells of a failure with its reason until none is left", () => {
    const failure = { type: "ReplicaFailure", status: "True", lastTransitionTime: toTime(NOW), message: "no" }
    const conditions = (given: KubernetesObject, active: ReadonlyArray<PodWords>, why?: string) =>
      status(given, active, why === undefined ? {} : { failure: why })?.["conditions"]
    expect(conditions(replicaSet(2), [], "no")).toEqual([{ ...failure, reason: "FailedCreate" }])
    expect(conditions(replicaSet(0), [full], "no")).toEqual([{ ...failure, reason: "FailedDelete" }])
    const failed = replicaSet(2, { conditions: [{ ...failure, reason: "FailedCreate" }, { type: "Other" }] })
    expect(conditions(failed, [], "another")).toEqual([{ ...failure, reason: "FailedCreate" }, { type: "Other" }])
    expect(conditions(failed, [])).toEqual([{ type: "Other" }])
  })
})
