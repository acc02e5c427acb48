/** Deployments that roll: the controllers of Deployments and ReplicaSets together, the kubelet's part done by hand. */
import {
  type DeploymentCondition,
  type DeploymentObject,
  isPod,
  type JsonObject,
  type KubernetesObject,
  later,
  type ReplicaSetObject,
  SECOND
} from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { simulate } from "../../given.ts"
import { TestControlPlane } from "../TestControlPlane.ts"

const REVISION = "deployment.kubernetes.io/revision"
const labels = { app: "web" }
const containers = (image: string) => [{ name: "main", image }]

const deployment = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", ...metadata },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: containers("v1"), terminationGracePeriodSeconds: 3 } },
    ...spec
  }
})

class Rollout extends TestControlPlane {
  /** Pods that run on a node are given time to end, others go at once; a node that nobody has seen takes its pods with it in time. */
  node: string | undefined
  /** Images whose pods never become ready. */
  readonly broken = new Set<string>()

  get deployment(): DeploymentObject {
    return this.get("Deployment", "web") as DeploymentObject
  }

  get replicaSets(): ReadonlyArray<ReplicaSetObject> {
    return this.list("ReplicaSet") as ReadonlyArray<ReplicaSetObject>
  }

  replicaSet(image: string): ReplicaSetObject {
    const found = this.replicaSets.find(({ spec }) => imageOf(spec.template) === image)
    if (found === undefined) throw new Error(`there is no ReplicaSet of ${image}`)
    return found
  }

  /** Of whom how many are there, those that are being deleted left out. */
  get pods(): { readonly [image: string]: number } {
    const counts: { [image: string]: number } = {}
    for (const pod of this.list("Pod")) {
      if (pod.metadata.deletionTimestamp !== undefined) continue
      const image = imageOf(pod)
      counts[image] = (counts[image] ?? 0) + 1
    }
    return counts
  }

  image(image: string): void {
    this.patch("Deployment", "web", { spec: { template: { spec: { containers: containers(image) } } } })
  }

  condition(type: string): DeploymentCondition | undefined {
    return this.deployment.status.conditions?.find((condition) => condition.type === type)
  }

  /** Second after second pods become ready; those that are deleted go. */
  settle(seconds: number): this {
    for (let second = 0; second < seconds; second++) {
      this.run(1)
      for (const pod of this.list("Pod")) this.#kubelet(pod)
    }
    return this.run(1)
  }

  #kubelet(pod: KubernetesObject): void {
    const { metadata, spec } = pod
    if (metadata.deletionTimestamp !== undefined) this.delete("Pod", metadata.name, { gracePeriodSeconds: 0 })
    else if (isPod(pod) && this.node !== undefined && pod.spec.nodeName === undefined) this.api.bindPod(pod, this.node)
    else if (isPod(pod) && !this.broken.has(imageOf({ spec: spec as JsonObject })) && pod.status.phase !== "Running")
      this.makeReady(metadata.name)
  }
}

const imageOf = (template: { readonly spec?: unknown } | JsonObject): string =>
  String(((template["spec"] as JsonObject)["containers"] as ReadonlyArray<JsonObject>)[0]?.["image"])

/** Made, and complete. */
const rolledOut = (spec: JsonObject = {}, metadata: JsonObject = {}): Rollout => {
  const cluster = new Rollout()
  cluster.create(deployment(spec, metadata))
  cluster.settle(5).clear()
  return cluster
}

const complete = { status: "True", reason: "NewReplicaSetAvailable" }

