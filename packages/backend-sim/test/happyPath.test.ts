/** The happy path of a pod and its end, version by version, as a watch of a simulated cluster shows it (section 7 of what the control plane does). */
import type { ClusterEvent, KubernetesObject, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMessages, podMoments, replicaSetManifest, simulate } from "./given.ts"

const seeds = [0, 1, 2, 3, 4]

const condition = ({ status }: PodObject, type: string) => status.conditions?.find((one) => one.type === type)
const versions = (facts: ReadonlyArray<ClusterEvent>) => podMoments(facts).map(({ change, pod }) => ({ change, pod }))

/** Applied at once, deleted at 20 s. */
const life = (seed: number, runs: object = {}, spec: object = {}, containers: ReadonlyArray<string> = ["main"]) =>
  simulate(
    {
      runs: runs as never,
      steps: [
        { at: "0s", apply: podManifest("p", containers, { terminationGracePeriodSeconds: 5, ...spec }) },
        { at: "20s", delete: { kind: "Pod", name: "p" } }
      ],
      until: "60s"
    },
    seed
  )

describe.each(seeds)("the life of a pod (seed %i)", (seed) => {
  const facts = life(seed, { main: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] })
  const all = versions(facts)
  const first = (is: (pod: PodObject) => boolean) => all.findIndex(({ pod }) => is(pod))
  const resourceVersions = all.map(({ pod }) => Number(pod.metadata.resourceVersion))

  it("C-121, C-398: the binding moves no generation, and its condition has none observed", () => {
    const bound = all[first((pod) => (pod.spec.nodeName ?? "") !== "")]?.pod as PodObject
    expect(bound.metadata.generation).toBe(1)
    expect(condition(bound, "PodScheduled")).toMatchObject({ status: "True" })
    expect(condition(bound, "PodScheduled")).not.toHaveProperty("observedGeneration")
  })

  it("C-356, C-415: that its sandbox is ready is told before any container runs, and without an address", () => {
    const at = first((pod) => condition(pod, "PodReadyToStartContainers")?.status === "True")
    const running = first((pod) => pod.status.containerStatuses?.[0]?.state?.running !== undefined)
    expect(at).toBeGreaterThan(0)
    expect(at).toBeLessThan(running)
    expect(all[at]?.pod.status.podIP).toBeUndefined()
    expect(all[at]?.pod.status.containerStatuses?.[0]?.state?.waiting).toEqual({ reason: "ContainerCreating" })
  })

  it("C-355: that it runs is told within milliseconds of the Event of its start, not at the next relist", () => {
    const started = facts.find(
      (fact) => fact._tag === "ObjectChanged" && (fact.object as unknown as KubernetesObject).reason === "Started"
    )
    const running = podMoments(facts).find(({ pod }) => pod.status.phase === "Running")
    const at = ((started?.observed ?? 0) - 1_767_225_600_000_000) / 1_000_000
    expect(Math.abs((running?.seconds ?? 0) - at)).toBeLessThan(0.5)
  })

  it("C-357: the kubelet's conditions are in its own order", () => {
    const running = all[first((pod) => pod.status.phase === "Running")]?.pod as PodObject
    expect(running.status.conditions?.map(({ type }) => type)).toEqual([
      "PodReadyToStartContainers",
      "Initialized",
      "Ready",
      "ContainersReady",
      "PodScheduled"
    ])
  })

  it("C-361: a running container shows its mounts, its resources and its user", () => {
    const running = all[first((pod) => pod.status.phase === "Running")]?.pod as PodObject
    expect(running.status.containerStatuses?.[0]).toMatchObject({
      resources: {},
      user: { linux: { uid: 0, gid: 0 } },
      volumeMounts: [{ mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", recursiveReadOnly: "Disabled" }]
    })
  })

  it("C-131, C-393: a graceful delete makes a second generation, which the kubelet has then observed", () => {
    const deleted = first((pod) => pod.metadata.deletionTimestamp !== undefined)
    expect(all[deleted]?.pod.metadata.generation).toBe(2)
    expect(all[deleted]?.pod.status.observedGeneration).toBe(1)
    expect(all[deleted + 1]?.pod.status.observedGeneration).toBe(2)
    expect(all[deleted + 1]?.pod.status.phase).toBe("Running")
  })

  it("C-366, C-416: it goes when its phase says that it has ended, Succeeded if all of it ended well", () => {
    const [last, before] = [all.at(-1), all.at(-2)]
    expect(last?.change).toBe("DELETED")
    expect(before?.change).toBe("MODIFIED")
    expect(before?.pod.status.phase).toBe("Succeeded")
  })

  it("C-136, C-395: the version that is DELETED is the last one, and newer than all before", () => {
    expect(resourceVersions).toEqual([...resourceVersions].sort((a, b) => a - b))
    const [last, before] = [all.at(-1)?.pod as PodObject, all.at(-2)?.pod as PodObject]
    expect(Number(last.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion))
    expect({ ...last.status }).toEqual({ ...before.status })
  })
})

describe("what Events say of it", () => {
  it("C-358, C-359: that the image is there and may be used; of containers no names", () => {
    const told = podMessages(life(0))
    expect(told).toContain(
      'Pulled x1: Container image "busybox:1" already present on machine and can be accessed by the pod'
    )
    expect(told).toContain("Created x1: Container created")
    expect(told).toContain("Started x1: Container started")
    expect(told).toContain("Killing x1: Stopping container main")
  })

  it("C-383, C-392: kubelets and controllers tell them as they always did, the scheduler in the new way", () => {
    const facts = simulate({ steps: [{ at: "0s", apply: replicaSetManifest(1) }], until: "10s" })
    const events = facts.flatMap((fact) => {
      if (fact._tag !== "ObjectChanged") return []
      const object = fact.object as unknown as KubernetesObject
      return object.kind === "Event" && object["involvedObject"] !== undefined ? [object] : []
    })
    const of = (reason: string) => events.find((event) => event.reason === reason)
    const legacy = (component: string) => ({ eventTime: null, count: 1, reportingComponent: component })
    expect(of("Started")).toMatchObject({ ...legacy("kubelet"), source: { component: "kubelet", host: "n-1" } })
    expect(of("SuccessfulCreate")).toMatchObject(legacy("replicaset-controller"))
    expect(of("SuccessfulCreate")?.["firstTimestamp"]).toBe(of("SuccessfulCreate")?.["lastTimestamp"])
    expect(of("Scheduled")).toMatchObject({
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: "default-scheduler",
      action: "Binding"
    })
    expect(of("Scheduled")?.["eventTime"]).toMatch(/\.\d{6}Z$/)
  })

  it("C-382: each has a name of its own, after its object", () => {
    const facts = simulate({ steps: [{ at: "0s", apply: podManifest("p", ["a", "b"]) }], until: "10s" })
    const names = facts.flatMap((fact) => {
      const object = fact._tag === "ObjectChanged" ? (fact.object as unknown as KubernetesObject) : undefined
      return object?.kind === "Event" && fact._tag === "ObjectChanged" && fact.change === "ADDED"
        ? [object.metadata.name]
        : []
    })
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => name.startsWith("p.")).every((name) => /^p\.[0-9a-f]{16}$/.test(name))).toBe(true)
  })
})

