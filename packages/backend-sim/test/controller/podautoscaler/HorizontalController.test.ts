/** Autoscalers on a simulated cluster: what their programs use decides how many pods there are. */
import { type JsonObject, MILLISECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { ApiServer } from "../../../src/apiserver/ApiServer.ts"
import { type Given, simulate } from "../../given.ts"
import { eventMoments, type ObjectMoment, objectMoments } from "../clusterObjects.ts"
import { TestControlPlane } from "../TestControlPlane.ts"

const web = (replicas: number, resources: object = { requests: { cpu: "100m" } }) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "main", image: "busybox:1", resources }] }
    }
  }
})

const cpu = (averageUtilization: number) => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } }
})

const hpa = (spec: object = {}, name = "web") => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    maxReplicas: 10,
    metrics: [cpu(50)],
    ...spec
  }
})

const load = (...usages: ReadonlyArray<readonly [at: string, usage: string]>) => ({
  main: [{ cpu: usages.map(([at, usage]) => ({ at, usage })) }]
})

const run = (given: Partial<Given>) =>
  simulate({ nodes: [{ name: "n-1", cpu: 16 }], steps: [], until: "10m", ...given })

type Facts = ReturnType<typeof simulate>

const conditions = (facts: Facts, name = "web") =>
  objectMoments(facts, "HorizontalPodAutoscaler", name).map(({ object, seconds }) => {
    const status = object["status"] as {
      conditions?: ReadonlyArray<{ type: string; status: string; reason: string; message: string }>
    }
    return { seconds, status: status as Record<string, unknown>, conditions: status.conditions ?? [] }
  })

const last = (facts: Facts, name = "web") => {
  const found = conditions(facts, name).at(-1)
  if (found === undefined) throw new Error("there is no such autoscaler")
  return found
}

const told = (facts: Facts, name = "web") =>
  last(facts, name).conditions.map(({ reason, status, type }) => `${type}=${status} ${reason}`)

const rescales = (facts: Facts) =>
  eventMoments(facts, "SuccessfulRescale").map(({ message, seconds }) => ({ message, seconds }))

const sizes = (facts: Facts) =>
  objectMoments(facts, "Deployment", "web")
    .map(({ object }) => (object["spec"] as { replicas: number }).replicas)
    .filter((size, i, all) => size !== all[i - 1])

describe("an autoscaler whose pods get busy", () => {
  const facts = run({
    runs: load(["0s", "50m"], ["6m", "400m"]),
    steps: [{ at: "0s", apply: [web(2), hpa()] }],
    until: "8m"
  })

  it("does not know what they use before they were measured twice", () => {
    const failed = eventMoments(facts, "FailedGetResourceMetric")
    expect(failed[0]?.message).toBe(
      "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API"
    )
    expect(failed[0]?.object["source"]).toEqual({ component: "horizontal-pod-autoscaler" })
    expect(eventMoments(facts, "FailedComputeMetricsReplicas")[0]?.message).toBe(
      "invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API"
    )
    const [, first] = conditions(facts)
    expect(first?.seconds).toBeGreaterThan(15)
    expect(first?.seconds).toBeLessThan(15.2)
    expect(first?.conditions).toMatchObject([
      { type: "AbleToScale", status: "True", reason: "SucceededGetScale" },
      {
        type: "ScalingActive",
        status: "False",
        reason: "FailedGetResourceMetric",
        message:
          "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API"
      }
    ])
    expect(first?.status).toMatchObject({ currentReplicas: 2, desiredReplicas: 0, currentMetrics: [{ type: "" }] })
  })

  it("is content while they use what they should", () => {
    const quiet = conditions(facts)
      .filter(({ seconds }) => seconds < 360)
      .at(-1)
    expect(quiet?.status).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 2,
      currentMetrics: [
        { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 50, averageValue: "50m" } } }
      ]
    })
    expect(quiet?.conditions.map(({ reason }) => reason)).toEqual([
      "ReadyForNewScale",
      "ValidMetricFound",
      "DesiredWithinRange"
    ])
  })

  it("S-389, X-24: grows to twice its size at most, every fifteen seconds, up to its maximum", () => {
    expect(sizes(facts)).toEqual([2, 4, 8, 10])
    expect(rescales(facts).map(({ message }) => message)).toEqual(
      [4, 8, 10].map(
        (size) => `New size: ${size}; reason: cpu resource utilization (percentage of request) above target`
      )
    )
    const at = rescales(facts).map(({ seconds }) => seconds)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeCloseTo(15, 0)
    const limited = conditions(facts).flatMap(({ conditions: all }) =>
      all.filter(({ type }) => type === "ScalingLimited")
    )
    expect(limited.map(({ reason }) => reason)).toContain("ScaleUpLimit")
    expect(limited.at(-1)).toMatchObject({
      status: "True",
      reason: "TooManyReplicas",
      message: "the desired replica count is more than the maximum replica count"
    })
  })
})