describe("a new Deployment", () => {
  it("7.5 C-273 C-274 C-370 C-371: its writes come in Kubernetes' order", () => {
    const cluster = new Rollout()
    cluster.create(deployment())
    cluster.run(1)
    const [replicaSet] = cluster.replicaSets
    const name = replicaSet?.metadata.name
    expect(cluster.log.filter((line) => !line.includes("Pod"))).toEqual([
      "ADDED Deployment/web",
      `ADDED ReplicaSet/${name}`,
      "MODIFIED Deployment/web",
      "MODIFIED Deployment/web",
      `MODIFIED ReplicaSet/${name}`,
      `MODIFIED ReplicaSet/${name}`,
      "MODIFIED Deployment/web"
    ])
    expect(cluster.events).toContain(`ScalingReplicaSet: Scaled up replica set ${name} from 0 to 2`)
    expect(replicaSet?.metadata).toMatchObject({
      name: `web-${replicaSet?.metadata.labels?.["pod-template-hash"]}`,
      annotations: {
        [REVISION]: "1",
        "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3"
      }
    })
    expect(cluster.deployment.metadata.annotations).toEqual({ [REVISION]: "1" })
    expect(cluster.condition("Progressing")).toMatchObject({ status: "True", reason: "ReplicaSetUpdated" })
    expect(cluster.condition("Available")).toMatchObject({ status: "False", reason: "MinimumReplicasUnavailable" })
  })

  it("C-280 C-281 C-283: is complete when its pods are available, and nothing more happens then", () => {
    const cluster = rolledOut()
    const { conditions: _, ...status } = cluster.deployment.status
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0
    })
    expect(cluster.condition("Progressing")).toMatchObject(complete)
    expect(cluster.condition("Available")).toMatchObject({ status: "True", reason: "MinimumReplicasAvailable" })
    expect(cluster.run(3_600).log).toEqual([])
  })

  it("C-271: with minReadySeconds is complete only when its pods have been ready for so long", () => {
    const cluster = new Rollout()
    cluster.create(deployment({ minReadySeconds: 20 }))
    cluster.settle(10)
    expect(cluster.deployment.status).toMatchObject({ readyReplicas: 2, unavailableReplicas: 2 })
    expect(cluster.condition("Progressing")?.reason).toBe("ReplicaSetUpdated")
    cluster.run(15)
    expect(cluster.deployment.status).toMatchObject({ readyReplicas: 2, availableReplicas: 2 })
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })
})

describe("a rolling update", () => {
  it("C-276 C-277: surges, and never has fewer available than it may", () => {
    const cluster = rolledOut({ replicas: 4, strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } } })
    cluster.image("v2")
    cluster.run(1)
    expect(cluster.pods).toEqual({ v1: 4, v2: 2 })
    cluster.settle(10)
    expect(cluster.pods).toEqual({ v2: 4 })
    expect(cluster.condition("Progressing")).toMatchObject(complete)
    expect(cluster.replicaSet("v1").spec.replicas).toBe(0)
    expect(cluster.deployment.metadata.annotations?.[REVISION]).toBe("2")
  })

  it("C-277: pods that are not available go first, and what does not come up stops it", () => {
    const cluster = rolledOut({ replicas: 3, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } })
    cluster.broken.add("v2")
    cluster.image("v2")
    cluster.settle(10)
    expect(cluster.pods).toEqual({ v1: 2, v2: 2 })
    cluster.image("v3")
    cluster.settle(10)
    expect(cluster.pods).toEqual({ v3: 3 })
  })

  it("C-280: that makes no progress is told once its deadline is over, and goes on when it does", () => {
    const cluster = rolledOut({ progressDeadlineSeconds: 20 })
    cluster.broken.add("v2")
    cluster.image("v2")
    cluster.settle(15)
    expect(cluster.condition("Progressing")).toMatchObject({ status: "True", reason: "ReplicaSetUpdated" })
    cluster.run(10)
    const name = cluster.replicaSet("v2").metadata.name
    expect(cluster.condition("Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: `ReplicaSet "${name}" has timed out progressing.`
    })
    cluster.broken.clear()
    cluster.settle(10)
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })

  it("C-273: back to an old template takes its ReplicaSet back, under a new revision", () => {
    const cluster = rolledOut()
    const first = cluster.replicaSet("v1").metadata.name
    for (const image of ["v2", "v1"]) {
      cluster.image(image)
      cluster.settle(10)
    }
    expect(cluster.replicaSets).toHaveLength(2)
    expect(cluster.replicaSet("v1").metadata).toMatchObject({
      name: first,
      annotations: { [REVISION]: "3", "deployment.kubernetes.io/revision-history": "1" }
    })
    expect(cluster.deployment.metadata.annotations?.[REVISION]).toBe("3")
  })

  it("keeps as many old ReplicaSets as its history may have, the newest", () => {
    const cluster = rolledOut({ revisionHistoryLimit: 1 })
    for (const image of ["v2", "v3", "v4"]) {
      cluster.image(image)
      cluster.settle(10)
    }
    expect(cluster.replicaSets.map(({ spec }) => imageOf(spec.template))).toEqual(["v3", "v4"])
  })

  it("of annotations alone writes them to the ReplicaSet, of minReadySeconds, too", () => {
    const cluster = rolledOut()
    cluster.patch("Deployment", "web", { metadata: { annotations: { note: "x" } } })
    cluster.settle(2)
    expect(cluster.replicaSet("v1").metadata.annotations).toMatchObject({ note: "x", [REVISION]: "1" })
    cluster.patch("Deployment", "web", { spec: { minReadySeconds: 1 } })
    cluster.settle(2)
    expect(cluster.replicaSet("v1").spec.minReadySeconds).toBe(1)
    expect(cluster.deployment.status.observedGeneration).toBe(3)
    expect(cluster.replicaSets).toHaveLength(1)
  })
})

