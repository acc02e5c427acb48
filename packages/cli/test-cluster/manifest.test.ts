/** A recorder runs inside a real cluster by the manifest that `kubereel record --print-manifest` prints. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { eventually, type Rig, testCluster, testNamespace } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"
import { invoke } from "../test/command/invoke.ts"
import { kubereelImage } from "./kubereelImage.ts"

const cluster = await Effect.runPromise(testCluster)
const { rig } = cluster

const DISK = "/var/lib/kubereel-reel"
const POD = "kubereel-0"
const REEL = "/reel/cluster.reel"

/** What a cluster with a provisioner makes by itself. */
const volume = (node: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "kubereel-reel" },
  spec: {
    capacity: { storage: "10Gi" },
    accessModes: ["ReadWriteOnce"],
    claimRef: { namespace: "kubereel", name: `reel-${POD}` },
    local: { path: DISK },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] }]
      }
    }
  }
})

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-manifest-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const made = (rig: Rig) =>
  Effect.gen(function* () {
    const [node] = rig.nodes
    assert.isDefined(node)
    const image = yield* kubereelImage(rig)
    const printed = yield* invoke("record", "--print-manifest", "--image", image)
    assert.strictEqual(printed.code, 0, printed.stderr)
    const manifest = printed.stdout
    yield* node.enter("mkdir", "-p", DISK)
    yield* Effect.acquireRelease(
      Effect.andThen(
        rig.kubectl(["apply", "-f", "-"], JSON.stringify(volume(node.name))),
        rig.kubectl(["apply", "-f", "-"], manifest)
      ),
      () =>
        Effect.ignore(
          Effect.all([
            rig.kubectl(["delete", "-f", "-", "--ignore-not-found"], manifest),
            rig.kubectl(["delete", "persistentvolume", "kubereel-reel", "--ignore-not-found"]),
            node.enter("rm", "-rf", DISK)
          ])
        )
    )
    return node
  })

/** Runs kubereel in the recorder's pod, beside the recorder. */
const inside = (rig: Rig, ...args: ReadonlyArray<string>) =>
  rig.kubectl(["exec", "-n", "kubereel", POD, "--", "kubereel", ...args])

const exported = (rig: Rig) => inside(rig, "export", REEL, "--format", "reel")

/** What it has recorded, once that says so. */
const recorded = (rig: Rig, what: string, said: RegExp) =>
  eventually(what, exported(rig), (lines) => lines.split("\n").some((line) => said.test(line)), { seconds: 90 })

const soundHead = (said: string): string | undefined => /: sound, \d+ events, head (\w+)/.exec(said)?.[1]

describe.runIf(rig !== undefined)("the recorder inside the cluster", () => {
  it.live("records, goes on after its pod was replaced, and its reel can be read there, exported and copied", () =>
    Effect.gen(function* () {
      assert.isDefined(rig)
      if (rig === undefined) return
      const node = yield* made(rig)
      const space = yield* testNamespace(cluster, "kubereel-witness")
      yield* recorded(rig, "the first list", /"phase":"Running"/)
      yield* space.kubectl(["run", "one", `--image=${cluster.image}`, "--env=KEY=canary-4711", "--", "sleep", "600"])
      yield* recorded(rig, "a pod that was made", /"name":"one".*/)
      yield* rig.kubectl(["delete", "pod", POD, "-n", "kubereel"])
      yield* recorded(rig, "the end of the gap", /"_tag":"Gap".*"cause":"stopped".*"resource":"pods".*"to":/)
      yield* space.kubectl(["delete", "pod", "one", "--now"])
      const lines = yield* recorded(rig, "the pod's end", /"change":"DELETED".*"name":"one"/)
      assert.notInclude(lines, "canary-4711")
      assert.isDefined(soundHead(yield* inside(rig, "verify", REEL)))

      yield* rig.kubectl(["scale", "statefulset", "kubereel", "-n", "kubereel", "--replicas=0"])
      yield* eventually(
        "the recorder's end",
        node.enter("ls", DISK),
        (files) => files === "cluster.reel\ncluster.reel.key"
      )
      const copy = join(yield* folder, "copy.reel")
      writeFileSync(copy, Buffer.from(yield* node.enter("base64", join(DISK, "cluster.reel")), "base64"))
      const verified = yield* invoke("verify", copy)
      assert.strictEqual(verified.code, 0, verified.stderr)
      const shown = yield* invoke("show", copy)
      assert.include(shown.stdout, "GAP: pods not observed")
    }).pipe(Effect.scoped)
  )
})
