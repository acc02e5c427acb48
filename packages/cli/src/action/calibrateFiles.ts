/** What `kubereel calibrate` does. */
import { writeFileSync } from "node:fs"
import { basename } from "node:path"
import { Calibrator, profileDocument, renderCalibration } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { exitCodes, Verdict } from "../exitCode.ts"
import { openHistory } from "../input/openHistory.ts"
import { boundMemory } from "../output/boundMemory.ts"
import { speaking } from "../output/messages.ts"
import { replaceFile } from "../output/replaceFile.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import { look } from "../output/terminal.ts"

export interface CalibrateInput {
  readonly files: ReadonlyArray<string>
  readonly out?: string
  readonly json: boolean
}

/** Reads each as it comes: of a recording only what is measured is kept. */
export const calibrateFiles = Effect.fn("calibrateFiles")(function* ({ files, json, out }: CalibrateInput) {
  yield* boundMemory
  const calibrator = new Calibrator()
  for (const file of files) {
    const { events, seed } = yield* openHistory(file)
    if (seed !== undefined) yield* Speech.warn(`${file}: a scenario is simulated; this measures the simulator`)
    yield* Stream.runForEachArray(speaking(events), (batch) =>
      Effect.sync(() => {
        for (const event of batch) calibrator.add(event)
      })
    )
    calibrator.next()
  }
  const calibration = calibrator.finish()
  const document = profileDocument(
    calibration,
    files.map((file) => basename(file))
  )
  const text = `${JSON.stringify(document, undefined, 2)}\n`
  if (json) yield* print(JSON.stringify({ schemaVersion: 1, ...calibration, profile: document }, undefined, 2))
  else yield* print(renderCalibration(calibration, look()))
  if (calibration.estimates.length === 0) {
    yield* Speech.note("inconclusive: nothing could be measured; a recording that shows pods start and end is needed")
    return yield* new Verdict({ code: exitCodes.inconclusive })
  }
  if (out !== undefined) {
    yield* replaceFile(out, "text", (temporary) => Effect.sync(() => writeFileSync(temporary, text)))
    yield* Speech.note(`${out}: ${calibration.estimates.length} durations of ${calibration.pods} pods`)
  }
})
