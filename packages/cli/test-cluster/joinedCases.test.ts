/**
 * Conformance cases of Kubernetes on a real control plane whose nodes are all joined, and simulated: those that pass must go on passing.
 * On a rig of its own. By default a few that are quick; `KUBEREEL_E2E=all` plays all that pass.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { startRig, testCluster } from "@kubereel/backend-k8s/rig"
import type { KubernetesObject } from "@kubereel/core"
import { build, chosen, playTogether, readCases, run } from "@kubereel/serve/test-clients"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const { rig } = await Effect.runPromise(testCluster)
const off = { reason: "KUBEREEL_CLIENTS=off" }
const [e2e, kubectl] =
  rig === undefined || process.env["KUBEREEL_CLIENTS"] === "off" ? [off, off] : [build("e2e"), build("kubectl")]
const clients = "path" in e2e && "path" in kubectl ? { e2e: e2e.path, kubectl: kubectl.path } : undefined
const reason =
  rig === undefined
    ? " (left out: they need a rig)"
    : clients === undefined
      ? ` (left out: ${[e2e, kubectl].flatMap((client) => ("reason" in client ? client.reason : [])).join("; ")})`
      : ""

const AT_ONCE = 4
const all = process.env["KUBEREEL_E2E"] === "all"
const names = chosen(readCases("casesJoined"))

/** Their containers do what the list of programs says; ready when it resolves. They leave with the scope. */
const joined = (kubeconfig: string, ...which: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const root = join(import.meta.dirname, "../../..")
      const programs = join(root, "packages/serve/test-clients/e2e/programs.yaml")
      const flags = [...which, "--kubeconfig", kubeconfig, "--programs", programs]
      const main = join(root, "packages/cli/src/main.ts")
      const child = spawn(process.execPath, ["--conditions=source", "--no-warnings", main, "join", ...flags], {
        stdio: ["ignore", "ignore", "pipe"]
      })
      let said = ""
      await new Promise<void>((resolve, reject) => {
        child.once("exit", () => reject(new Error(`join ended: ${said}`)))
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          said += text
          if (/nodes? (?:is|are) ready/.test(said)) resolve()
        })
      })
      return child
    }),
    (child) =>
      Effect.promise(
        () =>
          new Promise((resolve) => {
            child.once("exit", resolve)
            child.kill("SIGINT")
          })
      )
  )

describe.runIf(clients)(`the conformance cases of Kubernetes with joined nodes${reason}`, () => {
  const scope = Scope.makeUnsafe()
  let kubeconfig = ""

  beforeAll(async () => {
    const own = startRig({ nodes: [], apiServerFlags: ["--endpoint-reconciler-type=lease"] })
    ;({ kubeconfig } = await Effect.runPromise(Scope.provide(own, scope)))
    await Effect.runPromise(Scope.provide(joined(kubeconfig, "--nodes", "3"), scope))
  }, 300_000)
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  it("another join on the same cluster: its pods have other addresses, and each node answers for its own", async () => {
    const ask = async (...args: ReadonlyArray<string>): Promise<string> => {
      const { code, stderr, stdout } = await run(clients?.kubectl ?? "", ["--kubeconfig", kubeconfig, ...args])
      expect(code, stderr).toBe(0)
      return stdout
    }
    const second = Scope.makeUnsafe()
    const flags = ["--name", "second", "--taints", "alone=yes:NoSchedule"]
    await Effect.runPromise(Scope.provide(joined(kubeconfig, ...flags), second))
    const pod = { containers: [{ name: "main", image: "busybox", command: ["sh", "-c", "echo I am; sleep 1000"] }] }
    const overrides = JSON.stringify({ apiVersion: "v1", spec: { ...pod, nodeName: "second" } })
    await ask("run", "p", "--image=busybox", `--overrides=${overrides}`)
    await ask("wait", "pod/p", "--for=condition=Ready", "--timeout=30s")
    const networks = await ask(
      "get",
      "nodes",
      "-o",
      "jsonpath={.items[*].metadata.annotations.kubereel\\.dev/pod-cidr}"
    )
    expect(networks.split(" ").sort()).toEqual(["10.88.0.0/24", "10.88.1.0/24", "10.88.2.0/24", "10.88.3.0/24"])
    expect(await ask("get", "pod", "p", "-o", "jsonpath={.status.podIP}")).toBe("10.88.3.1")
    expect(await ask("logs", "p")).toBe("I am\n")
    expect(await ask("exec", "p", "--", "echo", "hi")).toBe("hi\n")
    const podsOf = async (node: string) =>
      JSON.parse(await ask("get", "--raw", `/api/v1/nodes/${node}/proxy/pods`)).items.map(
        ({ metadata }: KubernetesObject) => metadata.name
      )
    expect(await podsOf("second")).toEqual(["p"])
    expect(await podsOf("kubereel-0")).not.toContain("p")
    await ask("delete", "pod", "p", "--now")
    await Effect.runPromise(Scope.close(second, Exit.void))
  }, 120_000)

  it(`pass: ${all ? "all that ever did" : "the quick ones"}`, async () => {
    const play = (which: ReadonlyArray<string>, atOnce: number) =>
      playTogether(clients ?? { e2e: "", kubectl: "" }, kubeconfig, which, { atOnce, seconds: all ? 3_600 : 110 })
    const results = await play(names, AT_ONCE)
    const broken = results.filter(({ state }) => state !== "passed").map(({ name }) => name)
    // Their patience is counted by the wall's clock: on a machine that was busy with something else they are asked again.
    const still = broken.length === 0 ? [] : await play(broken, 1)
    const failures = still.filter(({ state }) => state !== "passed")
    expect(failures.map(({ name, state, failure }) => `${state}: ${name}: ${failure}`)).toEqual([])
    expect(results.length).toBe(names.length)
    expect(still.length).toBe(broken.length)
  }, 8_000_000)
})