describe("its end", () => {
  it("C-364: what has to be killed ends with 137, and its pod has Failed", () => {
    const last = versions(life(0, { main: [{ onTerm: "ignore" }] })).at(-1)?.pod as PodObject
    expect(last.status.phase).toBe("Failed")
    expect(last.status.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137 })
  })

  it("C-360: statuses are sorted by name, those of init containers as the spec has them", () => {
    const spec = { initContainers: ["z", "a"].map((name) => ({ name, image: "busybox:1" })) }
    const run = { exitAfter: "1s", exitCode: 0 }
    const facts = life(0, { z: [run], a: [run] }, spec, ["second", "first"])
    const running = versions(facts).find(({ pod }) => pod.status.phase === "Running")?.pod as PodObject
    expect(running.status.containerStatuses?.map(({ name }) => name)).toEqual(["first", "second"])
    expect(running.status.initContainerStatuses?.map(({ name }) => name)).toEqual(["z", "a"])
  })

  it("C-362: what its kubelet does not take has Failed in one write, which says why", () => {
    const spec = { nodeName: "n-1", nodeSelector: { disk: "ssd" } }
    const facts = simulate({ steps: [{ at: "0s", apply: podManifest("p", ["main"], spec) }], until: "5s" })
    const all = versions(facts)
    expect(all.length).toBe(2)
    expect(all[1]?.pod.status).toMatchObject({
      phase: "Failed",
      reason: "NodeAffinity",
      message: "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
    })
    expect(podMessages(facts).some((told) => told.startsWith("NodeAffinity x1"))).toBe(true)
  })

  it("C-367: readiness is probed while it ends, whether it lives is not", () => {
    const probe = (path: string) => ({ httpGet: { path, port: 80 }, periodSeconds: 1, failureThreshold: 1 })
    const manifest = podManifest("p", ["main"], { terminationGracePeriodSeconds: 10 })
    const spec = {
      ...manifest.spec,
      containers: manifest.spec.containers.map((one) => ({
        ...one,
        readinessProbe: probe("/ready"),
        livenessProbe: probe("/live")
      }))
    }
    const answers = ["/ready", "/live"].map((path) => ({ path, from: "0s", until: "21s", status: 200 }))
    const facts = simulate({
      runs: {
        main: [{ http: answers.map((one) => ({ port: 80, ...one })), onTerm: { exitAfter: "8s", exitCode: 0 } }]
      },
      steps: [
        { at: "0s", apply: { ...manifest, spec } },
        { at: "20s", delete: { kind: "Pod", name: "p" } }
      ],
      until: "40s"
    })
    const ending = versions(facts).filter(({ pod }) => pod.metadata.deletionTimestamp !== undefined)
    const ready = ending.map(({ pod }) => condition(pod, "Ready")?.status)
    expect(ready[0]).toBe("True")
    const unready = ending.find(({ pod }) => condition(pod, "Ready")?.status === "False")?.pod as PodObject
    expect(unready.status.containerStatuses?.[0]?.state?.running).toBeDefined()
    expect(podMessages(facts).filter((told) => told.includes("Liveness probe failed"))).toEqual([])
  })

  it("C-394: of a pod without a node is two versions, the mark and the end", () => {
    const facts = simulate({
      steps: [
        { at: "0s", apply: podManifest("p", ["main"], { schedulingGates: [{ name: "example.com/g" }] }) },
        { at: "2s", delete: { kind: "Pod", name: "p" } }
      ],
      until: "5s"
    })
    const changes = podMoments(facts).map(({ change, pod }) => [change, pod.metadata.deletionTimestamp !== undefined])
    expect(changes).toEqual([
      ["ADDED", false],
      ["MODIFIED", true],
      ["DELETED", true]
    ])
  })

  it("C-396: of one that a finalizer holds is one version, with the finalizer still in it", () => {
    const held = podManifest("p", ["main"], { schedulingGates: [{ name: "example.com/g" }] })
    const facts = simulate({
      steps: [
        { at: "0s", apply: { ...held, metadata: { ...held.metadata, finalizers: ["example.com/hold"] } } },
        { at: "2s", delete: { kind: "Pod", name: "p" } },
        {
          at: "4s",
          patch: { kind: "Pod", name: "p", type: "merge", patch: { metadata: { finalizers: null } } }
        }
      ],
      until: "6s"
    })
    const late = podMoments(facts).filter(({ seconds }) => seconds > 3)
    expect(late.map(({ change }) => change)).toEqual(["DELETED"])
    expect(late[0]?.pod.metadata.finalizers).toEqual(["example.com/hold"])
  })

  it("C-404: a period below zero is taken, and is one second", () => {
    const facts = life(0, { main: [{ onTerm: "ignore" }] }, { terminationGracePeriodSeconds: -5 })
    const deleted = versions(facts).find(({ pod }) => pod.metadata.deletionTimestamp !== undefined)?.pod as PodObject
    expect(deleted.metadata.deletionGracePeriodSeconds).toBe(1)
  })
})

describe("C-019: the labels of where its node is", () => {
  const nodes = [{ name: "n-1", profile: "rig", labels: { "topology.kubernetes.io/zone": "a", other: "x" } }]
  const labels = (kubernetes: string, spec: object = {}) => {
    const steps = [{ at: "0s", apply: podManifest("p", ["main"], spec) }]
    return podMoments(simulate({ steps, nodes, kubernetes, until: "5s" })).map(({ pod }) => pod.metadata.labels)
  }

  it("come with the binding, or with the pod if it names its node", () => {
    const given = labels("1.36")
    expect(given[0]).toBeUndefined()
    expect(given.at(-1)).toEqual({ "topology.kubernetes.io/zone": "a" })
    expect(labels("1.36", { nodeName: "n-1" })[0]).toEqual({ "topology.kubernetes.io/zone": "a" })
  })

  it("do not before PodTopologyLabelsAdmission", () => {
    expect(labels("1.34").at(-1)).toBeUndefined()
  })
})
