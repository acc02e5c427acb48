/**
 * The main job on a shipped example: simulate a scenario, lay it beside what a real cluster made of the same scenario, and say
 * where the two part. What `npm start` runs; each step is a command that works as well on its own.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const bin = join(root, "node_modules", ".bin")
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` }

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`)

/** Runs a program, by default with what it says going straight to the terminal. Answers with its exit status. */
const run = (
  /** @type {ReadonlyArray<string>} */ [program = "", ...args],
  /** @type {"inherit" | "ignore"} */ output = "inherit"
) => {
  const done = spawnSync(program, args, { cwd: root, env, stdio: output, shell: process.platform === "win32" })
  return done.status ?? 1
}

const step = (/** @type {string} */ does, /** @type {ReadonlyArray<string>} */ command) => {
  say(`\n# ${does}\n$ npx ${command.join(" ")}\n`)
  const status = run(command)
  if (status !== 0) {
    say(`\nnpm start: the last command ended with exit status ${status}`)
    process.exit(status)
  }
}

// A bundle starts in a third of the time; without it the command runs from its sources.
run(["node", join("packages", "cli", "bundle.mjs")], "ignore")
mkdirSync(join(root, "reels"), { recursive: true })

step("Simulate a pod whose container exits with 1 after a second, for 340 seconds of the cluster's time.", [
  ...["kubereel", "run", "scenarios/crash-loop.yaml", "-o", "reels/simulated.reel"]
])
step("Read what a real Kubernetes 1.36 did with the same scenario.", [
  ...["kubereel", "import", "recordings/crash-loop.1.jsonl.gz", "-o", "reels/recorded.reel"]
])
step("Lay the two side by side. Every state and every Event must be in both; times may differ within the tolerance.", [
  ...["kubereel", "diff", "reels/simulated.reel", "reels/recorded.reel", "--side-by-side"]
])

say(`
# What to try next
npx kubereel show reels/recorded.reel --at 16s     what kubectl get pods would have shown sixteen seconds after the start
npx kubereel export reels/simulated.reel | head    the simulated watch stream, every object complete
npx kubereel run scenarios/trap-term.yaml          another of the scenarios: a program that needs two seconds to obey TERM
npx kubereel diff scenarios/qos.yaml recordings/qos.2.jsonl.gz
npx kubereel --help`)