describe("an autoscaler whose pods get idle", () => {
  it("S-389, X-24: waits until nobody has asked for more for five minutes, then shrinks at once", () => {
    const facts = run({
      runs: load(["0s", "100m"], ["6m", "10m"]),
      steps: [{ at: "0s", apply: [web(4), hpa({ metrics: [cpu(100)] })] }],
      until: "13m"
    })
    const held = conditions(facts).find(({ conditions: all }) => all[0]?.reason === "ScaleDownStabilized")
    expect(held?.seconds).toBeGreaterThan(360)
    expect(held?.conditions[0]?.message).toBe(
      "recent recommendations were higher than current one, applying the highest recent recommendation"
    )
    expect(sizes(facts)).toEqual([4, 1])
    const [down] = rescales(facts)
    expect(down?.message).toBe("New size: 1; reason: All metrics below target")
    expect((down?.seconds ?? 0) - (held?.seconds ?? 0)).toBeGreaterThan(270)
    expect((down?.seconds ?? 0) - (held?.seconds ?? 0)).toBeLessThan(320)
    expect(last(facts).status["lastScaleTime"]).toMatch(/^2026-01-01T00:1[012]:/)
  })

  it("shrinks as fast as its behavior allows", () => {
    const behavior = {
      scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] }
    }
    const facts = run({
      runs: load(["0s", "100m"], ["6m", "10m"]),
      steps: [{ at: "0s", apply: [web(4), hpa({ metrics: [cpu(100)], behavior })] }],
      until: "10m"
    })
    expect(sizes(facts)).toEqual([4, 3, 2, 1])
    const at = rescales(facts).map(({ seconds }) => seconds)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(59)
    const limits = conditions(facts).flatMap(({ conditions: all }) => all.map(({ reason }) => reason))
    expect(limits).toContain("ScaleDownLimit")
  })
})

describe("an autoscaler that needs no metrics", () => {
  it("brings its target within its bounds, and leaves one alone that somebody scaled to zero", () => {
    const facts = run({
      steps: [
        { at: "0s", apply: [web(1), hpa({ minReplicas: 3, maxReplicas: 4 })] },
        { at: "60s", scale: { kind: "Deployment", name: "web", replicas: 7 } },
        { at: "120s", scale: { kind: "Deployment", name: "web", replicas: 0 } }
      ],
      until: "3m"
    })
    expect(rescales(facts).map(({ message }) => message)).toEqual([
      "New size: 3; reason: Current number of replicas below Spec.MinReplicas",
      "New size: 4; reason: Current number of replicas above Spec.MaxReplicas",
      // Nobody has asked for so many: there is nothing to wait for.
      "New size: 3; reason: All metrics below target"
    ])
    expect(told(facts)).toContain("ScalingActive=False ScalingDisabled")
    expect(last(facts).status).toMatchObject({ currentMetrics: null, desiredReplicas: 0 })
    expect(sizes(facts)).toEqual([1, 3, 7, 4, 3, 0])
  })
})

const isAboutOne = ({ object }: ObjectMoment): boolean =>
  (object["involvedObject"] as { readonly kind?: string }).kind === "HorizontalPodAutoscaler"

describe("an autoscaler of the first version of its API", () => {
  it("works as one of the second, and is changed by its own kind of manifest", () => {
    const { apiVersion: _, ...v2 } = hpa()
    const v1 = (targetCPUUtilizationPercentage: number) => {
      const { metrics: __, ...spec } = v2.spec
      return { ...v2, apiVersion: "autoscaling/v1", spec: { ...spec, targetCPUUtilizationPercentage } }
    }
    const facts = run({
      runs: load(["0s", "50m"]),
      steps: [
        { at: "0s", apply: [web(2), v1(50)] },
        { at: "90s", apply: v1(25) }
      ],
      until: "2m"
    })
    expect(facts.filter(({ _tag }) => _tag === "Warned")).toEqual([])
    expect(objectMoments(facts, "HorizontalPodAutoscaler").at(-1)?.object).toMatchObject({
      apiVersion: "autoscaling/v2",
      spec: { metrics: [cpu(25)] }
    })
    expect(sizes(facts)).toEqual([2, 4])
  })
})

