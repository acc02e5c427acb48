/** The default profile is what `calibrate` says of the shipped recordings. */
import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { calibrateShipped, rigFile, rigSource } from "../../tool/calibrate/rig.ts"

it.effect("the default profile is what calibrate says of the shipped recordings (npm run calibrate)", () =>
  Effect.gen(function* () {
    const calibration = yield* calibrateShipped
    assert.isAbove(calibration.pods, 400)
    assert.strictEqual(readFileSync(rigFile, "utf8"), rigSource(calibration))
  })
)
