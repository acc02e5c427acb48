/**
 * How long a shell waits, as ratios to a bare `node -e 0` measured in between (other work of the machine hits both), and how
 * a 200 MB recording is streamed.
 *
 *   npm run bench -- startup
 *
 * Goals: `--version` and `--help` at most 1.5 × `node -e 0`, `run` of a small scenario at most 0.6 s; a 200 MB recording in bounded memory.
 */
import { spawnSync } from "node:child_process"
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { afterAll, expect, test } from "vitest"

const ROUNDS = 15
const BIG_BYTES = 200_000_000

const root = join(import.meta.dirname, "../../..")
const launcher = join(root, "packages/cli/bin/kubereel.mjs")
const folder = mkdtempSync(join(tmpdir(), "kubereel-bench-"))

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const milliseconds = (args: ReadonlyArray<string>): number => {
  const began = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" })
  if (status !== 0) throw new Error(`${args.join(" ")} exited with ${status}: ${stderr}`)
  return performance.now() - began
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Each round measures the bare Node and the command, one after the other. */
const measure = (
  name: string,
  args: ReadonlyArray<string>
): { readonly milliseconds: number; readonly ratio: number } => {
  milliseconds([launcher, ...args])
  const rounds = Array.from(
    { length: ROUNDS },
    () => [milliseconds(["-e", "0"]), milliseconds([launcher, ...args])] as const
  )
  const [bare, command] = [median(rounds.map(([bare]) => bare)), median(rounds.map(([, command]) => command))]
  say(
    `${name.padEnd(24)} ${command.toFixed(0).padStart(6)} ms ${(command / bare).toFixed(2).padStart(7)} × node -e 0 (${bare.toFixed(0)} ms)`
  )
  return { milliseconds: command, ratio: command / bare }
}

/** Real lines with other uids, again and again. */
const writeBig = (file: string): void => {
  const lines = gunzipSync(readFileSync(join(root, "recordings/rollout-surge.1.jsonl.gz"))).toString()
  const [header = "", ...rest] = lines.trim().split("\n")
  const descriptor = openSync(file, "w")
  let written = writeSync(descriptor, `${header}\n`)
  for (let turn = 0; written < BIG_BYTES; turn++) {
    const prefix = turn.toString(16).padStart(8, "0")
    written += writeSync(descriptor, `${rest.join("\n").replaceAll(/("uid": ?")[0-9a-f]{8}/g, `$1${prefix}`)}\n`)
  }
  closeSync(descriptor)
}

/** The lines of a real audit log, again and again: each turn another namespace, other objects. */
const writeBigAudit = (file: string): void => {
  const pair = join(root, "packages/backend-k8s/test/import/data/pair.audit.jsonl.gz")
  const lines = gunzipSync(readFileSync(pair)).toString()
  const descriptor = openSync(file, "w")
  let written = 0
  for (let turn = 0; written < BIG_BYTES; turn++) {
    const prefix = turn.toString(16).padStart(8, "0")
    const other = lines.replaceAll(/("uid": ?")[0-9a-f]{8}/g, `$1${prefix}`).replaceAll("imp-pair2", `imp-${prefix}`)
    written += writeSync(descriptor, other)
  }
  closeSync(descriptor)
}

const measureBig = (): void => {
  const [big, audit, reel] = [join(folder, "big.jsonl"), join(folder, "big.audit"), join(folder, "big.reel")]
  writeBig(big)
  writeBigAudit(audit)
  // The peak is asked of the process itself, when it ends.
  const hook = `data:text/javascript,process.on("exit",()=>process._rawDebug("peak "+Math.round(process.resourceUsage().maxRSS/1024)+" MB"))`
  const commands = [
    ["import", big, "-o", reel],
    ["export", reel, "-o", join(folder, "out.jsonl")],
    ["diff", big, reel],
    ["import", audit, "-o", join(folder, "audit.reel")]
  ]
  for (const args of commands) {
    const began = performance.now()
    const { status, stderr } = spawnSync(process.execPath, ["--import", hook, launcher, ...args], {
      encoding: "utf8",
      maxBuffer: 1e9
    })
    const peak = /peak (\d+ MB)/.exec(stderr)?.[1]
    say(
      `${`200 MB, ${args[0]}${args[1] === audit ? " audit" : ""}`.padEnd(24)} ${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s, peak ${peak}, exit ${status}`
    )
  }
}

afterAll(() => rmSync(folder, { recursive: true }))

test("what is answered without work costs little more than Node itself", () => {
  expect(measure("--version", ["--version"]).ratio).toBeLessThanOrEqual(1.5)
  expect(measure("--help", ["--help"]).ratio).toBeLessThanOrEqual(1.5)
})

test("a small scenario runs in 0.6 s in all", () => {
  expect(measure("run crash-loop", ["run", "scenarios/crash-loop.yaml"]).milliseconds).toBeLessThanOrEqual(600)
  measure("run crash-loop -o", ["run", "scenarios/crash-loop.yaml", "-o", join(folder, "a.reel")])
  measure("export", ["export", join(folder, "a.reel")])
})

test("200 MB are streamed", () => {
  measureBig()
})