describe("Recreate", () => {
  it("C-278: makes nothing new before the last old pod is gone", () => {
    const cluster = new Rollout()
    cluster.node = "n-1"
    cluster.create(deployment({ strategy: { type: "Recreate" } }))
    cluster.settle(5)
    cluster.image("v2")
    cluster.run(5)
    expect(cluster.list("Pod").map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, true])
    expect(cluster.replicaSets).toHaveLength(1)
    const [first, second] = cluster.list("Pod").map(({ metadata }) => metadata.name)
    cluster.delete("Pod", first ?? "", { gracePeriodSeconds: 0 })
    cluster.run(5)
    expect(cluster.replicaSets).toHaveLength(1)
    cluster.delete("Pod", second ?? "", { gracePeriodSeconds: 0 })
    cluster.run(1)
    expect(cluster.pods).toEqual({ v2: 2 })
    cluster.settle(3)
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })
})

describe("a Deployment that is scaled", () => {
  it("C-274: scales its ReplicaSet, by the subresource too, and does not call it progress", () => {
    const cluster = rolledOut()
    const { name } = cluster.replicaSet("v1").metadata
    cluster.patch("Deployment", "web", { spec: { replicas: 5 } }, "scale")
    cluster.settle(3)
    cluster.patch("Deployment", "web", { spec: { replicas: 0 } })
    cluster.settle(3)
    expect(cluster.events.filter((event) => event.startsWith("Scaling"))).toEqual([
      `ScalingReplicaSet: Scaled up replica set ${name} from 2 to 5`,
      `ScalingReplicaSet: Scaled down replica set ${name} from 5 to 0`
    ])
    expect(cluster.list("Pod")).toEqual([])
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })

  it("C-279: while it rolls shares what is added among its ReplicaSets", () => {
    const cluster = rolledOut({ replicas: 6, strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 3 } } })
    cluster.broken.add("v2")
    cluster.image("v2")
    cluster.settle(5)
    expect(cluster.pods).toEqual({ v1: 3, v2: 6 })
    cluster.patch("Deployment", "web", { spec: { replicas: 12 } })
    cluster.run(1)
    expect(cluster.pods).toEqual({ v1: 5, v2: 10 })
  })

  it("while it has pods of two ReplicaSets and is to recreate them stays as it is, in Kubernetes too", () => {
    const cluster = rolledOut({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } })
    cluster.broken.add("v2")
    cluster.image("v2")
    cluster.settle(5)
    const strategy = { type: "Recreate", rollingUpdate: null }
    cluster.patch("Deployment", "web", { spec: { strategy, replicas: 1 } })
    cluster.settle(60)
    expect(cluster.pods).toEqual({ v1: 2, v2: 1 })
    cluster.patch("Deployment", "web", { spec: { replicas: 2 } }, "scale")
    cluster.settle(10)
    expect(cluster.pods).toEqual({ v2: 2 })
  })
})

