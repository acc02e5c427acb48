/**
 * Measures what the performance goals are about, after building what users run; what `npm run bench` runs. Words choose files.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const run = (/** @type {ReadonlyArray<string>} */ args, /** @type {"inherit" | "ignore"} */ output) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: output }).status ?? 1

run([join("packages", "cli", "bundle.mjs")], "ignore")
const vitest = join("node_modules", "vitest", "vitest.mjs")
process.exitCode = run(
  [vitest, "bench", "--run", "--config", "vitest.bench.config.ts", ...process.argv.slice(2)],
  "inherit"
)
