/** Jobs in a control plane without nodes: what the kubelet would say of their pods is said by the tests. */
import { type JsonObject, type KubernetesObject, later, parseInstant, SECOND, toTime } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { START, TestControlPlane } from "../TestControlPlane.ts"

const template = (more: JsonObject = {}): JsonObject => ({
  spec: { restartPolicy: "Never", containers: [{ name: "main", image: "app:1" }], ...more }
})

const manifest = (spec: JsonObject = {}): JsonObject => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "j" },
  spec: { template: template(), ...spec }
})

class Jobs extends TestControlPlane {
  /** The n-th pod there is now. */
  pod(n: number): KubernetesObject {
    const found = this.list("Pod")[n]
    if (found === undefined) throw new Error(`there is no pod ${n}`)
    return found
  }

  /** Of all that there are, in the order of their creation: `j-abcde` becomes its number. */
  phases(): ReadonlyArray<string> {
    return this.list("Pod").map((pod) => (pod["status"] as { readonly phase: string }).phase)
  }

  /** As the kubelet says that all its containers ended. */
  end(pod: KubernetesObject, exitCode: number): void {
    const at = toTime(this.engine.now)
    const ended = { exitCode, startedAt: at, finishedAt: at, containerID: "containerd://1", reason: "Error" }
    const status = {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      containerStatuses: [
        { name: "main", image: "app:1", imageID: "", ready: false, restartCount: 0, state: { terminated: ended } }
      ]
    }
    this.patch("Pod", pod.metadata.name, { status }, "status")
  }

  status(): JsonObject {
    return this.get("Job", "j")["status"] as JsonObject
  }

  conditions(): ReadonlyArray<string> {
    const list = (this.status()["conditions"] ?? []) as ReadonlyArray<{ readonly [key: string]: string }>
    return list.map(({ reason, status, type }) => `${type}=${status} ${reason}`)
  }
}

/** When Jobs are made: the control plane has been up for a second. */
const BEGIN = later(START, SECOND)

const given = (spec: JsonObject = {}): Jobs => {
  const cluster = new Jobs()
  cluster.create(manifest(spec))
  return cluster.run(0.5) as Jobs
}

const hasFinalizer = ({ metadata }: KubernetesObject): boolean => (metadata.finalizers ?? []).length > 0