describe("a paused Deployment", () => {
  it("C-280: scales, but rolls only when it is resumed", () => {
    const cluster = rolledOut()
    cluster.patch("Deployment", "web", { spec: { paused: true } })
    cluster.image("v2")
    cluster.patch("Deployment", "web", { spec: { replicas: 3 } })
    cluster.settle(5)
    expect(cluster.pods).toEqual({ v1: 3 })
    expect(cluster.condition("Progressing")).toMatchObject({
      status: "Unknown",
      reason: "DeploymentPaused",
      message: "Deployment is paused"
    })
    cluster.patch("Deployment", "web", { spec: { paused: false } })
    cluster.settle(10)
    expect(cluster.pods).toEqual({ v2: 3 })
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })

  it("C-280: that is resumed without anything new to roll says so", () => {
    const cluster = rolledOut()
    for (const paused of [true, false]) {
      cluster.patch("Deployment", "web", { spec: { paused } })
      cluster.settle(2)
    }
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })
})

describe("ReplicaSets that are not a Deployment's own", () => {
  const orphan = (image: string, more: JsonObject = {}) => ({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "before", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: { ...labels, old: "yes" } },
      template: {
        metadata: { labels: { ...labels, old: "yes" } },
        spec: { containers: containers(image), terminationGracePeriodSeconds: 3 }
      }
    },
    ...more
  })

  it("are adopted when they match, and rolled away when they are not what is wanted", () => {
    const cluster = new Rollout()
    cluster.create(orphan("v0"))
    cluster.settle(3)
    cluster.create(deployment())
    cluster.settle(10)
    const before = cluster.get("ReplicaSet", "before") as ReplicaSetObject
    expect(before.metadata.ownerReferences).toMatchObject([{ kind: "Deployment", name: "web", controller: true }])
    expect([before.spec.replicas, cluster.pods]).toEqual([0, { v1: 2 }])
  })

  it("C-280: that make just what is wanted are found, not made", () => {
    const cluster = new Rollout()
    const same = orphan("v1")
    const template = { ...same.spec.template, metadata: { labels } }
    cluster.create({ ...same, spec: { ...same.spec, selector: { matchLabels: labels }, template } })
    cluster.settle(3).clear()
    const reasons: Array<unknown> = []
    cluster.store.watch((_, { kind, status }) => {
      const conditions = (status as JsonObject | undefined)?.["conditions"] as ReadonlyArray<JsonObject> | undefined
      if (kind === "Deployment") reasons.push(conditions?.find(({ type }) => type === "Progressing")?.["reason"])
    })
    cluster.create(deployment())
    cluster.settle(5)
    expect(reasons).toContain("FoundNewReplicaSet")
    expect(cluster.replicaSets.map(({ metadata }) => metadata.name)).toEqual(["before"])
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })

  it("C-283: whose name stands in the way are a collision: the next hash is another one", () => {
    const twin = rolledOut().replicaSet("v1").metadata.name
    const cluster = new Rollout()
    cluster.create({ ...orphan("other"), metadata: { name: twin, labels: { else: "yes" } } })
    cluster.create(deployment())
    cluster.settle(5)
    expect(cluster.deployment.status.collisionCount).toBe(1)
    expect(cluster.replicaSet("v1").metadata.name).not.toBe(twin)
    expect(cluster.condition("Progressing")).toMatchObject(complete)
  })

  it("are released when they match no more, and then the Deployment makes its own again", () => {
    const cluster = rolledOut()
    const { name } = cluster.replicaSet("v1").metadata
    cluster.patch("ReplicaSet", name, { metadata: { labels: { app: "other" } } })
    cluster.run(1)
    expect(cluster.get("ReplicaSet", name).metadata.ownerReferences).toBeUndefined()
  })
})

