/** What ReplicaSets remember, and which of them is new, by the cases of `pkg/controller/deployment/util/deployment_util_test.go`. */
import { describe, expect, it } from "vitest"
import { newReplicaSet, replicaSetName } from "../../../../src/decide/controller/deployment/newReplicaSet.ts"
import {
  equalIgnoreHash,
  findNewReplicaSet,
  findOldReplicaSets,
  isSaturated,
  templateOf
} from "../../../../src/decide/controller/deployment/replicaSets.ts"
import {
  desiredReplicas,
  lastRevision,
  maxRevision,
  needReplicasAnnotations,
  newReplicaSetAnnotations,
  replicaSetRevision,
  rollbackTo,
  rolledBackAnnotations
} from "../../../../src/decide/controller/deployment/revision.ts"
import { deployment, replicaSet, rolling, template } from "./given.ts"

const REVISION = "deployment.kubernetes.io/revision"
const HISTORY = "deployment.kubernetes.io/revision-history"
const revised = (revision: string, more: { readonly [key: string]: string } = {}) =>
  replicaSet({ annotations: { [REVISION]: revision, ...more } })

describe("revisions", () => {
  it("C-273: are numbers, none is 0, and what is no number does not count", () => {
    const all = [revised("3"), revised("x"), revised("7"), replicaSet(), revised("5")]
    expect(all.map(replicaSetRevision)).toEqual([3n, undefined, 7n, 0n, 5n])
    // Beyond what a number of JavaScript holds.
    expect(maxRevision([revised("3546343826724305832")]) + 1n).toBe(3_546_343_826_724_305_833n)
    expect([maxRevision(all), lastRevision(all), maxRevision([]), lastRevision([revised("1")])]).toEqual([
      7n,
      5n,
      0n,
      0n
    ])
  })

  it("C-273: the new ReplicaSet has one more than the old ones, and remembers its former ones when it comes back", () => {
    const given = deployment()
    expect(newReplicaSetAnnotations(given, revised("2"), 5n)).toMatchObject({ [REVISION]: "5", [HISTORY]: "2" })
    const again = revised("5", { [HISTORY]: "2" })
    expect(newReplicaSetAnnotations(given, again, 7n)).toMatchObject({ [REVISION]: "7", [HISTORY]: "2,5" })
  })

  it("C-273: a higher one stays, and nothing is written without a change", () => {
    expect(newReplicaSetAnnotations(deployment(), revised("9"), 5n)).toBeUndefined()
    expect(newReplicaSetAnnotations(deployment(), revised("x"), 5n)).toBeUndefined()
  })

  it("C-273: the history forgets its oldest when it becomes too long", () => {
    const long = Array.from({ length: 400 }, (_, i) => String(1_000 + i)).join(",")
    const annotations = newReplicaSetAnnotations(deployment(), revised("1999", { [HISTORY]: long }), 2_000n)
    const history = annotations?.[HISTORY] ?? ""
    expect(history.length).toBeLessThanOrEqual(2_000)
    expect([history.startsWith("1001,"), history.endsWith(",1399,1999")]).toEqual([true, true])
  })

  it("C-273: the Deployment's annotations are copied, but for those that are of one object", () => {
    const given = deployment(
      {},
      {},
      {
        note: "b",
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        [REVISION]: "99"
      }
    )
    expect(newReplicaSetAnnotations(given, revised("1", { own: "kept", note: "a" }), 1n)).toEqual({
      [REVISION]: "1",
      own: "kept",
      note: "b"
    })
  })

  it("a roll-back takes the old ReplicaSet's annotations back", () => {
    const given = deployment({}, {}, { [REVISION]: "2", cause: "new", only: "here" })
    expect(rolledBackAnnotations(given, revised("1", { cause: "old" }))).toEqual({ [REVISION]: "2", cause: "old" })
    const asked = (value: string) =>
      rollbackTo(deployment({}, {}, { "deprecated.deployment.rollback.rollbackTo": value }))
    expect([asked("0"), asked("3"), asked("x"), rollbackTo(deployment())]).toEqual([0n, 3n, undefined, undefined])
  })
})

