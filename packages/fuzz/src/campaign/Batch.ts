/** A run of cases in a row: what one process does at a time. */
import type { JsonObject, Property, Scenario } from "@kubereel/core"
import { chaosDocument, type Size, scenarioOfDocument } from "@kubereel/core/testing/scenario"
import { noProgress, type Progress, progressOf, together } from "./Progress.ts"
import { digestOf, playCase, type SimulatorOptions } from "./playCase.ts"

/** Which scenarios a campaign draws: each is named by the seed and its number. */
export interface Draws {
  readonly seed: number
  readonly size: Size
}

export interface Batch {
  readonly first: number
  readonly count: number
}

export interface BatchResult {
  readonly progress: Progress
  /** Of the cases that are simulated once more by somebody else: the digests of their histories. */
  readonly digests: ReadonlyArray<{ readonly index: number; readonly digest: string }>
}

/** The scenario document of a case. */
export const documentOf = ({ seed, size }: Draws, index: number): JsonObject => chaosDocument(seed, index, size)

const scenarioOf = (draws: Draws, index: number): Scenario => scenarioOfDocument(documentOf(draws, index))

/** Every twentieth case is simulated twice: which, its number says. */
export const REPEATED = 20

const isRepeated = (index: number): boolean => index % REPEATED === 0

export const playBatch = (
  draws: Draws,
  { count, first }: Batch,
  properties: ReadonlyArray<Property>,
  options?: SimulatorOptions
): BatchResult => {
  let progress = noProgress
  const digests: Array<BatchResult["digests"][number]> = []
  for (let index = first; index < first + count; index++) {
    const scenario = scenarioOf(draws, index)
    const result = playCase(scenario, properties, options)
    progress = together(progress, progressOf(index, result))
    if (isRepeated(index) && result.threw === undefined) digests.push({ index, digest: digestOf(scenario) })
  }
  return { progress, digests }
}

/** The second time, in another process. */
export const repeated = (draws: Draws, digests: BatchResult["digests"]): Progress => ({
  ...noProgress,
  repeated: digests.length,
  differing: digests
    .filter(({ digest, index }) => digestOf(scenarioOf(draws, index)) !== digest)
    .map(({ index }) => index)
})