describe("an autoscaler that cannot work", () => {
  const failure = (spec: object, deployment: object = web(1)) => {
    const facts = run({ steps: [{ at: "0s", apply: [deployment, hpa(spec)] }], until: "3m" })
    return {
      events: objectMoments(facts, "Event")
        .filter(isAboutOne)
        .map(({ object }) => object),
      facts
    }
  }

  it.each([
    [
      { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "other" } },
      'deployments.apps "other" not found'
    ],
    [
      { scaleTargetRef: { apiVersion: "apps/v1", kind: "DaemonSet", name: "web" } },
      "the server could not find the requested resource"
    ],
    [
      { scaleTargetRef: { apiVersion: "example.com/v1", kind: "Gadget", name: "web" } },
      'no matches for kind "Gadget" in group "example.com"'
    ]
  ])("%j: says that it finds nothing", (spec, why) => {
    const { events, facts } = failure(spec)
    expect(events[0]).toMatchObject({ reason: "FailedGetScale", message: why })
    expect(last(facts).conditions).toMatchObject([
      {
        type: "AbleToScale",
        status: "False",
        reason: "FailedGetScale",
        message: `the HPA controller was unable to get the target's current scale: ${why}`
      }
    ])
  })

  it("says which container does not ask for what is measured", () => {
    const { events } = failure({}, web(1, {}))
    expect(events.at(-1)?.message).toMatch(
      /^invalid metrics \(1 invalid out of 1\), first error is: failed to get cpu resource metric value: failed to get cpu utilization: missing request for cpu in container main of Pod web-/
    )
  })

  it("asks in vain for metrics that nobody serves", () => {
    const external = { metric: { name: "queue" }, target: { type: "AverageValue", averageValue: "30" } }
    const { events, facts } = failure({ metrics: [{ type: "External", external }] })
    expect(events.find(({ reason }) => reason === "FailedGetExternalMetric")?.message).toBe(
      "unable to get external metric test/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)"
    )
    expect(told(facts)).toContain("ScalingActive=False FailedGetExternalMetric")
  })

  it("does not share its pods with another", () => {
    const facts = run({ steps: [{ at: "0s", apply: [web(1), hpa(), hpa({}, "again")] }], until: "3m" })
    const message = "pods by selector app=web are controlled by multiple HPAs: [test/again test/web]"
    expect(eventMoments(facts, "AmbiguousSelector").map((event) => event.message)).toContain(message)
    expect(told(facts, "again")).toContain("ScalingActive=False AmbiguousSelector")
  })
})

describe("an autoscaler by memory", () => {
  it("takes what the processes have, as an average or a share", () => {
    const average = { type: "AverageValue", averageValue: "64Mi" }
    const metrics = [
      { type: "ContainerResource", containerResource: { name: "memory", container: "main", target: average } }
    ]
    const facts = run({
      runs: { main: [{ memory: [{ at: "0s", usage: "96Mi" }] }] },
      steps: [{ at: "0s", apply: [web(2), hpa({ metrics, maxReplicas: 3 })] }],
      until: "90s"
    })
    expect(sizes(facts)).toEqual([2, 3])
    expect(last(facts).status["currentMetrics"]).toEqual([
      {
        type: "ContainerResource",
        containerResource: { container: "main", name: "memory", current: { averageValue: "96Mi" } }
      }
    ])
    expect(rescales(facts)[0]?.message).toBe("New size: 3; reason: memory resource above target")
  })
})

describe("pods whose kubelet cannot be asked", () => {
  it("count against a change: a part that is not seen does not make the target shrink", () => {
    const facts = run({
      nodes: ["n-1", "n-2"].map((name) => ({ name, cpu: 4 })),
      runs: load(["0s", "100m"], ["3m", "60m"]),
      steps: [
        {
          at: "0s",
          apply: [web(4), hpa({ metrics: [cpu(100)], behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } })]
        },
        { at: "170s", node: { name: "n-2", kubelet: "stop" } }
      ],
      until: "200s"
    })
    // Two of four use 60 %; the others are taken to use all they ask for: 80 % of four is more than three.
    expect(sizes(facts)).toEqual([4])
  })
})

describe("a target that somebody else writes at the same moment", () => {
  it("is tried again with its newest version", () => {
    const plane = new TestControlPlane()
    plane.create(web(1) as unknown as JsonObject)
    plane.create(hpa({ minReplicas: 2 }) as unknown as JsonObject)
    let meddled = 0
    // Between the read of its size and the write: a label, once.
    plane.api.get = (of) => {
      const found = ApiServer.prototype.get.call(plane.api, of)
      if (of.kind === "Deployment" && meddled++ === 0)
        plane.engine.after("test", MILLISECOND, () =>
          plane.patch("Deployment", "web", { metadata: { labels: { a: "b" } } })
        )
      return found
    }
    plane.run(20)
    expect(plane.events).toContain(
      "SuccessfulRescale: New size: 2; reason: Current number of replicas below Spec.MinReplicas"
    )
    expect(plane.events.filter((event) => event.startsWith("FailedRescale"))).toEqual([])
    expect(plane.get("Deployment", "web")).toMatchObject({ metadata: { labels: { a: "b" } }, spec: { replicas: 2 } })
    expect(meddled).toBeGreaterThan(2)
  })
})
