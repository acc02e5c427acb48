import { describe, expect, it } from "vitest"
import { TestControlPlane } from "../TestControlPlane.ts"

const manifest = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "j" },
  spec: {
    ttlSecondsAfterFinished: 20,
    completions: 0,
    template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "app:1" }] } }
  }
}

const finished = (): TestControlPlane => {
  const cluster = new TestControlPlane()
  cluster.create(manifest)
  return cluster.run(1)
}

describe("the controller of finished Jobs", () => {
  it("C-311: deletes a Job in the foreground when its time is over", () => {
    const cluster = finished()
    cluster.run(18).clear()
    expect(cluster.list("Job").length).toBe(1)
    cluster.run(3)
    expect(cluster.log).toEqual(["MODIFIED Job/j", "DELETED Job/j"])
  })

  it("C-311: a Job whose time is made longer stays, one whose time is taken away for ever", () => {
    const cluster = finished()
    cluster.patch("Job", "j", { spec: { ttlSecondsAfterFinished: 100 } })
    cluster.run(60)
    expect(cluster.list("Job").length).toBe(1)
    cluster.patch("Job", "j", { spec: { ttlSecondsAfterFinished: null } })
    cluster.run(600)
    expect(cluster.list("Job").length).toBe(1)
    cluster.patch("Job", "j", { spec: { ttlSecondsAfterFinished: 0 } })
    cluster.run(1)
    expect(cluster.list("Job")).toEqual([])
  })
})
