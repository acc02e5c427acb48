/** Kinds in other versions than that in which they are stored. */
import {
  builtInResources,
  type Instant,
  type KubernetesObject,
  type ServedChange,
  type ServedCluster,
  type ServedResource,
  type ServedWrite
} from "@kubereel/core"
import { expect, test } from "vitest"
import { Versions } from "../../src/http/Versions.ts"

const named = (group: string, version: string, name: string): ServedResource =>
  builtInResources().find(
    (one) => one.group === group && one.version === version && one.resource === name
  ) as ServedResource

const stored: KubernetesObject = {
  kind: "Event",
  apiVersion: "v1",
  metadata: { name: "e", namespace: "shop", resourceVersion: "7" },
  involvedObject: { kind: "Pod", name: "p" },
  reason: "Pulled",
  message: "it is there",
  source: { component: "kubelet" },
  firstTimestamp: "2026-01-01T00:00:00Z",
  count: 3,
  type: "Normal",
  eventTime: null,
  reportingComponent: "kubelet",
  reportingInstance: "n"
}

const shown = {
  kind: "Event",
  apiVersion: "events.k8s.io/v1",
  metadata: stored.metadata,
  regarding: { kind: "Pod", name: "p" },
  reason: "Pulled",
  note: "it is there",
  deprecatedSource: { component: "kubelet" },
  deprecatedFirstTimestamp: "2026-01-01T00:00:00Z",
  deprecatedCount: 3,
  type: "Normal",
  eventTime: null,
  reportingController: "kubelet",
  reportingInstance: "n"
}

const cluster = (object: KubernetesObject, of: ServedResource) => {
  const writes: Array<ServedWrite> = []
  const resources = [of]
  const asked = <A>(resource: ServedResource, answer: A): A => {
    if (resource !== of) throw new Error("the cluster is asked for what it stores")
    return answer
  }
  const served: ServedCluster = {
    now: () => 0 as Instant,
    version: "v1.36.3",
    resources: () => resources,
    warnings: () => [],
    list: async ({ resource }) => asked(resource, { items: [object], resourceVersion: "9" }),
    get: async ({ resource }) => asked(resource, object),
    resourceVersion: async () => "9",
    watch: async ({ resource }, _, listener) => {
      asked(resource, listener).changed({ type: "MODIFIED", object, previous: object })
      return { close: () => {} }
    },
    write: async (write) => {
      writes.push(asked(write.resource, write))
      return { status: 200, body: "object" in write ? write.object : object }
    },
    pods: { log: () => Promise.reject(new Error("nobody asks")) }
  }
  return { versions: new Versions(served), writes }
}

const base = { namespace: "shop", subresource: "", dryRun: false, fieldValidation: "Strict" } as const

test("Events of events.k8s.io/v1 are those of v1 under other names", async () => {
  const { versions, writes } = cluster(stored, named("", "v1", "events"))
  const resource = versions.resources().find(({ group }) => group === "events.k8s.io") as ServedResource
  const of = { resource, namespace: "shop" }
  expect(await versions.get(of, "e")).toEqual(shown)
  expect(await versions.list(of)).toEqual({ items: [shown], resourceVersion: "9" })
  const heard: Array<ServedChange> = []
  await versions.watch(of, "1", { changed: (change) => heard.push(change), ended: () => {} })
  expect(heard).toEqual([{ type: "MODIFIED", object: shown, previous: shown }])
  expect(await versions.write?.({ ...base, ...of, verb: "create", object: shown })).toEqual({
    status: 200,
    body: shown
  })
  expect(writes.at(-1)).toMatchObject({ verb: "create", object: stored })
})

test("a patch is of the object as its client sees it", async () => {
  const { versions, writes } = cluster(stored, named("", "v1", "events"))
  const resource = versions.resources().find(({ group }) => group === "events.k8s.io") as ServedResource
  const patch = { type: "merge", body: { note: "still there", series: { count: 2 } } } as const
  await versions.write?.({ ...base, resource, verb: "patch", name: "e", patch })
  expect(writes.at(-1)).toMatchObject({
    verb: "update",
    object: { apiVersion: "v1", message: "still there", series: { count: 2 }, involvedObject: { name: "p" } }
  })
})

test("autoscaling/v1 says in one field what v2 says in a list, and the rest in annotations", async () => {
  const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } }
  const memory = {
    type: "Resource",
    resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Gi" } }
  }
  const scaler: KubernetesObject = {
    kind: "HorizontalPodAutoscaler",
    apiVersion: "autoscaling/v2",
    metadata: { name: "h", namespace: "shop" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 3, metrics: [cpu, memory] },
    status: { desiredReplicas: 2, currentReplicas: 1 }
  }
  const { versions } = cluster(scaler, named("autoscaling", "v2", "horizontalpodautoscalers"))
  const resource = versions.resources().find(({ version }) => version === "v1") as ServedResource
  expect(await versions.get({ resource, namespace: "shop" }, "h")).toEqual({
    ...scaler,
    apiVersion: "autoscaling/v1",
    metadata: {
      name: "h",
      namespace: "shop",
      annotations: { "autoscaling.alpha.kubernetes.io/metrics": JSON.stringify([memory]) }
    },
    spec: {
      scaleTargetRef: { kind: "Deployment", name: "web" },
      maxReplicas: 3,
      targetCPUUtilizationPercentage: 50
    },
    status: { desiredReplicas: 2, currentReplicas: 1 }
  })
})

test("what is stored as it is served is passed on", async () => {
  const { versions, writes } = cluster(stored, named("", "v1", "events"))
  const resource = named("", "v1", "events")
  expect(await versions.get({ resource, namespace: "shop" }, "e")).toBe(stored)
  await versions.write?.({ ...base, resource, verb: "delete", name: "e", options: {} })
  expect(writes.at(-1)).toMatchObject({ verb: "delete", name: "e" })
})
