/** Groups of nodes that grow and shrink, as an autoscaler makes them: to what there is to do, to none at all, and back. */
import { isPod, type JsonObject, type KubernetesObject, type PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { eventMoments, objectMoments } from "./controller/clusterObjects.ts"
import { type Given, podManifest, simulate } from "./given.ts"

const labels = { app: "web" }

const template = (name: string, spec: JsonObject = {}) => ({
  metadata: { labels: { app: name } },
  spec: {
    ...podManifest("", ["main"]).spec,
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: "busybox:1", resources: { requests: { cpu: "500m" } } }],
    ...spec
  }
})

const deployment = (replicas: number, spec: JsonObject = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { replicas, selector: { matchLabels: labels }, template: template("web", spec) }
})

const agent = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "agent" },
  spec: {
    selector: { matchLabels: { app: "agent" } },
    template: template("agent", { containers: [{ name: "main", image: "busybox:1" }] })
  }
}

const staticPod = { ...podManifest("proxy", ["main"]), metadata: { name: "proxy", namespace: "test" } }
/** Room for two of the web's pods. */
const machine = { cpu: 1, memory: "4Gi", staticPods: [staticPod] }
const add = (at: string, name: string) => ({ at, node: { name, add: machine } })
const remove = (at: string, name: string) => ({ at, node: { name, remove: true } })

type Facts = ReturnType<typeof simulate>

/** The pods that there are at a second, by the beginning of their names. */
const podsAt = (facts: Facts, second: number, prefix: string): ReadonlyArray<PodObject> => {
  const there = new Map<string, KubernetesObject>()
  for (const { change, object, seconds } of objectMoments(facts, "Pod")) {
    if (seconds > second) break
    if (change === "DELETED") there.delete(object.metadata.uid ?? "")
    else there.set(object.metadata.uid ?? "", object)
  }
  return [...there.values()].filter(isPod).filter(({ metadata }) => metadata.name.startsWith(prefix))
}

const nodesOf = (pods: ReadonlyArray<PodObject>) => pods.map(({ spec }) => spec.nodeName ?? "none").sort()
const phasesOf = (pods: ReadonlyArray<PodObject>) => pods.map(({ status }) => status.phase)

describe("S-360, S-357: a group of nodes that is scaled to zero and back", () => {
  const facts = simulate({
    nodes: [{ name: "n-1", ...machine }],
    steps: [
      { at: "0s", apply: [deployment(4), agent] },
      add("30s", "n-2"),
      // As an autoscaler does it: emptied first, then given back.
      { at: "100s", scale: { kind: "Deployment", name: "web", replicas: 0 } },
      { at: "110s", drain: { node: "n-1", ignoreDaemonSets: true } },
      remove("120s", "n-1"),
      { at: "120s", drain: { node: "n-2", ignoreDaemonSets: true } },
      remove("130s", "n-2"),
      { at: "300s", scale: { kind: "Deployment", name: "web", replicas: 2 } },
      add("330s", "n-3")
    ],
    until: "420s"
  })

  it("pods that found no place get one on the node that joins", () => {
    expect(phasesOf(podsAt(facts, 29, "web"))).toEqual(["Running", "Running", "Pending", "Pending"])
    expect(eventMoments(facts, "FailedScheduling")[0]?.message).toMatch(
      /^0\/1 nodes are available: 1 Insufficient cpu\./
    )
    expect(nodesOf(podsAt(facts, 99, "web"))).toEqual(["n-1", "n-1", "n-2", "n-2"])
    expect(phasesOf(podsAt(facts, 99, "web"))).toEqual(Array(4).fill("Running"))
  })

  it("each node has the pods of DaemonSets and its static ones as long as it is there", () => {
    expect(nodesOf(podsAt(facts, 29, "agent"))).toEqual(["n-1"])
    expect(nodesOf(podsAt(facts, 99, "agent"))).toEqual(["n-1", "n-2"])
    expect(podsAt(facts, 99, "proxy").map(({ metadata }) => metadata.name)).toEqual(["proxy-n-1", "proxy-n-2"])
    expect(podsAt(facts, 299, "agent")).toEqual([])
    expect(podsAt(facts, 299, "proxy")).toEqual([])
    expect(nodesOf(podsAt(facts, 419, "agent"))).toEqual(["n-3"])
    expect(podsAt(facts, 419, "proxy").map(({ metadata }) => metadata.name)).toEqual(["proxy-n-3"])
    expect(phasesOf([...podsAt(facts, 419, "agent"), ...podsAt(facts, 419, "proxy")])).toEqual(["Running", "Running"])
  })

  it("without any node, what is asked for waits; the first one that comes back takes it", () => {
    const waiting = podsAt(facts, 329, "web")
    expect(phasesOf(waiting)).toEqual(["Pending", "Pending"])
    expect(nodesOf(waiting)).toEqual(["none", "none"])
    const why = eventMoments(facts, "FailedScheduling").filter(({ seconds }) => seconds > 300)
    expect(why[0]?.message).toBe("no nodes available to schedule pods")
    expect(nodesOf(podsAt(facts, 419, "web"))).toEqual(["n-3", "n-3"])
    expect(phasesOf(podsAt(facts, 419, "web"))).toEqual(["Running", "Running"])
  })

  it("nobody is found silent: who leaves is deleted", () => {
    expect(eventMoments(facts, "NodeNotReady")).toEqual([])
    expect(eventMoments(facts, "RemovingNode").map(({ about }) => about["name"])).toEqual(["n-1", "n-2"])
  })
})

