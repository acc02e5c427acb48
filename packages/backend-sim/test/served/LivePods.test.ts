import type { LogOptions, Status } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import type { LiveCluster } from "../../src/served/LiveCluster.ts"
import { podManifest } from "../given.ts"
import { create, get, isStatus, live, pass, settled, write } from "./live.ts"

const plain: LogOptions = { follow: false, previous: false, timestamps: false }

const read = async (cluster: LiveCluster, options: Partial<LogOptions> = {}): Promise<string | Status> => {
  const log = await cluster.pods.log("default", "p", { ...plain, ...options })
  if (isStatus(log)) return log
  let text = ""
  for await (const chunk of log) text += chunk
  return text
}

const lines = [0, 1, 2, 30].map((at) => ({ at: `${at}s`, line: `line at ${at}` }))

const running = async (run: object = {}) => {
  const cluster = live({ runs: { main: [{ log: lines, ...run }] } })
  await create(cluster, "pods", podManifest("p", ["main"]))
  pass(cluster, "10s")
  return cluster
}

describe("logs", () => {
  it("show what the program has printed so far", async () => {
    const cluster = await running()
    expect(await read(cluster)).toBe("line at 0\nline at 1\nline at 2\n")
    pass(cluster, "1m")
    expect(await read(cluster)).toBe("line at 0\nline at 1\nline at 2\nline at 30\n")
  })

  it("are cut as they are asked for: by lines, by time, by bytes, with the time of each line", async () => {
    const cluster = await running()
    expect(await read(cluster, { tailLines: 1 })).toBe("line at 2\n")
    expect(await read(cluster, { tailLines: 0 })).toBe("")
    expect(await read(cluster, { limitBytes: 12 })).toBe("line at 0\nli")
    pass(cluster, "1m")
    expect(await read(cluster, { sinceSeconds: 50 })).toBe("line at 30\n")
    const stamped = await read(cluster, { timestamps: true, tailLines: 1 })
    expect(stamped).toMatch(/^2026-01-01T00:00:\d\d\.\d{9}Z line at 30\n$/)
  })

  it("are followed until the container ends", async () => {
    const cluster = await running({ exitAfter: "40s" })
    const log = await cluster.pods.log("default", "p", { ...plain, follow: true, tailLines: 1 })
    if (isStatus(log)) throw new Error(log.message)
    const chunks: Array<string> = []
    let ended = false
    const reading = (async () => {
      for await (const chunk of log) chunks.push(chunk)
      ended = true
    })()
    await settled()
    expect(chunks).toEqual(["line at 2\n"])
    pass(cluster, "25s")
    await settled()
    expect([chunks, ended]).toEqual([["line at 2\n", "line at 30\n"], false])
    pass(cluster, "20s")
    await reading
    expect(ended).toBe(true)
  })

  it("of the instance before are there after a restart", async () => {
    const cluster = live({
      runs: {
        main: [
          { exitAfter: "3s", exitCode: 1, log: [{ at: "1s", line: "first" }] },
          { log: [{ at: "1s", line: "second" }] }
        ]
      }
    })
    await create(cluster, "pods", podManifest("p", ["main"]))
    pass(cluster, "4s")
    expect(await read(cluster, { previous: true })).toMatchObject({
      code: 400,
      message: 'previous terminated container "main" in pod "p" not found'
    })
    pass(cluster, "20s")
    expect(await read(cluster, { previous: true })).toBe("first\n")
    expect(await read(cluster)).toBe("second\n")
  })

  it("C-126: of a pod without a node are empty; of several containers one has to be named", async () => {
    const cluster = live()
    await create(cluster, "pods", podManifest("p", ["main"]))
    expect(await read(cluster)).toBe("")
    expect(await read(cluster, { container: "other" })).toMatchObject({
      code: 400,
      message: "container other is not valid for pod p"
    })
    const two = live()
    await create(two, "pods", podManifest("p", ["a", "b"], { initContainers: [{ name: "i", image: "busybox:1" }] }))
    expect(await read(two)).toMatchObject({
      code: 400,
      message: "a container name must be specified for pod p, choose one of: [i a b]"
    })
    expect(await read(live())).toMatchObject({ code: 404, message: 'pods "p" not found' })
  })

  it("of a container that has not begun say what it waits for", async () => {
    const cluster = live({ images: [{ image: "*", error: "NotFound" }] })
    await create(cluster, "pods", podManifest("p", ["main"]))
    pass(cluster, "10s")
    const { message } = (await read(cluster)) as Status
    expect(message).toMatch(
      /^container "main" in pod "p" is waiting to start: (image can't be pulled|trying and failing to pull image)$/
    )
  })

  it("C-128: nothing else may be asked for", async () => {
    const cluster = await running()
    expect(await read(cluster, { tailLines: -1 })).toMatchObject({
      code: 422,
      message: 'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'
    })
    expect(await read(cluster, { limitBytes: 0 })).toMatchObject({ code: 422 })
    expect(await read(cluster, { sinceSeconds: 0 })).toMatchObject({ code: 422 })
    const both = await read(cluster, { sinceSeconds: 1, sinceTime: cluster.now() })
    expect(both).toMatchObject({
      code: 422,
      message: expect.stringContaining("at most one of `sinceTime` or `sinceSeconds`")
    })
  })

  it("of a node that does not answer cannot be had", async () => {
    const cluster = await running()
    cluster.cluster.submit({ _tag: "Node", name: "n-1", power: "off" } as never)
    expect(await read(cluster)).toMatchObject({
      code: 500,
      message: expect.stringMatching(/10250.*connection refused$/)
    })
  })
})

describe("commands and connections", () => {
  it("end as the program declares, and take so long", async () => {
    const cluster = await running({ execs: [{ command: ["cat", "/ready"], exitCode: 3, output: "no\n", takes: "2s" }] })
    let end: unknown
    void cluster.pods.exec("default", "p", { command: ["cat", "/ready"] }).then((one) => {
      end = one
    })
    pass(cluster, "1s")
    await settled()
    expect(end).toBeUndefined()
    pass(cluster, "1s")
    await settled()
    expect(end).toEqual({ exitCode: 3, stdout: "no\n", stderr: "" })
  })

  it("others are refused, with what to do", async () => {
    const cluster = await running()
    expect(await cluster.pods.exec("default", "p", { command: ["sh"] })).toMatchObject({
      code: 400,
      message:
        'no program of container main in simulated pod p declares how "sh" ends: declare it in programs[].runs[].execs of the scenario'
    })
  })

  it("C-127: a pod without a node cannot be connected to", async () => {
    const cluster = live()
    await create(cluster, "pods", podManifest("p", ["main"]))
    const message = "pod p does not have a host assigned"
    expect(cluster.pods.connect("default", "p", 80)).toMatchObject({ code: 400, message })
    expect(await cluster.pods.exec("default", "p", { command: ["sh"] })).toMatchObject({ code: 400, message })
  })

  it("a forwarded port reaches what the program answers there", async () => {
    const cluster = await running({ http: [{ port: 8080, path: "/", status: 200, body: "hello" }] })
    const open = cluster.pods.connect("default", "p", 8080)
    if ("code" in open) throw new Error("refused")
    expect(await open.request("GET", "/")).toEqual({ status: 200, body: "hello" })
    expect(await open.request("GET", "/other")).toMatchObject({ status: 404 })
    const closed = cluster.pods.connect("default", "p", 9)
    expect("code" in closed ? closed : await closed.request("GET", "/")).toBeUndefined()
  })

  it("a deleted pod's log ends for whoever follows it", async () => {
    const cluster = await running()
    const log = await cluster.pods.log("default", "p", { ...plain, follow: true })
    if (isStatus(log)) throw new Error(log.message)
    await write(cluster, "pods", { verb: "delete", name: "p" })
    let text = ""
    const reading = (async () => {
      for await (const chunk of log) text += chunk
    })()
    expect(await get(cluster, "pods", "p")).toBeDefined()
    pass(cluster, "60s")
    await reading
    expect(text).toContain("line at 30")
  })
})
