import { describe, expect, it } from "vitest"
import { podManifest } from "../given.ts"
import { create, get, list, live, names, pass, write } from "./live.ts"

const fault = (name: string, spec: object) => ({ metadata: { name }, spec })

const readyOf = async (cluster: ReturnType<typeof live>) => {
  const { conditions } = (await get(cluster, "nodes", "n-1"))["status"] as {
    conditions: ReadonlyArray<{ type: string; status: string }>
  }
  return conditions.find(({ type }) => type === "Ready")?.status
}

describe("a Fault", () => {
  it("is injected when it is made, says so, and is healed when it is deleted", async () => {
    const cluster = live()
    expect(await create(cluster, "faults", fault("dark", { node: { name: "n-1", power: "off" } }))).toMatchObject({
      status: 201
    })
    expect(await get(cluster, "faults", "dark")).toMatchObject({
      status: { phase: "Injected", message: "healed when it is deleted", injectedAt: expect.any(String) }
    })
    pass(cluster, "2m")
    expect(await readyOf(cluster)).toBe("Unknown")
    await write(cluster, "faults", { verb: "delete", name: "dark" })
    pass(cluster, "3m")
    expect(await readyOf(cluster)).toBe("True")
  })

  it("of a container runtime goes on until it is deleted", async () => {
    const cluster = live()
    const spec = { fault: { node: "n-1", call: "CreateContainer", message: "broken" } }
    await create(cluster, "faults", fault("broken", spec))
    await create(cluster, "pods", podManifest("p", ["main"]))
    pass(cluster, "20s")
    expect(JSON.stringify(await get(cluster, "pods", "p"))).toContain("CreateContainerError")
    await write(cluster, "faults", { verb: "delete", name: "broken" })
    pass(cluster, "5m")
    expect(await get(cluster, "pods", "p")).toMatchObject({ status: { phase: "Running" } })
  })

  it("that kills is done when it is made", async () => {
    const cluster = live()
    await create(cluster, "pods", podManifest("p", ["main"]))
    pass(cluster, "10s")
    await create(cluster, "faults", fault("kill", { kill: { pod: "p", container: "main" } }))
    expect(await get(cluster, "faults", "kill")).toMatchObject({
      status: { phase: "Injected", message: "what was done cannot be undone" }
    })
    pass(cluster, "10s")
    expect(await get(cluster, "pods", "p")).toMatchObject({ status: { containerStatuses: [{ restartCount: 1 }] } })
  })

  it("of what is not there says so", async () => {
    const cluster = live()
    await create(cluster, "faults", fault("far", { node: { name: "elsewhere", power: "off" } }))
    expect(await get(cluster, "faults", "far")).toMatchObject({
      status: { phase: "Refused", message: 'nodes "elsewhere" not found' }
    })
  })

  it("that is no fault is refused, with what is wrong", async () => {
    const cluster = live()
    const wrong = await create(cluster, "faults", fault("w", { node: { name: "n-1", power: "half" } }))
    expect(wrong).toMatchObject({ status: 422, body: { message: expect.stringContaining("spec.node.power: ") } })
    expect(await create(cluster, "faults", fault("w", { apply: {} }))).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining("exactly one of node, kill, fault, watch") }
    })
    expect(await create(cluster, "faults", fault("w", { watch: { of: "kubelet", node: "n-1" } }))).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining("a watch that stands still has to go on by itself some time") }
    })
    expect(names(await list(cluster, "faults"))).toEqual([])
  })

  it("does not change once it is there", async () => {
    const cluster = live()
    await create(cluster, "faults", fault("dark", { node: { name: "n-1", network: "cut" } }))
    const patch = { type: "merge", body: { spec: { node: { network: "heal" } } } }
    expect(await write(cluster, "faults", { verb: "patch", name: "dark", patch })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining("spec: Forbidden: a fault does not change once it is there") }
    })
  })
})
