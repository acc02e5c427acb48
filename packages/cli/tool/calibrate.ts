/** Writes `packages/backend-sim/src/profile/rig.ts` from the shipped recordings; `--check` only says whether it would be another one. */
import { readFileSync, writeFileSync } from "node:fs"
import { Effect } from "effect"
import { calibrateShipped, rigFile, rigSource } from "./calibrate/rig.ts"

const text = rigSource(await Effect.runPromise(calibrateShipped))
if (!process.argv.includes("--check")) writeFileSync(rigFile, text)
else if (readFileSync(rigFile, "utf8") !== text) {
  process.stderr.write(`${rigFile}: the recordings say something else; run \`npm run calibrate\`\n`)
  process.exitCode = 1
}
