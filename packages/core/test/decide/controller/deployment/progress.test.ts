/** How far a roll-out is, by the cases of `pkg/controller/deployment/progress_test.go` and `util/deployment_util_test.go`. */
import { describe, expect, it } from "vitest"
import { deploymentStatus, sameDeploymentStatus } from "../../../../src/decide/controller/deployment/calculateStatus.ts"
import {
  conditionOf,
  newCondition,
  pausedCondition,
  replicaFailure,
  withCondition
} from "../../../../src/decide/controller/deployment/conditions.ts"
import type { DeploymentCondition, DeploymentStatus } from "../../../../src/decide/controller/deployment/Deployment.ts"
import { isComplete, progressCheck, rolloutStatus } from "../../../../src/decide/controller/deployment/progress.ts"
import { type Instant, SECOND, toTime } from "../../../../src/event/Instant.ts"
import { ago, NOW } from "../given.ts"
import { condition, deployment, replicaSet, rolling } from "./given.ts"

const counts = (replicas: number, updated: number, available: number): DeploymentStatus => ({
  replicas,
  updatedReplicas: updated,
  readyReplicas: available,
  availableReplicas: available,
  observedGeneration: 1
})

describe("a Deployment is complete", () => {
  it.each<[string, number, [number, number, number], boolean]>([
    ["not while one pod is not available", 5, [5, 5, 4], false],
    ["when all are new and available", 5, [5, 5, 5], true],
    ["not while one is old", 5, [5, 4, 5], false],
    ["not while an old one runs beside", 1, [2, 1, 1], false],
    ["not when nothing ever comes up", 1, [1, 1, 0], false]
  ])("C-282: %s", (_, replicas, [actual, updated, available], complete) => {
    expect(isComplete(deployment({ replicas }), counts(actual, updated, available))).toBe(complete)
  })

  it("C-282: not before the controller has seen what is wanted now", () => {
    const given = deployment({ replicas: 1 })
    const changed = { ...given, metadata: { ...given.metadata, generation: 2 } }
    expect(isComplete(changed, counts(1, 1, 1))).toBe(false)
  })
})