describe("what a ReplicaSet knows of its Deployment's size", () => {
  const known = (desired: string, max: string) =>
    replicaSet({
      replicas: 10,
      available: 10,
      annotations: {
        "deployment.kubernetes.io/desired-replicas": desired,
        "deployment.kubernetes.io/max-replicas": max
      }
    })
  const given = deployment({ replicas: 10, strategy: rolling(10, 0) })

  it.each([
    ["8", "20", true],
    ["10", "16", true],
    ["10", "20", false]
  ])("C-273: desired %s and most %s are out of date: %s", (desired, max, outdated) => {
    expect(needReplicasAnnotations(known(desired, max), given)).toBe(outdated)
  })

  it("is nothing when it is no number that may be", () => {
    expect(["10", "-1", "x", "2147483648", ""].map((text) => desiredReplicas(known(text, "20")))).toEqual([
      10,
      undefined,
      undefined,
      undefined,
      undefined
    ])
  })

  it("says whether it is saturated: all there, known and available", () => {
    const full = known("10", "20")
    expect(isSaturated(given, full)).toBe(true)
    expect(isSaturated(given, undefined)).toBe(false)
    expect(isSaturated(given, known("8", "20"))).toBe(false)
    expect(isSaturated(given, { ...full, status: { ...full.status, availableReplicas: 9 } })).toBe(false)
  })
})

describe("the new ReplicaSet", () => {
  it("is the oldest with the Deployment's template, whatever its hash; all others are old", () => {
    const other = template({ app: "web", "pod-template-hash": "x" }, { nodeName: "n" })
    const all = [
      replicaSet({ name: "twin", age: 1 }),
      replicaSet({ name: "other", age: 30, template: other }),
      replicaSet({ name: "first", age: 20 })
    ]
    expect(findNewReplicaSet(deployment(), all)?.metadata.name).toBe("first")
    expect(findOldReplicaSets(deployment(), all).map(({ metadata }) => metadata.name)).toEqual(["other", "twin"])
    expect(findNewReplicaSet(deployment({ template: template({ app: "x" }) }), all)).toBeUndefined()
  })

  it("templates without labels are the same as with the hash alone", () => {
    expect(equalIgnoreHash({ metadata: {} }, { metadata: { labels: { "pod-template-hash": "x" } } })).toBe(true)
    expect(equalIgnoreHash({ metadata: { creationTimestamp: null } }, { metadata: {} })).toBe(true)
    expect(equalIgnoreHash({ metadata: { labels: { a: "b" } } }, { metadata: { labels: { a: "c" } } })).toBe(false)
  })

  it("C-273: has the Deployment's name and the hash, in its name, labels, selector and template", () => {
    const given = deployment({ replicas: 4, strategy: rolling(2, 0), minReadySeconds: 5 })
    const made = newReplicaSet(given, [replicaSet({ name: "old", replicas: 4, annotations: { [REVISION]: "3" } })])
    const hash = made.metadata.labels?.["pod-template-hash"] ?? ""
    const labels = { app: "web", "pod-template-hash": hash }
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]+$/)
    expect(made).toEqual({
      kind: "ReplicaSet",
      apiVersion: "apps/v1",
      metadata: {
        name: `web-${hash}`,
        namespace: "n",
        labels,
        annotations: {
          [REVISION]: "4",
          "deployment.kubernetes.io/desired-replicas": "4",
          "deployment.kubernetes.io/max-replicas": "6"
        },
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "Deployment",
            name: "web",
            uid: "d",
            controller: true,
            blockOwnerDeletion: true
          }
        ]
      },
      spec: {
        replicas: 2,
        minReadySeconds: 5,
        selector: { matchLabels: labels },
        template: { ...template(), metadata: { labels } }
      },
      status: {}
    })
    expect(templateOf(made)).toEqual(template())
    expect(newReplicaSet({ ...given, status: { collisionCount: 1 } }, []).metadata.name).not.toBe(made.metadata.name)
  })

  it("C-273: a long name is cut, the hash is not", () => {
    expect(replicaSetName("a".repeat(253), "12345")).toBe(`${"a".repeat(247)}-12345`)
    expect(replicaSetName("web", "12345")).toBe("web-12345")
  })
})
