/** `kubereel run --on` as the shell sees it: what it refuses and drives, and what it leaves behind, which is nothing. */
import { spawn } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { assert, describe, it } from "@effect/vitest"
import { eventually, type Rig, testCluster } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"
import { stringify } from "yaml"

const cluster = await Effect.runPromise(testCluster)
const root = join(import.meta.dirname, "..", "..", "..")
const folder = mkdtempSync(join(tmpdir(), "kubereel-run-on-command-"))

const shipped = (name: string): string => join(root, "scenarios", `${name}.yaml`)

/** A scenario of that name, whose namespace it is. */
const written = (name: string, until: string, ...steps: ReadonlyArray<object>): string => {
  const file = join(folder, `${name}.yaml`)
  const metadata = { name }
  writeFileSync(
    file,
    stringify({ apiVersion: "kubereel.dev/v1alpha1", kind: "Scenario", metadata, spec: { until, steps } })
  )
  return file
}

const pod = (name: string, nodeName = "rig-2") => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    nodeName,
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: "127.0.0.1:5000/busybox:1", command: ["sleep", "1000"] }]
  }
})

describe.runIf(cluster.rig)("kubereel run --on", () => {
  const rig = cluster.rig as Rig
  const driver = ["--node-driver", `bash ${join(root, "packages", "backend-k8s", "rig", "driver.sh")} ${rig?.name}`]

  const kubereel = (...args: ReadonlyArray<string>) => {
    const main = join(root, "packages", "cli", "src", "main.ts")
    const on = ["--on", cluster.context, "--kubeconfig", rig.kubeconfig]
    const child = spawn(process.execPath, ["--conditions=source", main, "run", ...args, ...on], {
      stdio: ["ignore", "pipe", "pipe"]
    })
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
    const said = Promise.all([ended, text(child.stdout), text(child.stderr)])
    return {
      child,
      said: Effect.map(
        Effect.promise(() => said),
        ([code, out, err]) => ({ code, out, err })
      )
    }
  }
  const exists = (name: string) =>
    Effect.map(cluster.kubectl(["get", "namespace", name, "--ignore-not-found", "-o", "name"]), (found) => found !== "")

  it.live("cleans up when it is stopped with Ctrl-C, nodes too", () =>
    Effect.gen(function* () {
      const file = written(
        "stopped",
        "60s",
        { at: "0s", apply: pod("p") },
        { at: "1s", node: { name: "rig-2", kubelet: "stop", cordon: true } }
      )
      const { child, said } = kubereel(file, ...driver)
      const cordoned = cluster.kubectl(["get", "node", "rig-2", "-o", "jsonpath={.spec.unschedulable}"])
      yield* eventually("the step is done", cordoned, (answer) => answer === "true")
      assert.isTrue(yield* exists("stopped"))
      child.kill("SIGINT")
      assert.strictEqual((yield* said).code, 130)
      assert.isFalse(yield* exists("stopped"))
      assert.strictEqual(yield* cordoned, "")
      assert.match(yield* rig.node("rig-2").enter("pidof", "kubelet"), /^\d+/)
    })
  )

  it.live("drives nodes with a program that is named on the command line", () =>
    Effect.gen(function* () {
      const file = written(
        "driven",
        "10s",
        { at: "0s", apply: pod("p") },
        { at: "5s", kill: { pod: "p", container: "main", signal: "KILL" } }
      )
      const { code, out, err } = yield* kubereel(file, ...driver).said
      assert.strictEqual(code, 0, err)
      assert.match(out, /137/)
      assert.isFalse(yield* exists("driven"))
    })
  )

  it.live("goes on after steps that fail, says so, and cleans up", () =>
    Effect.gen(function* () {
      const file = written(
        "failing",
        "4s",
        { at: "0s", apply: [pod("p"), pod("p", "rig-1")] },
        { at: "1s", node: { name: "rig-2", power: "on" } },
        { at: "2s", delete: { kind: "Pod", name: "q" } }
      )
      const stuck = `grep -q '"check":true' || { echo 'the plug is stuck' >&2; exit 1; }`
      const { code, err, out } = yield* kubereel(file, "--node-driver", stuck).said
      assert.strictEqual(code, 0, err)
      const all = out + err
      assert.match(
        all,
        /step at 0s \(apply Pod\/p, Pod\/p\) was refused with 422: Pod "p" is invalid: spec: Forbidden: pod updates/
      )
      assert.match(all, /step at 1s .* was refused with 500: the plug is stuck/)
      assert.match(all, /step at 2s \(delete Pod\/q\) was refused with 404/)
      assert.isFalse(yield* exists("failing"))
    })
  )

  it.live("cleans up when the reel cannot be written", () =>
    Effect.gen(function* () {
      const file = written("unwritten", "20s", { at: "0s", apply: pod("p") })
      const { code, err } = yield* kubereel(file, "-o", "/proc/none.reel").said
      assert.strictEqual(code, 74, err)
      assert.isFalse(yield* exists("unwritten"))
    })
  )

  it.live("refuses a namespace that is somebody else's, and leaves it alone", () =>
    Effect.gen(function* () {
      yield* cluster.kubectl(["create", "namespace", "theirs"])
      const { code, err } = yield* kubereel(written("theirs", "4s", { at: "0s", apply: pod("p") })).said
      assert.strictEqual(code, 65)
      assert.match(err, /namespace theirs is there already and was not made by kubereel; name another one/)
      assert.strictEqual(yield* cluster.kubectl(["get", "pods", "-n", "theirs", "-o", "name"]), "")
      assert.isTrue(yield* exists("theirs"))
      yield* cluster.kubectl(["delete", "namespace", "theirs"])
    })
  )

  it.live("refuses steps for nodes without a driver, or that the driver cannot do, before anything is made", () =>
    Effect.gen(function* () {
      const without = yield* kubereel(shipped("killed-from-outside")).said
      assert.strictEqual(without.code, 65)
      assert.match(without.err, /step at \S+ \(kill .*\): only a driver for the cluster's nodes can do that/)
      const file = written("impossible", "4s", { at: "0s", node: { name: "rig-9", power: "off" } })
      const with_ = yield* kubereel(file, ...driver).said
      assert.strictEqual(with_.code, 65)
      assert.match(with_.err, /step at 0s \(node rig-9 .*\): rig \w+ has no node rig-9: it has rig-1, rig-2/)
      assert.isFalse(yield* exists("impossible"))
    })
  )
})
