/**
 * A simulated cluster that lives, as its user waits for it: from the command to the first answered request, and 5,000 pods that are
 * created through the API, one request each, until all of them run, at full speed and recorded into a reel; and beside that the same
 * pods, from the same client, on a real control plane whose nodes KWOK pretends. With each, the processor time of all that takes part,
 * since whatever else the machine does counts against the wall's clock.
 *
 * Both are played twice: for the scheduler to place, and with their nodes' names given. A real scheduler sends 50 requests a second as
 * it is configured by default, and so the first says little about KWOK itself.
 *
 *   npm run build && npm run bench -- cli/bench/up
 *
 * KWOK needs the rig (packages/backend-k8s/rig) and Go, once, to build both; where they are not, that part is left out, and says so.
 * Goals: the first answer in 1 s; 5,000 pods in 20 s.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { rigAvailability, startRig } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"
import { afterAll, expect, test } from "vitest"
import { type Ask, askWith } from "./apiClient.ts"
import { findKwok, type Kwok, nodeOf, startKwok } from "./joined/kwok.ts"
import { childrenOf, cpuOf } from "./joined/processUse.ts"

const STARTS = 7
const PODS = 5_000
const NODES = 60
const CLIENTS = 16

const launcher = join(import.meta.dirname, "../bin/kubereel.mjs")
const folder = mkdtempSync(join(tmpdir(), "kubereel-up-bench-"))
afterAll(() => rmSync(folder, { recursive: true }))

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve())
    child.kill("SIGINT")
  })

interface Up {
  readonly child: ChildProcess
  readonly ask: Ask
  /** Milliseconds from the command to the first answer. */
  readonly started: number
}

let ups = 0

const up = async (...flags: ReadonlyArray<string>): Promise<Up> => {
  const kubeconfig = join(folder, `${ups}.kubeconfig`)
  const began = performance.now()
  const args = [launcher, "up", "--kubeconfig", kubeconfig, "-o", join(folder, `${ups++}.reel`), ...flags]
  const child = spawn(process.execPath, args, { stdio: "ignore" })
  while (!existsSync(kubeconfig)) await later(2)
  const ask = askWith(kubeconfig, CLIENTS)
  await ask("GET", "/version")
  return { child, ask, started: performance.now() - began }
}

test("from the command to the first answered request", async () => {
  const times: Array<number> = []
  for (let i = 0; i < STARTS; i++) {
    const { child, started } = await up()
    times.push(started)
    await ended(child)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const [fastest = 0, median = 0] = [sorted[0], sorted[Math.floor(STARTS / 2)]]
  say(
    `up to the first answer      ${median.toFixed(0).padStart(6)} ms (fastest ${fastest.toFixed(0)} ms; goal: 1000 ms)`
  )
  expect(median).toBeGreaterThan(0)
})

/** Who places the pods. */
type Placing = "scheduled" | "bound"
const placings: ReadonlyArray<Placing> = ["scheduled", "bound"]

const podOf = (i: number, placing: Placing, nodes: ReadonlyArray<string>) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `${placing}-${i}` },
  spec: {
    ...(placing === "bound" ? { nodeName: nodes[i % nodes.length] } : {}),
    containers: [{ name: "main", image: "busybox", command: ["sleep", "86400"] }]
  }
})

interface Played {
  /** Seconds of the wall's clock until all were created, and until all ran. */
  readonly created: number
  readonly running: number
  /** Seconds of processor time; absent where there is no /proc. */
  readonly cpu: number | undefined
}