describe("a Deployment that cannot make its ReplicaSet", () => {
  const quota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "none" },
    spec: { hard: { "count/replicasets.apps": "0" } }
  }

  it("C-274 C-280: says so, tries again fifteen times, and then waits for something to change", () => {
    const cluster = new Rollout()
    cluster.create(quota)
    cluster.run(5)
    cluster.create(deployment())
    cluster.run(3_600)
    const [failure] = cluster.events.filter((event) => event.startsWith("ReplicaSetCreateError"))
    expect(failure).toMatch(
      /^ReplicaSetCreateError: Failed to create new replica set "web-[a-z0-9]+": .*exceeded quota/
    )
    expect(cluster.condition("Progressing")).toMatchObject({ status: "False", reason: "ReplicaSetCreateError" })
    cluster.clear()
    expect(cluster.run(3_600).events).toEqual([])
  })
})

describe("a roll-back that is asked for by annotation", () => {
  const ask = (cluster: Rollout, revision: string) =>
    cluster.patch("Deployment", "web", {
      metadata: { annotations: { "deprecated.deployment.rollback.rollbackTo": revision } }
    })

  it.each([
    ["0", "v2"],
    ["1", "v1"]
  ])("to %s goes back to %s", (revision, image) => {
    const cluster = rolledOut()
    for (const next of ["v2", "v3"]) {
      cluster.image(next)
      cluster.settle(10)
    }
    ask(cluster, revision)
    cluster.settle(10)
    expect(cluster.pods).toEqual({ [image]: 2 })
    expect(cluster.deployment.metadata.annotations).toEqual({ [REVISION]: "4" })
    expect(cluster.events).toContainEqual(expect.stringMatching(/^DeploymentRollback: Rolled back deployment "web" to/))
  })

  it("to what is not there, or is there already, only says so", () => {
    const cluster = rolledOut()
    for (const revision of ["7", "1", "0"]) {
      ask(cluster, revision)
      cluster.settle(2)
    }
    expect(cluster.events).toEqual([
      "DeploymentRollbackRevisionNotFound: Unable to find the revision to rollback to.",
      'DeploymentRollbackTemplateUnchanged: The rollback revision contains the same template as current deployment "web"',
      "DeploymentRollbackRevisionNotFound: Unable to find last revision."
    ])
    expect(cluster.deployment.metadata.annotations).toEqual({ [REVISION]: "1" })
  })
})

describe("an application in a Deployment", () => {
  it("S-382 S-386 S-411: controllers keep as many pods as it wants, each with the names of both and five characters", () => {
    const cluster = rolledOut({ replicas: 3 })
    const { name } = cluster.replicaSet("v1").metadata
    expect(name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/)
    expect(cluster.list("Pod")).toHaveLength(3)
    for (const pod of cluster.list("Pod"))
      expect(pod.metadata.name).toMatch(new RegExp(`^${name}-[bcdfghjklmnpqrstvwxz2456789]{5}$`))
  })

  it("S-383: has a new pod with another name as soon as one is deleted", () => {
    const cluster = rolledOut()
    const [gone] = cluster.list("Pod")
    cluster.delete("Pod", gone?.metadata.name ?? "")
    cluster.run(1)
    const names = cluster.list("Pod").map(({ metadata }) => metadata.name)
    expect(names).toHaveLength(2)
    expect(names).not.toContain(gone?.metadata.name)
  })

  it("S-384 S-385: ends when it is scaled to nothing, or when it is deleted with its ReplicaSet and pods", () => {
    const scaled = rolledOut()
    scaled.patch("Deployment", "web", { spec: { replicas: 0 } }, "scale")
    expect(scaled.settle(3).list("Pod")).toEqual([])
    expect(scaled.replicaSets).toHaveLength(1)
    const deleted = rolledOut()
    deleted.delete("Deployment", "web", { propagationPolicy: "Background" })
    deleted.settle(5)
    expect([deleted.list("Deployment"), deleted.list("ReplicaSet"), deleted.list("Pod")]).toEqual([[], [], []])
  })

  it.each([
    ["1.34", undefined],
    ["1.35", 0]
  ])("C-283: in %s says of pods that are going away: %s", (kubernetes, terminatingReplicas) => {
    const facts = simulate({ steps: [{ at: "0s", apply: deployment() }], until: "20s", kubernetes })
    const statuses = facts.flatMap((fact) => {
      const object = fact._tag === "ObjectChanged" ? (fact.object as unknown as KubernetesObject) : undefined
      const status = object?.kind === "Deployment" || object?.kind === "ReplicaSet" ? object["status"] : undefined
      return status === undefined ? [] : [status as JsonObject]
    })
    expect(statuses.at(-1)).toMatchObject({ availableReplicas: 2 })
    expect(statuses.at(-1)?.["terminatingReplicas"]).toBe(terminatingReplicas)
    expect(statuses.filter((status) => "terminatingReplicas" in status).length > 0).toBe(terminatingReplicas === 0)
  })
})