describe("the Job controller", () => {
  it("C-300, C-309: makes the pods of a Job, and says so", () => {
    const cluster = given({ completions: 3, parallelism: 2 })
    expect(cluster.list("Pod").length).toBe(2)
    expect(cluster.list("Pod").every(hasFinalizer)).toBe(true)
    expect(cluster.status()).toMatchObject({ active: 2, ready: 0, terminating: 0, startTime: toTime(BEGIN) })
    expect(cluster.events).toEqual(
      cluster.list("Pod").map(({ metadata }) => `SuccessfulCreate: Created pod: ${metadata.name}`)
    )
  })

  it("C-301: looks at what happens to pods a second later, at a change of the Job at once", () => {
    const cluster = given()
    cluster.run(10).clear()
    cluster.end(cluster.pod(0), 0)
    cluster.run(0.9)
    expect(cluster.log.filter((line) => line.includes("Job/"))).toEqual([])
    cluster.run(0.2)
    expect(cluster.log.filter((line) => line.includes("Job/"))).toEqual(["MODIFIED Job/j", "MODIFIED Job/j"])
    const other = given({ parallelism: 1, completions: 5 })
    other.run(10)
    other.patch("Job", "j", { spec: { parallelism: 3 } })
    other.run(0.1)
    expect(other.list("Pod").length).toBe(3)
  })

  it("C-307, C-418: names the pod that ended, releases it, counts it, and says Completed", () => {
    const cluster = given()
    cluster.run(5).clear()
    const { name } = cluster.pod(0).metadata
    cluster.end(cluster.pod(0), 0)
    cluster.run(3)
    expect(cluster.log).toEqual([`MODIFIED Pod/${name}`, "MODIFIED Job/j", `MODIFIED Pod/${name}`, "MODIFIED Job/j"])
    expect(cluster.events).toEqual(["Completed: Job completed"])
    expect(cluster.conditions()).toEqual([
      "SuccessCriteriaMet=True CompletionsReached",
      "Complete=True CompletionsReached"
    ])
    expect(cluster.status()).toMatchObject({ succeeded: 1, uncountedTerminatedPods: {} })
    expect(cluster.status()["completionTime"]).toBeDefined()
    expect(hasFinalizer(cluster.pod(0))).toBe(false)
  })

  it("C-302: replaces a failed pod after 10 s, the next one after 20 s", () => {
    const cluster = given()
    cluster.run(3)
    const moments: Array<number> = []
    cluster.store.watch((change, { kind }) => {
      if (kind === "Pod" && change === "ADDED") moments.push((cluster.engine.now - START) / SECOND)
    })
    const failedAt: Array<number> = []
    for (let n = 0; n < 2; n++) {
      failedAt.push((cluster.engine.now - START) / SECOND)
      cluster.end(cluster.pod(n), 1)
      cluster.run(30)
    }
    // The end of a container is known in whole seconds only.
    expect(moments.map((at, n) => Math.round(at - Math.floor(failedAt[n] ?? 0)))).toEqual([10, 20])
    expect(cluster.phases()).toEqual(["Failed", "Failed", "Pending"])
    expect(cluster.status()).toMatchObject({ failed: 2, active: 1 })
  })

  it("C-304, C-309: fails when more pods failed than may, and tells it with a Warning", () => {
    const cluster = given({ backoffLimit: 0, completions: 2, parallelism: 2 })
    cluster.run(3).clear()
    cluster.end(cluster.pod(0), 1)
    cluster.run(1.5)
    const [, other] = cluster.list("Pod")
    expect(cluster.conditions()).toContain("FailureTarget=True BackoffLimitExceeded")
    // A pod without a node goes at once; it counts as failed.
    expect(cluster.list("Pod").length).toBe(1)
    expect(other).toBe(undefined)
    cluster.run(5)
    expect(cluster.conditions()).toEqual([
      "FailureTarget=True BackoffLimitExceeded",
      "Failed=True BackoffLimitExceeded"
    ])
    expect(cluster.status()).toMatchObject({ failed: 2 })
    expect(cluster.status()).not.toHaveProperty("completionTime")
    expect(cluster.events.at(-1)).toBe("BackoffLimitExceeded: Job has reached the specified backoff limit")
  })

  it("C-304: fails when its deadline is over, to the second", () => {
    const cluster = given({ activeDeadlineSeconds: 7 })
    cluster.run(6)
    expect(cluster.conditions()).toEqual([])
    cluster.run(3)
    expect(cluster.conditions()).toEqual(["FailureTarget=True DeadlineExceeded", "Failed=True DeadlineExceeded"])
  })

  it("C-304: a deadline that is shortened later counts from the start, too", () => {
    const cluster = given({ activeDeadlineSeconds: 1_000 })
    cluster.run(20)
    cluster.patch("Job", "j", { spec: { activeDeadlineSeconds: 30 } })
    cluster.run(8)
    expect(cluster.conditions()).toEqual([])
    cluster.run(5)
    expect(cluster.conditions()).toContain("Failed=True DeadlineExceeded")
  })

  it("C-303: replaces a pod that is deleted at once, and counts it as failed", () => {
    const cluster = given()
    cluster.run(3)
    const { name } = cluster.pod(0).metadata
    cluster.delete("Pod", name)
    cluster.run(14)
    expect(cluster.list("Pod").map(({ metadata }) => metadata.name)).not.toContain(name)
    expect(cluster.status()).toMatchObject({ failed: 1, active: 1 })
  })

  it("C-305: fails by its policy", () => {
    const rules = [{ action: "FailJob", onExitCodes: { operator: "In", values: [42] } }]
    const cluster = given({ podFailurePolicy: { rules } })
    cluster.run(3)
    const { name } = cluster.pod(0).metadata
    cluster.end(cluster.pod(0), 42)
    cluster.run(3)
    expect(cluster.conditions()).toContain("Failed=True PodFailurePolicy")
    expect(cluster.events.at(-1)).toBe(
      `PodFailurePolicy: Container main for pod n/${name} failed with exit code 42 matching FailJob rule at index 0`
    )
  })

  it("C-306: succeeds by its policy, and deletes what still runs", () => {
    const successPolicy = { rules: [{ succeededIndexes: "0" }] }
    const cluster = given({ completionMode: "Indexed", completions: 3, parallelism: 3, successPolicy })
    cluster.run(3)
    const first = cluster.list("Pod").find(({ metadata }) => metadata.name.startsWith("j-0-"))
    cluster.end(first as KubernetesObject, 0)
    cluster.run(4)
    expect(cluster.conditions()).toEqual(["SuccessCriteriaMet=True SuccessPolicy", "Complete=True SuccessPolicy"])
    expect(cluster.status()).toMatchObject({ succeeded: 1, completedIndexes: "0" })
    expect(cluster.phases()).toEqual(["Succeeded"])
  })

  it("C-302, C-304: with a limit for each index one index fails and the others go on", () => {
    const cluster = given({ completionMode: "Indexed", completions: 2, parallelism: 2, backoffLimitPerIndex: 0 })
    cluster.run(3)
    const of = (index: number) =>
      cluster.list("Pod").find(({ metadata }) => metadata.name.startsWith(`j-${index}-`)) as KubernetesObject
    cluster.end(of(0), 1)
    cluster.run(3)
    expect(cluster.status()).toMatchObject({ failedIndexes: "0", active: 1 })
    cluster.end(of(1), 0)
    cluster.run(3)
    expect(cluster.conditions()).toContain("Failed=True FailedIndexes")
    expect(cluster.status()).toMatchObject({ failedIndexes: "0", completedIndexes: "1" })
  })

  it("C-310: a suspended Job has no pods and no start time; resumed it starts anew", () => {
    const cluster = given({ suspend: true })
    expect(cluster.conditions()).toEqual(["Suspended=True JobSuspended"])
    expect(cluster.status()).not.toHaveProperty("startTime")
    expect(cluster.events).toEqual(["Suspended: Job suspended"])
    cluster.run(10)
    cluster.patch("Job", "j", { spec: { suspend: false } })
    cluster.run(1)
    expect(cluster.conditions()).toEqual(["Suspended=False JobResumed"])
    expect(cluster.phases()).toEqual(["Pending"])
    const started = parseInstant(String(cluster.status()["startTime"])) ?? START
    expect((started - BEGIN) / SECOND).toBe(10)
    cluster.patch("Job", "j", { spec: { suspend: true } })
    cluster.run(1)
    expect(cluster.phases()).toEqual([])
    expect(cluster.status()).not.toHaveProperty("startTime")
    expect(cluster.status()["failed"]).toBe(undefined)
  })

  it("C-311: pods of a finished Job stay, without the finalizer", () => {
    const cluster = given()
    cluster.run(3)
    cluster.end(cluster.pod(0), 0)
    cluster.run(600)
    expect(cluster.phases()).toEqual(["Succeeded"])
    expect(cluster.list("Pod").some(hasFinalizer)).toBe(false)
  })

  it("C-265: does nothing before its caches show what it wrote", () => {
    const cluster = given({ completions: 4, parallelism: 2 })
    cluster.run(3)
    cluster.informers.makeStale({ until: (cluster.engine.now + 20 * SECOND) as typeof START, lag: undefined }, ["Pod"])
    cluster.patch("Job", "j", { spec: { parallelism: 4 } })
    cluster.run(10)
    expect(cluster.list("Pod").length).toBe(4)
    cluster.run(30)
    expect(cluster.list("Pod").length).toBe(4)
  })

  it("leaves a Job alone that names another controller", () => {
    const cluster = given({ managedBy: "example.com/mine" })
    cluster.run(10)
    expect(cluster.list("Pod")).toEqual([])
    expect(cluster.status()).toEqual({})
  })

  it("adopts pods that it selects, with the finalizer; those that it selects no more are released", () => {
    const cluster = new Jobs()
    const labels = { app: "mine" }
    cluster.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "orphan", labels },
      spec: template()["spec"] as JsonObject
    })
    const own = { manualSelector: true, selector: { matchLabels: labels } }
    cluster.create(manifest({ ...own, template: { metadata: { labels }, ...template() } }))
    cluster.run(3)
    expect(cluster.get("Pod", "orphan").metadata).toMatchObject({
      ownerReferences: [{ kind: "Job", name: "j" }],
      finalizers: ["batch.kubernetes.io/job-tracking"]
    })
    expect(cluster.list("Pod").length).toBe(1)
    cluster.patch("Pod", "orphan", { metadata: { labels: { app: "other" } } })
    cluster.run(3)
    expect(cluster.get("Pod", "orphan").metadata).not.toHaveProperty("ownerReferences")
    expect(hasFinalizer(cluster.get("Pod", "orphan"))).toBe(false)
    expect(cluster.list("Pod").length).toBe(2)
  })

  it("a Job that is deleted in the background takes its pods along, running ones too", () => {
    const cluster = given({ completions: 2, parallelism: 2 })
    cluster.run(3)
    cluster.delete("Job", "j", { propagationPolicy: "Background" })
    cluster.run(5)
    expect(cluster.list("Pod")).toEqual([])
    expect(cluster.list("Job")).toEqual([])
  })

  it("a Job that is deleted in the foreground stays until its pods are gone", () => {
    const cluster = given()
    cluster.run(3).clear()
    const { name } = cluster.pod(0).metadata
    cluster.delete("Job", "j", { propagationPolicy: "Foreground" })
    cluster.run(5)
    const gone = cluster.log.filter((line) => line.startsWith("DELETED"))
    expect(gone).toEqual([`DELETED Pod/${name}`, "DELETED Job/j"])
  })

  it("C-139: who deletes a Job without saying how leaves its pods behind, free of the finalizer", () => {
    const cluster = given()
    cluster.run(3)
    cluster.delete("Job", "j")
    cluster.run(5)
    expect(cluster.list("Job")).toEqual([])
    expect(cluster.list("Pod").length).toBe(1)
    expect(hasFinalizer(cluster.pod(0))).toBe(false)
    expect(cluster.pod(0).metadata).not.toHaveProperty("ownerReferences")
  })
})
