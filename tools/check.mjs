/**
 * Everything that must be true of this repository, one check after the other; what `npm test` runs.
 *
 *   node tools/check.mjs           all of it
 *   node tools/check.mjs WORD…     the checks whose name contains one of the words
 *
 * The last line is the sum: a check that is no test runner counts as one, a test runner as its tests.
 */
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { performance } from "node:perf_hooks"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), "kubereel-check-"))

const environment = {
  ...process.env,
  PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1"
}

/** @typedef {{ passed: number, failed: number, skipped?: number }} Count */

/** effect-tsgo passes on a project without its plugin entry, having looked at nothing: that is a failure too. */
const sawFiles = (/** @type {string} */ output) => /Checked [1-9]\d* files/.test(output)

const effect = (/** @type {string} */ name, /** @type {string} */ project) => ({
  name: `Effect diagnostics of ${name}`,
  command: ["effect-tsgo", "diagnostics", "--project", project, "--format", "text"],
  holds: sawFiles
})

const turbo = (/** @type {string} */ task) => [
  "turbo",
  "run",
  task,
  "--continue",
  "--output-logs=errors-only",
  "--ui=stream"
]

/** @type {ReadonlyArray<{ name: string, command: ReadonlyArray<string>, holds?: (output: string) => boolean }>} */
const checks = [
  { name: "lock file and exact versions", command: ["node", "tools/lock.mjs"] },
  {
    name: "format and lint",
    command: ["biome", "ci", "--colors=off", "--diagnostic-level=error", "--max-diagnostics=50"]
  },
  { name: "types of the packages", command: turbo("check-types") },
  { name: "types of the tools", command: ["tsc", "-p", "tools/tsconfig.json"] },
  effect("core", "packages/core/tsconfig.build.json"),
  effect("backend-sim", "packages/backend-sim/tsconfig.build.json"),
  effect("backend-k8s", "packages/backend-k8s/tsconfig.build.json"),
  effect("serve", "packages/serve/tsconfig.build.json"),
  effect("fuzz", "packages/fuzz/tsconfig.json"),
  effect("cli", "packages/cli/tsconfig.json"),
  { name: "boundaries between packages", command: ["turbo", "boundaries"] },
  { name: "dead code", command: ["knip", "--no-progress"] },
  { name: "build", command: turbo("build") }
]

/** @returns {Promise<{ status: number | null, output: string }>} What it wrote, unless that was shown as it came. */
const run = (/** @type {ReadonlyArray<string>} */ command, /** @type {"inherit" | "pipe"} */ shown) =>
  new Promise((resolve) => {
    const [program = "", ...args] = command
    const child = spawn(program, args, {
      cwd: root,
      env: environment,
      stdio: ["ignore", shown, shown],
      shell: process.platform === "win32"
    })
    /** @type {Array<Buffer>} */
    const chunks = []
    child.stdout?.on("data", (chunk) => chunks.push(chunk))
    child.stderr?.on("data", (chunk) => chunks.push(chunk))
    const output = () => Buffer.concat(chunks).toString()
    child.on("error", ({ message }) => resolve({ status: null, output: output() + message }))
    child.on("close", (status) => resolve({ status, output: output() }))
  })

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`)

/** @returns {Promise<Count>} */
const check = async (/** @type {(typeof checks)[number]} */ { name, command, holds }) => {
  const began = performance.now()
  const { output, status } = await run(command, "pipe")
  const ok = status === 0 && (holds?.(output) ?? true)
  say(`${ok ? "ok  " : "FAIL"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  if (!ok) say(`     ${command.join(" ")}\n${output.replaceAll(/^/gm, "     ")}`)
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/**
 * vitest's own report. A file that failed without a failed test (it could not be loaded, its set-up threw) counts as one, and so
 * does a run that ended badly for another reason.
 *
 * @returns {Count}
 */
const countIn = (/** @type {string} */ report, /** @type {number | null} */ status) => {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"))
    const broken = testResults.filter(
      (/** @type {{ status: string, assertionResults: ReadonlyArray<{ status: string }> }} */ file) =>
        file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed")
    ).length
    const failed = numFailedTests + broken
    return {
      passed: numPassedTests,
      failed: failed === 0 && status !== 0 ? 1 : failed,
      skipped: numPendingTests
    }
  } catch (cause) {
    say(`FAIL vitest left no report: ${cause}`)
    return { passed: 0, failed: 1 }
  }
}

/** @returns {Promise<Count>} */
const tests = async (/** @type {string} */ projects, /** @type {"inherit" | "pipe"} */ shown = "inherit") => {
  const report = join(scratch, `${projects.replaceAll(/\W/g, "-")}.json`)
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
  const { output, status } = await run(["vitest", "run", `--project=${projects}`, ...reporters], shown)
  process.stdout.write(output)
  return countIn(report, status)
}

/** What the real cluster that tests start for themselves lacks here is installed and built, where that can be. */
const prepareRig = () => {
  if (process.platform !== "linux") return { status: 69, reason: "the rig needs Linux" }
  const { status, stdout, error } = spawnSync("bash", ["packages/backend-k8s/rig/prepare.sh"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8"
  })
  return { status, reason: stdout?.trim() || error?.message || `prepare.sh ended with exit status ${status}` }
}

/**
 * Tests against a real cluster: the user's own (KUBEREEL_TEST_CONTEXT), or one that runs on this machine.
 *
 * @returns {Promise<ReadonlyArray<Count>>}
 */
const clusterTests = async () => {
  const leftOut = (/** @type {string} */ reason) => {
    say(`left out: tests against a real cluster (${reason})`)
    return []
  }
  if (process.env.KUBEREEL_RIG === "off") return leftOut("KUBEREEL_RIG=off")
  if (process.env.KUBEREEL_TEST_CONTEXT) return [await tests("cluster:*")]
  const { status, reason } = prepareRig()
  if (status === 69) return leftOut(reason)
  if (status !== 0) {
    say(`FAIL the real cluster could not be built: ${reason}`)
    return [{ passed: 0, failed: 1 }]
  }
  // They wait more than they work, and each package has a rig of its own.
  return Promise.all([tests("cluster:backend-k8s"), tests("cluster:cli", "pipe")])
}

/**
 * Clients of others against the served API; those that cannot be had here are named, and their tests count as left out.
 *
 * @returns {Promise<ReadonlyArray<Count>>}
 */
const clientTests = async () => {
  if (process.env.KUBEREEL_CLIENTS !== "off") return [await tests("clients:*")]
  say("left out: tests with real clients (KUBEREEL_CLIENTS=off)")
  return []
}

const words = process.argv.slice(2)
const wanted = (/** @type {string} */ name) => words.length === 0 || words.some((word) => name.includes(word))

/** @type {Array<Count>} */
const counts = []
for (const one of checks) if (wanted(one.name)) counts.push(await check(one))
// Projects with a colon in their names need more than this repository.
if (wanted("tests")) counts.push(await tests("!*:*"))
if (wanted("tests with real clients")) counts.push(...(await clientTests()))
if (wanted("tests against a real cluster")) counts.push(...(await clusterTests()))
rmSync(scratch, { recursive: true, force: true })

const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
const skipped = counts.reduce((sum, count) => sum + (count.skipped ?? 0), 0)
if (skipped > 0) say(`left out: ${skipped} tests that need what this machine does not have (vitest names them: ↓)`)
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
