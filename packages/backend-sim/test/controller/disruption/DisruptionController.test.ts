/** Budgets in a simulated cluster: counted as pods come and go, asked by evictions. */
import { type ClusterEvent, type JsonObject, type KubernetesObject, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMessages, podMoments, replicaSetManifest, scenario, simulate } from "../../given.ts"

const { start } = scenario({ steps: [], until: "1s" })
const budget = (spec: object) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "b" },
  spec: { selector: { matchLabels: { app: "web" } }, ...spec }
})
const replicaSet = (replicas: number) => replicaSetManifest(replicas, { terminationGracePeriodSeconds: 3 })
const labelled = (name: string) => {
  const pod = podManifest(name, ["main"], { terminationGracePeriodSeconds: 3 })
  return { ...pod, metadata: { name, labels: { app: "web" } } }
}
const budgets = (facts: ReadonlyArray<ClusterEvent>) =>
  facts.flatMap((fact) => {
    const object = fact._tag === "ObjectChanged" ? (fact.object as unknown as KubernetesObject) : undefined
    if (object?.kind !== "PodDisruptionBudget") return []
    return [
      { seconds: ((fact as { observed: number }).observed - start) / SECOND, status: object["status"] as JsonObject }
    ]
  })
const counts = (facts: ReadonlyArray<ClusterEvent>) =>
  budgets(facts).map(({ status }) =>
    ["currentHealthy", "desiredHealthy", "expectedPods", "disruptionsAllowed"].map((field) => status[field]).join("/")
  )

describe("a budget", () => {
  it("C-351: of a part of the pods asks the ReplicaSet how many there are to be", () => {
    const steps = [
      { at: "0s", apply: replicaSet(3) },
      { at: "5s", apply: budget({ maxUnavailable: "34%" }) }
    ]
    expect(counts(simulate({ steps, until: "10s" }))).toEqual(["0/0/0/0", "3/1/3/2"])
  })

  it("C-352: without pods says so at every look", () => {
    const facts = simulate({ steps: [{ at: "0s", apply: budget({ minAvailable: 1 }) }], until: "5s" })
    expect(podMessages(facts)).toEqual(["NoPods x2: No matching pods found"])
  })

  it("C-352: with pods that nobody controls says so, and counts none of them", () => {
    const steps = [
      { at: "0s", apply: labelled("p") },
      { at: "5s", apply: budget({ maxUnavailable: 1 }) }
    ]
    const facts = simulate({ steps, until: "10s" })
    expect(counts(facts).at(-1)).toBe("1/0/0/0")
    expect(podMessages(facts)).toContainEqual(expect.stringMatching(/^UnmanagedPods x2: Pods selected by this/))
  })

  it("C-352: whose pods have an owner without a scale allows nothing and says why", () => {
    const owned = labelled("p")
    const ownerReferences = [{ apiVersion: "example.com/v1", kind: "Widget", name: "w", uid: "u", controller: true }]
    const steps = [
      { at: "0s", apply: { ...owned, metadata: { ...owned.metadata, ownerReferences } } },
      { at: "1s", apply: budget({ maxUnavailable: 1 }) }
    ]
    const facts = simulate({ steps, until: "1500ms" })
    expect(podMessages(facts)).toContainEqual(
      expect.stringMatching(
        /^CalculateExpectedPodCountFailed x\d+: Failed to calculate the number of expected pods: no matches for kind "Widget" in version "example.com\/v1"$/
      )
    )
    expect(budgets(facts)[1]?.status["conditions"]).toMatchObject([{ status: "False", reason: "SyncFailed" }])
  })

  it("C-152: pays for an eviction before the pod is deleted, and gets it back with the new pod", () => {
    const steps = [
      { at: "0s", apply: budget({ minAvailable: 1 }) },
      { at: "0s", apply: [labelled("p"), labelled("q")] },
      { at: "10s", evict: { pod: "p" } },
      { at: "11s", evict: { pod: "q" } }
    ]
    const facts = simulate({ steps, until: "30s" })
    const spent = budgets(facts).find(({ status }) => status["disruptedPods"] !== undefined)
    expect(spent?.status).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { p: "2026-01-01T00:00:10Z" } })
    const order = facts.flatMap((fact) =>
      fact._tag === "ObjectChanged" && (fact.observed ?? 0) === start + 10 * SECOND
        ? [(fact.object as unknown as KubernetesObject).kind]
        : []
    )
    expect(order).toEqual(["PodDisruptionBudget", "Pod", "Pod"])
    expect(podMoments(facts, "q").every(({ pod }) => pod.metadata.deletionTimestamp === undefined)).toBe(true)
  })

  it("C-353: takes back what was said of a pod that nobody deletes", () => {
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "EvictionByEvictionAPI",
      message: "Eviction API: evicting",
      lastTransitionTime: "2026-01-01T00:00:05Z"
    }
    const steps = [
      { at: "0s", apply: podManifest("p", ["main"]) },
      {
        at: "5s",
        patch: { kind: "Pod", name: "p", subresource: "status", patch: { status: { conditions: [condition] } } }
      }
    ]
    const taken = podMoments(simulate({ steps, until: "150s" })).filter(({ pod }) =>
      pod.status.conditions?.some(({ status, type }) => type === "DisruptionTarget" && status === "False")
    )
    expect(taken[0]?.seconds).toBeGreaterThanOrEqual(125)
    expect(taken[0]?.seconds).toBeLessThan(126)
    expect(taken[0]?.pod.status.conditions?.find(({ type }) => type === "DisruptionTarget")?.reason).toBeUndefined()
  })
})