/** 5,000 pods in a namespace of their own. */
const play = async (ask: Ask, placing: Placing, used: () => number): Promise<Played> => {
  const nodes: ReadonlyArray<string> = JSON.parse((await ask("GET", "/api/v1/nodes")).body).items.map(
    (node: { readonly metadata: { readonly name: string } }) => node.metadata.name
  )
  const path = "/api/v1/namespaces/default/pods"
  const measurable = existsSync("/proc/self/stat")
  const [began, before] = [performance.now(), measurable ? used() : 0]
  let next = 0
  const client = async () => {
    for (let i = next++; i < PODS; i = next++)
      expect((await ask("POST", path, podOf(i, placing, nodes))).status).toBe(201)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const created = performance.now() - began
  for (let left = 1; left > 0; ) {
    const { body } = await ask("GET", `${path}?fieldSelector=status.phase%21%3DRunning&limit=1`)
    left = JSON.parse(body).items.length
    if (left > 0) await later(100)
  }
  const running = performance.now() - began
  const cpu = measurable ? used() - before : undefined
  return { created: created / 1_000, running: running / 1_000, cpu }
}

const tell = (who: string, { cpu, created, running }: Played): void => {
  const used = cpu === undefined ? "" : `; ${cpu.toFixed(1)} s of processor time`
  say(`${who.padEnd(27)} created in ${created.toFixed(1)} s, running in ${running.toFixed(1)} s${used}`)
}

/** By placing: what `up` took. */
const ours = new Map<Placing, Played>()

for (const placing of placings)
  test(`${PODS} pods through the API until all of them run, ${placing}`, async () => {
    const { ask, child } = await up("--nodes", `${NODES}`, "--speed", "max")
    const played = await play(ask, placing, () => cpuOf([child.pid ?? 0]))
    ours.set(placing, played)
    tell(`up, ${PODS} pods ${placing}`, played)
    await ended(child)
  })

const untilReady = async (ask: Ask, kwok: ChildProcess): Promise<void> => {
  for (let ready = 0; ready < NODES; await later(200)) {
    if (kwok.exitCode !== null) throw new Error(`KWOK ended with exit status ${kwok.exitCode}`)
    const { body } = await ask("GET", "/api/v1/nodes")
    const isReady = ({ type, status }: { readonly type: string; readonly status: string }) =>
      type === "Ready" && status === "True"
    ready = JSON.parse(body).items.filter((node: { readonly status: { readonly conditions?: ReadonlyArray<never> } }) =>
      node.status.conditions?.some(isReady)
    ).length
  }
}

/** A control plane of its own for each placing: what was there before must not slow what comes. */
const playWithKwok = (found: Kwok, placing: Placing) =>
  Effect.gen(function* () {
    const rig = yield* startRig({ nodes: [] })
    const kwok = yield* Effect.acquireRelease(
      Effect.sync(() => startKwok(found, rig.kubeconfig)),
      (child) => Effect.promise(() => ended(child))
    )
    return yield* Effect.promise(async () => {
      const ask = askWith(rig.kubeconfig, CLIENTS)
      for (let i = 0; i < NODES; i++) await ask("POST", "/api/v1/nodes", nodeOf(`kwok-${i}`))
      await untilReady(ask, kwok)
      const machine = Number(readFileSync(join(rig.directory, "machines/control/init.pid"), "utf8"))
      return play(ask, placing, () => cpuOf([kwok.pid ?? 0, ...childrenOf(machine)]))
    })
  }).pipe(Effect.scoped)

test(`the same ${PODS} pods on a real control plane with KWOK`, async () => {
  const rig = await Effect.runPromise(rigAvailability)
  const kwok = rig.available ? findKwok() : rig
  if ("reason" in kwok) return say(`left out: the same with KWOK (${kwok.reason})`)
  if (!("program" in kwok)) return
  for (const placing of placings) {
    const played = await Effect.runPromise(playWithKwok(kwok, placing))
    tell(`KWOK, ${PODS} pods ${placing}`, played)
    const own = ours.get(placing)
    if (own === undefined) continue
    const cpu =
      own.cpu === undefined || played.cpu === undefined
        ? ""
        : `, and its processor time ${(played.cpu / own.cpu).toFixed(1)} ×`
    say(`  KWOK takes ${(played.running / own.running).toFixed(1)} × up's time to running${cpu}`)
  }
})