describe("a roll-out", () => {
  const updated = condition("Progressing", "True", "ReplicaSetUpdated", 120)
  const available = condition("Progressing", "True", "NewReplicaSetAvailable", 120)
  const timedOut = condition("Progressing", "False", "ProgressDeadlineExceeded", 120)
  const fresh = (replicas: number, actual: number, ready: number) =>
    replicaSet({ name: "foo", replicas, actual, available: ready })
  const bar = (replicas: number, actual: number, ready: number) =>
    replicaSet({ name: "bar", replicas, actual, available: ready })

  interface Case {
    readonly deadline?: number
    readonly before: DeploymentStatus
    readonly conditions: ReadonlyArray<DeploymentCondition>
    readonly old?: ReturnType<typeof bar>
    readonly fresh?: ReturnType<typeof fresh>
  }
  const told = ({ before, conditions, deadline = 60, fresh: made, old }: Case) => {
    const given = deployment({ replicas: 3, progressDeadlineSeconds: deadline }, { ...before, conditions })
    const status = rolloutStatus(given, { fresh: made, old: old === undefined ? [] : [old] }, NOW)
    const found = conditionOf(status, "Progressing")
    return found === undefined
      ? undefined
      : [found.status, found.reason, found.lastUpdateTime === ago(0), found.lastTransitionTime === ago(0)]
  }

  it.each<[string, Case, ReturnType<typeof told>]>([
    [
      "has no Progressing without a deadline",
      {
        deadline: 2_147_483_647,
        before: counts(2, 2, 2),
        conditions: [updated],
        old: bar(0, 1, 1),
        fresh: fresh(3, 2, 2)
      },
      undefined
    ],
    [
      "that has ended before is not measured again",
      { before: counts(3, 3, 3), conditions: [available], fresh: bar(3, 3, 3) },
      ["True", "NewReplicaSetAvailable", false, false]
    ],
    [
      "shows its progress and keeps the time since when it progresses",
      { before: counts(2, 1, 1), conditions: [updated], old: bar(0, 1, 1), fresh: fresh(3, 2, 2) },
      ["True", "ReplicaSetUpdated", true, false]
    ],
    [
      "progresses anew after it had stopped",
      { before: counts(2, 1, 1), conditions: [timedOut], old: bar(0, 1, 1), fresh: fresh(3, 2, 2) },
      ["True", "ReplicaSetUpdated", true, true]
    ],
    [
      "progresses for the first time",
      { before: counts(2, 1, 1), conditions: [], old: bar(0, 1, 1), fresh: fresh(3, 2, 2) },
      ["True", "ReplicaSetUpdated", true, true]
    ],
    [
      "that is complete has progressed all the time",
      { before: counts(3, 3, 2), conditions: [updated], fresh: fresh(3, 3, 3) },
      ["True", "NewReplicaSetAvailable", true, false]
    ],
    [
      "that is complete after it had stopped",
      { before: counts(3, 3, 2), conditions: [timedOut], fresh: fresh(3, 3, 3) },
      ["True", "NewReplicaSetAvailable", true, true]
    ],
    [
      "takes too long",
      { before: counts(2, 2, 2), conditions: [updated], fresh: fresh(3, 2, 2) },
      ["False", "ProgressDeadlineExceeded", true, true]
    ],
    [
      "took too long before",
      { before: counts(2, 2, 2), conditions: [timedOut], fresh: fresh(3, 2, 2) },
      ["False", "ProgressDeadlineExceeded", false, false]
    ],
    [
      "has still time",
      { deadline: 600, before: counts(2, 2, 2), conditions: [updated], fresh: fresh(3, 2, 2) },
      ["True", "ReplicaSetUpdated", false, false]
    ]
  ])("C-280 C-282: %s", (_, given, expected) => {
    expect(told(given)).toEqual(expected)
  })

  it("C-280: names the ReplicaSet, or the Deployment before it has one", () => {
    const given = deployment({ replicas: 1 }, { ...counts(0, 0, 0), conditions: [updated] })
    const messages = [fresh(1, 1, 0), undefined].map((made) => {
      const old = made === undefined ? [bar(1, 1, 1)] : []
      return conditionOf(rolloutStatus(given, { fresh: made, old }, NOW), "Progressing")?.message
    })
    expect(messages).toEqual(['ReplicaSet "foo" is progressing.', 'Deployment "web" is progressing.'])
  })

  it("C-280: tells of a failure of its ReplicaSets, the new one's first, until there is none", () => {
    const failed = (name: string, message: string) =>
      replicaSet({
        name,
        status: {
          conditions: [
            { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message, lastTransitionTime: ago(9) }
          ]
        }
      })
    const failure = replicaFailure(failed("new", "a"), [failed("old", "b"), failed("new", "a")])
    expect(failure).toEqual({
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      message: "a",
      lastUpdateTime: ago(9),
      lastTransitionTime: ago(9)
    })
    expect(replicaFailure(undefined, [failed("old", "b")])?.message).toBe("b")
    const given = deployment({}, failure === undefined ? {} : { conditions: [failure] })
    const types = (owned: Parameters<typeof rolloutStatus>[1]) =>
      rolloutStatus(given, owned, NOW).conditions?.map(({ type }) => type)
    expect(types({ fresh: failed("new", "a"), old: [] })).toContain("ReplicaFailure")
    expect(types({ fresh: bar(1, 0, 0), old: [] })).not.toContain("ReplicaFailure")
  })
})

describe("a roll-out without news", () => {
  const stuck = condition("Progressing", "True", "x", 30)
  const failed = condition("Progressing", "False", "ProgressDeadlineExceeded")
  const check = (
    conditions: ReadonlyArray<DeploymentCondition>,
    after: [number, number, number],
    late = 0,
    progressDeadlineSeconds = 60
  ) => {
    const given = deployment({ replicas: 3, progressDeadlineSeconds }, { ...counts(3, 3, 1), conditions })
    return progressCheck(given, counts(...after), (NOW + late) as Instant)
  }

  it("C-280: is looked at again when its deadline is over, and a second later", () => {
    expect(check([stuck], [3, 3, 1])).toBe(31 * SECOND)
    expect(check([stuck], [3, 3, 1], 29 * SECOND)).toBe(2 * SECOND)
    expect(check([stuck], [3, 3, 1], 29 * SECOND + 1)).toBe("now")
    expect(check([stuck], [3, 3, 1], 90 * SECOND)).toBe("now")
  })

  it("C-280: is not looked at again without a deadline, when it is complete, or when that was told", () => {
    expect(check([stuck], [3, 3, 1], 0, 2_147_483_647)).toBeUndefined()
    expect(check([], [3, 3, 1])).toBeUndefined()
    expect(check([stuck], [3, 3, 3])).toBeUndefined()
    expect(check([failed], [3, 3, 0])).toBeUndefined()
  })
})

