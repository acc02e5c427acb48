/** A controller that was written with controller-runtime keeps what it was written to keep, in a simulated cluster. */
import { type ChildProcess, spawn } from "node:child_process"
import { afterAll, beforeAll, expect, it } from "vitest"
import { describeWith } from "./clients/clients.ts"
import { eventually } from "./clients/eventually.ts"
import { type Server, startServer } from "./clients/kubereel.ts"

const site = (replicas: number) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "shop", labels: { "test.kubereel.dev/site": "true" } },
    data: { replicas: String(replicas), image: "nginx:1.29" }
  })

describeWith(["controller", "kubectl"], "a controller of controller-runtime", (controller, kubectl) => {
  let server: Server
  let child: ChildProcess
  let log = ""

  beforeAll(async () => {
    server = await startServer("up", "--nodes", "2", "--speed", "20")
    child = spawn(controller, ["--kubeconfig", server.kubeconfig, "--elect"], { stdio: ["ignore", "ignore", "pipe"] })
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text
    })
  })
  afterAll(async () => {
    child.kill("SIGKILL")
    await server.stop()
  })

  const ask = async (...args: ReadonlyArray<string>): Promise<string> => {
    const { stdout, stderr, code } = await server.kubectl(kubectl, args)
    return code === 0 ? stdout : stderr
  }
  const apply = (manifest: string) => server.kubectl(kubectl, ["apply", "-f", "-"], { input: manifest })
  const readiness = () =>
    ask("get", "configmap", "shop", "-o", "jsonpath={.metadata.annotations.test\\.kubereel\\.dev/ready}")
  const becomes = async (expected: string) => {
    await eventually(`the site is ready: ${expected}`, readiness, (seen) => seen === expected).catch((cause) => {
      throw new Error(`${cause.message}\n${log.slice(-4000)}`)
    })
  }

  it("is elected, and makes the Deployment of a ConfigMap, which owns it", async () => {
    await apply(site(3))
    await becomes("3/3")
    expect(
      await ask("get", "lease", "site-controller.test.kubereel.dev", "-o", "jsonpath={.spec.holderIdentity}")
    ).toMatch(/_[0-9a-f-]{36}$/)
    expect(
      await ask("get", "deployment", "shop", "-o", "jsonpath={.metadata.ownerReferences[*].kind}/{.spec.replicas}")
    ).toBe("ConfigMap/3")
  })

  it("tells of it in an Event", async () => {
    const events = () =>
      ask("get", "events", "--field-selector", "involvedObject.kind=ConfigMap", "-o", "jsonpath={.items[*].message}")
    await eventually("an Event", events, (seen) => seen.includes("deployment shop was created"))
  })

  it("follows when the ConfigMap changes", async () => {
    await apply(site(5))
    await becomes("5/5")
  })

  it("makes the Deployment again that somebody deleted, and undoes what somebody changed", async () => {
    const uid = () => ask("get", "deployment", "shop", "-o", "jsonpath={.metadata.uid}")
    const before = await uid()
    await ask("delete", "deployment", "shop")
    await eventually("another Deployment", uid, (seen) => /^[0-9a-f-]{36}$/.test(seen) && seen !== before)
    await becomes("5/5")
    await ask("scale", "deployment", "shop", "--replicas=1")
    await eventually(
      "five replicas again",
      () => ask("get", "deployment", "shop", "-o", "jsonpath={.spec.replicas}"),
      (seen) => seen === "5"
    )
  })

  it("says farewell before the ConfigMap goes, and then the garbage collector takes the Deployment", async () => {
    const uid = await ask("get", "configmap", "shop", "-o", "jsonpath={.metadata.uid}")
    await ask("delete", "configmap", "shop")
    expect(await ask("get", "configmap", "shop-farewell", "-o", "jsonpath={.data.uid}")).toBe(uid)
    await eventually(
      "nothing is left",
      () => ask("get", "deploy,rs,pods"),
      (seen) => seen === ""
    )
    expect(log).not.toMatch(/panic|Observed a panic/)
  })
})
