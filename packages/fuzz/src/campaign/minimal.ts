/** The smallest scenario that was found for a case that breaks a property. */
import type { Property } from "@kubereel/core"
import { anyChaosDocument, seedOf } from "@kubereel/core/testing/scenario"
import type { Oracle } from "../shrink/Search.ts"
import { type ShrinkOptions, type Shrunk, shrinkFailure } from "../shrink/shrink.ts"
import type { Draws } from "./Batch.ts"
import { playCase, type SimulatorOptions } from "./playCase.ts"

/** Which of the properties fails in a scenario: the first in their order. */
export const oracleOf =
  (properties: ReadonlyArray<Property>, options?: SimulatorOptions): Oracle =>
  (scenario) =>
    playCase(scenario, properties, options).findings[0]?.property

/** Of a campaign's case; `undefined`: it breaks none of them. */
export const minimalCase = (
  { seed, size }: Draws,
  index: number,
  oracle: Oracle,
  options?: ShrinkOptions
): Shrunk | undefined => shrinkFailure(anyChaosDocument(size), seedOf(seed, index), oracle, options)
