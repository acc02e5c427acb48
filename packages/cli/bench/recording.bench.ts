/**
 * What a recorder holds in memory while 10,000 pods live and churn: created, changed, deleted, replaced by new ones. The API
 * server is a process of its own, and so is the recorder, which writes a real reel. `npm run bench -- recording`
 *
 * Baseline: what the same recorder holds after the first 100,000 events, by when all 10,000 pods are known. Goal: after
 * 400,000 it holds at most 1.1 × that, because memory goes with the objects that live and not with the events that were.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { expect, test } from "vitest"

const PODS = 10_000
const STEP = 100_000
const TIMES = 4
const GOAL = 1.1

/** What `recorder.ts` tells; bytes. */
interface Held {
  readonly events: number
  readonly heap: number
  readonly buffers: number
  readonly rss: number
}

const program = (name: string, args: ReadonlyArray<string | number>): ChildProcess =>
  spawn(process.execPath, ["--conditions=source", join(import.meta.dirname, "recording", name), ...args.map(String)], {
    stdio: ["ignore", "pipe", "inherit"]
  })

async function* linesOf({ stdout }: ChildProcess): AsyncGenerator<string> {
  if (stdout !== null) yield* createInterface({ input: stdout })
}

const kubeconfigFor = (server: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "churn", cluster: { server } }],
    users: [{ name: "bench", user: {} }],
    contexts: [{ name: "churn", context: { cluster: "churn", user: "bench" } }],
    "current-context": "churn"
  })

const mb = (bytes: number): string => `${(bytes / 1_000_000).toFixed(0)} MB`
const kept = ({ buffers, heap }: Held): number => heap + buffers

test("the memory of a recorder while 10,000 pods churn", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kubereel-recording-"))
  // More changes than are wanted, so that the watch never ends.
  const cluster = program("cluster.ts", [PODS, 2 * STEP * TIMES])
  const all: Array<Held> = []
  try {
    const { value: url } = await linesOf(cluster).next()
    const [kubeconfig, reel] = [join(folder, "kubeconfig"), join(folder, "churn.reel")]
    writeFileSync(kubeconfig, kubeconfigFor(String(url)))
    for await (const line of linesOf(program("recorder.ts", [kubeconfig, reel, STEP, TIMES]))) {
      const held = JSON.parse(line) as Held
      all.push(held)
      console.log(
        `  ${held.events} events: ${mb(kept(held))} held (heap ${mb(held.heap)}, buffers ${mb(held.buffers)}), ${mb(held.rss)} resident`
      )
    }
    const [first, last] = [all[0] as Held, all.at(-1) as Held]
    console.log(
      `  last / first: held ${(kept(last) / kept(first)).toFixed(3)} (goal ${GOAL}), resident ${(last.rss / first.rss).toFixed(3)}; the reel has ${mb(statSync(reel).size)}`
    )
    expect(all.length).toBe(TIMES)
    expect(kept(last) / kept(first)).toBeLessThanOrEqual(GOAL)
  } finally {
    cluster.kill()
    rmSync(folder, { recursive: true })
  }
})
