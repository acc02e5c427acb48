/** A real cluster does what our recordings of one say. These tests run on anybody's cluster that can pull their image. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { eventually, testCluster, testNamespace } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"

const cluster = await Effect.runPromise(testCluster)

/** What the Events of a recorded run said, without what differs from run to run. */
const recordedEvents = (recording: string): ReadonlyArray<string> =>
  gunzipSync(readFileSync(join(import.meta.dirname, "..", "..", "..", "recordings", recording)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).object)
    .filter((object) => object?.kind === "Event")
    .map((event) => `${event.type} ${event.reason} ${event.reportingComponent}`)
    .toSorted()

describe("a real cluster", () => {
  it.live("is ready", () =>
    Effect.gen(function* () {
      const conditions = '{.items[*].status.conditions[?(@.type=="Ready")].status}'
      const ready = yield* cluster.kubectl(["get", "nodes", "-o", `jsonpath=${conditions}`])
      assert.match(ready, /^True( True)*$/)
    })
  )

  it.live("answers a client of this process", () =>
    Effect.gen(function* () {
      const { VersionApi } = yield* Effect.promise(() => import("@kubernetes/client-node"))
      const version = yield* Effect.promise(() => cluster.kubeConfig().makeApiClient(VersionApi).getCode())
      assert.strictEqual(version.major, "1")
    })
  )

  it.live("runs a pod to its end, with the Events that our recordings have", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const namespace = yield* testNamespace(cluster, "kubereel-fail-never")
        const command = ["sh", "-c", "sleep 2; exit 3"]
        const pod = (name: string) => ({
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name },
          spec: {
            terminationGracePeriodSeconds: 3,
            restartPolicy: "Never",
            containers: [{ name: "main", image: cluster.image, command }]
          }
        })
        yield* namespace.apply(pod("p"))
        yield* eventually("p has failed", namespace.read("pod/p", "{.status.phase}"), (phase) => phase === "Failed")
        const code = "{.status.containerStatuses[0].state.terminated.exitCode}"
        assert.strictEqual(yield* namespace.read("pod/p", code), "3")
        const events = (yield* namespace.read(
          "events",
          '{range .items[*]}{.type} {.reason} {.reportingComponent}{"\\n"}{end}'
        )).split("\n")
        // Elsewhere the image is pulled first.
        const told = events.filter((event) => cluster.rig !== undefined || !event.includes("Pulling"))
        assert.deepStrictEqual(told.toSorted(), recordedEvents("fail-never.1.jsonl.gz"))
      })
    )
  )
})