describe("the status of a Deployment", () => {
  it("C-283: sums up what its ReplicaSets say", () => {
    const fresh = replicaSet({ name: "new", replicas: 2, actual: 2, available: 1, status: { terminatingReplicas: 1 } })
    const old = [replicaSet({ name: "old", replicas: 3, actual: 4, available: 3, status: { terminatingReplicas: 2 } })]
    const { conditions: _, ...told } = deploymentStatus(deployment({}, { collisionCount: 2 }), { fresh, old }, NOW)
    expect(told).toEqual({
      observedGeneration: 1,
      replicas: 6,
      updatedReplicas: 2,
      readyReplicas: 4,
      availableReplicas: 4,
      unavailableReplicas: 1,
      terminatingReplicas: 3,
      collisionCount: 2
    })
  })

  it("C-283: does not say how many go when a ReplicaSet does not; one that nobody has looked at does not count", () => {
    const silent = { terminatingReplicas: undefined }
    const terminating = (status: object) =>
      deploymentStatus(deployment(), { fresh: replicaSet({ status: { ...silent, ...status } }), old: [] }, NOW)
        .terminatingReplicas
    expect([terminating({}), terminating({ observedGeneration: 0 })]).toEqual([undefined, 0])
  })

  it.each([
    [10, 2, 8, "True", "MinimumReplicasAvailable", "Deployment has minimum availability."],
    [10, 2, 7, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."],
    [0, 2, 0, "True", "MinimumReplicasAvailable", "Deployment has minimum availability."]
  ])(
    "C-281: of %i with %i unavailable, %i available: %s %s",
    (replicas, unavailable, ready, status, reason, message) => {
      const given = deployment({ replicas, strategy: rolling(1, unavailable) })
      const fresh = replicaSet({ replicas, available: ready })
      expect(conditionOf(deploymentStatus(given, { fresh, old: [] }, NOW), "Available")).toEqual({
        type: "Available",
        status,
        reason,
        message,
        lastUpdateTime: toTime(NOW),
        lastTransitionTime: toTime(NOW)
      })
    }
  )

  it("is the same when what is left out is nothing", () => {
    expect(sameDeploymentStatus({ replicas: 0, conditions: [] }, {})).toBe(true)
    expect(sameDeploymentStatus({ terminatingReplicas: 0 }, {})).toBe(false)
    expect(sameDeploymentStatus({ replicas: 1 }, {})).toBe(false)
  })
})

describe("conditions", () => {
  const [a, b] = [condition("A", "True", "x", 60), condition("B", "True", "x", 60)]

  it("C-282: stay as they are with the same status and reason, whatever their message", () => {
    const next = newCondition({ type: "A", status: "True", reason: "x", message: "new" }, NOW)
    expect(withCondition([a, b], next)).toEqual([a, b])
  })

  it("C-282: with another reason they move to the end and keep their transition, with another status not even that", () => {
    const reason = newCondition({ type: "A", status: "True", reason: "y", message: "" }, NOW)
    expect(withCondition([a, b], reason)).toEqual([b, { ...reason, lastTransitionTime: ago(60) }])
    const status = newCondition({ type: "A", status: "False", reason: "x", message: "" }, NOW)
    expect(withCondition([a, b], status)).toEqual([b, status])
  })

  it("C-280: a pause is told once, its end once, and neither after the deadline was missed", () => {
    const reason = (paused: boolean, before?: string) =>
      pausedCondition(paused, before === undefined ? undefined : condition("Progressing", "Unknown", before))?.reason
    expect([reason(true), reason(true, "NewReplicaSetAvailable")]).toEqual(["DeploymentPaused", "DeploymentPaused"])
    expect([reason(true, "DeploymentPaused"), reason(false, "DeploymentPaused")]).toEqual([
      undefined,
      "DeploymentResumed"
    ])
    expect([reason(false, "DeploymentResumed"), reason(true, "ProgressDeadlineExceeded")]).toEqual([
      undefined,
      undefined
    ])
  })
})