describe("whatever happens to a Deployment", () => {
  const step = fc.oneof(
    fc.record({ image: fc.constantFrom("v1", "v2", "v3") }),
    fc.record({ replicas: fc.nat(6) }),
    fc.record({ paused: fc.boolean() }),
    fc.record({ wait: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ broken: fc.constantFrom("v2", "") }),
    fc.record({ deletePods: fc.constant(true) }),
    fc.record({ stale: fc.constantFrom("Deployment", "ReplicaSet", "Pod") })
  )
  const strategy = fc.constantFrom<JsonObject>(
    { type: "Recreate" },
    { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
    { rollingUpdate: { maxSurge: 0, maxUnavailable: "25%" } },
    { rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } }
  )
  type Step = Partial<{
    image: string
    replicas: number
    paused: boolean
    wait: number
    broken: string
    deletePods: boolean
    /** Of this kind the controllers hear nothing for a while. */
    stale: string
  }>

  const carryOut = (cluster: Rollout, step: Step): void => {
    const { broken, deletePods, image, paused, replicas, stale, wait } = step
    if (stale !== undefined)
      cluster.informers.makeStale({ until: later(cluster.engine.now, 3 * SECOND), lag: undefined }, [stale])
    if (image !== undefined) cluster.image(image)
    if (replicas !== undefined) cluster.patch("Deployment", "web", { spec: { replicas } }, "scale")
    if (paused !== undefined) cluster.patch("Deployment", "web", { spec: { paused } })
    if (broken !== undefined) cluster.broken.clear()
    if (broken) cluster.broken.add(broken)
    if (deletePods) for (const { metadata } of cluster.list("Pod")) cluster.delete("Pod", metadata.name)
    if (wait !== undefined) cluster.settle(wait)
  }

  it("in the end it has as many pods as it wants, of its template, and is complete", () => {
    fc.assert(
      fc.property(strategy, fc.array(step, { maxLength: 12 }), (chosen, steps) => {
        const cluster = rolledOut({ strategy: chosen })
        for (const one of steps) carryOut(cluster, one as Step)
        carryOut(cluster, { broken: "", paused: false })
        cluster.settle(60)
        const { spec, status } = cluster.deployment
        const image = imageOf(spec.template)
        expect(cluster.pods).toEqual(spec.replicas === 0 ? {} : { [image]: spec.replicas })
        expect(status).toMatchObject({ observedGeneration: cluster.deployment.metadata.generation })
        expect([status.replicas ?? 0, status.availableReplicas ?? 0]).toEqual([spec.replicas, spec.replicas])
        expect(cluster.condition("Progressing")?.status).not.toBe("False")
        cluster.clear()
        expect(cluster.run(700).log.filter((line) => !line.includes("Deployment"))).toEqual([])
      }),
      { numRuns: 60 }
    )
  })
})