describe("S-351: a cluster whose control plane has nodes of its own", () => {
  const role = "node-role.kubernetes.io/control-plane"
  const component = (name: string) => ({
    ...podManifest(name, ["main"]),
    metadata: { name, namespace: "kube-system", labels: { tier: "control-plane" } }
  })
  const master = (name: string) => ({
    name,
    labels: { [role]: "" },
    taints: [{ key: role, effect: "NoSchedule" }],
    staticPods: ["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager"].map(component)
  })
  const facts = simulate({
    nodes: [...["m-1", "m-2", "m-3"].map(master), { name: "n-1", cpu: 2 }, { name: "n-2", cpu: 2 }],
    steps: [{ at: "0s", apply: [deployment(4), agent] }],
    until: "40s"
  })

  it("runs its workloads on the workers, and its own components on the others", () => {
    expect([...new Set(nodesOf(podsAt(facts, 39, "web")))]).toEqual(["n-1", "n-2"])
    expect(phasesOf(podsAt(facts, 39, "web"))).toEqual(Array(4).fill("Running"))
    expect(nodesOf(podsAt(facts, 39, "agent"))).toEqual(["n-1", "n-2"])
    for (const name of ["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager"])
      expect(nodesOf(podsAt(facts, 39, name))).toEqual(["m-1", "m-2", "m-3"])
  })
})

describe("an application as it is run day by day", () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { selector: labels, ports: [{ port: 80 }] }
  }
  const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web" }, data: { a: "b" } }
  const autoscaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 4,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } }
      ]
    }
  }
  const given: Given = {
    nodes: ["n-1", "n-2", "n-3"].map((name) => ({ name, cpu: 4 })),
    runs: {
      main: [
        {
          cpu: [
            { at: "0s", usage: "200m" },
            { at: "800s", usage: "400m" }
          ]
        }
      ]
    },
    steps: [
      {
        at: "0s",
        apply: [settings, deployment(2, { volumes: [{ name: "s", configMap: { name: "web" } }] }), service, autoscaler]
      },
      { at: "120s", node: { name: "n-1", power: "off" } }
    ],
    until: "1000s"
  }
  const found = simulate(given)

  it("S-425: is several objects, each with a kind", () => {
    const kinds = new Set(
      found.flatMap((fact) =>
        fact._tag === "ObjectChanged" ? [(fact.object as unknown as KubernetesObject).kind] : []
      )
    )
    for (const kind of ["Deployment", "ReplicaSet", "Pod", "Service", "EndpointSlice", "HorizontalPodAutoscaler"])
      expect([...kinds]).toContain(kind)
    const slice = objectMoments(found, "EndpointSlice").at(-1)?.object
    expect((slice?.["endpoints"] as ReadonlyArray<object> | undefined)?.length).toBe(podsAt(found, 999, "web").length)
  })

  it("S-427: is moved off a node that failed, and adapts to its load", () => {
    const before = podsAt(found, 119, "web")
    expect(nodesOf(before)).toContain("n-1")
    const moved = podsAt(found, 700, "web").filter(({ status }) => status.phase === "Running")
    expect(moved.filter(({ spec }) => spec.nodeName !== "n-1")).toHaveLength(2)
    const busy = podsAt(found, 999, "web").filter(({ spec }) => spec.nodeName !== "n-1")
    expect(busy.length).toBeGreaterThan(2)
    expect(phasesOf(busy)).toEqual(busy.map(() => "Running"))
  })

  it("S-427: is restarted where a part of it fails", () => {
    const crashing = simulate({
      ...given,
      runs: { main: [{ exitAfter: "50s", exitCode: 1 }, {}] },
      until: "110s",
      steps: given.steps.slice(0, 1)
    })
    const pods = podsAt(crashing, 109, "web")
    expect(pods.map(({ status }) => status.containerStatuses?.[0]?.restartCount)).toEqual([1, 1])
    expect(phasesOf(pods)).toEqual(["Running", "Running"])
  })
})
