/**
 * A simulated cluster that lives, as its user waits for it: from the command to the first answered request, and 5,000 pods that are
 * created through the API, one request each, until all of them run, at full speed and recorded into a reel. Beside the second: the
 * process's own time of the CPU, since whatever else the machine does counts against the wall's clock.
 *
 *   npm run build && npm run bench -- up
 *
 * Goals: the first answer in 1 s; 5,000 pods in 20 s.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { Agent, request } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { parse } from "yaml"

const STARTS = 7
const PODS = 5_000
const CLIENTS = 16

const launcher = join(import.meta.dirname, "../bin/kubereel.mjs")
const folder = mkdtempSync(join(tmpdir(), "kubereel-up-bench-"))
afterAll(() => rmSync(folder, { recursive: true }))

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

interface Up {
  readonly child: ChildProcess
  readonly ask: (method: string, path: string, body?: object) => Promise<{ status: number; body: string }>
  /** Milliseconds from the command to the first answer. */
  readonly started: number
  readonly end: () => Promise<void>
}

let ups = 0

const asking = (kubeconfig: string): Up["ask"] => {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8"))
  const { "certificate-authority-data": ca, server } = clusters[0].cluster
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS, ca: Buffer.from(ca, "base64") })
  const authorization = `Bearer ${users[0].user.token}`
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) }
      const asked = request(`${server}${path}`, { method, agent, headers }, (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      })
      asked.on("error", reject)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
}

const up = async (...flags: ReadonlyArray<string>): Promise<Up> => {
  const kubeconfig = join(folder, `${ups}.kubeconfig`)
  const began = performance.now()
  const args = [launcher, "up", "--kubeconfig", kubeconfig, "-o", join(folder, `${ups++}.reel`), ...flags]
  const child = spawn(process.execPath, args, { stdio: "ignore" })
  while (!existsSync(kubeconfig)) await later(2)
  const ask = asking(kubeconfig)
  await ask("GET", "/version")
  const started = performance.now() - began
  const end = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve))
    child.kill("SIGINT")
    await ended
  }
  return { child, ask, started, end }
}

test("from the command to the first answered request", async () => {
  const times: Array<number> = []
  for (let i = 0; i < STARTS; i++) {
    const one = await up()
    times.push(one.started)
    await one.end()
  }
  const sorted = times.toSorted((a, b) => a - b)
  const [fastest = 0, median = 0] = [sorted[0], sorted[Math.floor(STARTS / 2)]]
  say(`up to the first answer      ${median.toFixed(0).padStart(6)} ms (fastest ${fastest.toFixed(0)} ms)`)
  expect(median).toBeGreaterThan(0)
})

/** Seconds of the CPU, all threads (`man 5 proc`, stat); `undefined` where there is no such file. */
const cpuSeconds = ({ pid }: ChildProcess): number | undefined => {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return undefined
  const fields = readFileSync(file, "utf8").split(") ")[1]?.split(" ") ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const podOf = (i: number) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `pod-${i}` },
  spec: { containers: [{ name: "main", image: "busybox", command: ["sleep", "86400"] }] }
})

test(`${PODS} pods through the API until all of them run`, async () => {
  const { ask, child, end } = await up("--nodes", "60", "--speed", "max")
  const path = "/api/v1/namespaces/default/pods"
  const [began, used] = [performance.now(), cpuSeconds(child)]
  let next = 0
  const client = async () => {
    for (let i = next++; i < PODS; i = next++) expect((await ask("POST", path, podOf(i))).status).toBe(201)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const created = performance.now() - began
  for (let left = 1; left > 0; ) {
    const { body } = await ask("GET", `${path}?fieldSelector=status.phase%21%3DRunning&limit=1`)
    left = JSON.parse(body).items.length
    if (left > 0) await later(100)
  }
  const running = performance.now() - began
  const cpu = used === undefined ? "" : `; ${((cpuSeconds(child) ?? 0) - used).toFixed(1)} s of the CPU`
  say(
    `${PODS} pods created in ${(created / 1_000).toFixed(1)} s, running in ${(running / 1_000).toFixed(1)} s (goal: 20 s)${cpu}`
  )
  await end()
})
