/**
 * A failing scenario made as small as it can be while the same property fails in it.
 *
 * Cheap and coarse things come first: whole faults, whole pods, blocks of steps; what is left is simulated quickly, and there are few
 * containers, programs and times left to be made simpler. All of it again until nothing helps any more.
 */
import type { JsonObject } from "@kubereel/core"
import { drawnWith } from "@kubereel/core/testing/scenario"
import type fc from "fast-check"
import { dropFaults } from "./passes/faults.ts"
import { dropFields } from "./passes/fields.ts"
import { halveHorizon, restOf, shortenHorizon } from "./passes/horizon.ts"
import { giveNames } from "./passes/names.ts"
import { bareWorkloads, dropObjects } from "./passes/objects.ts"
import { simplifyPrograms } from "./passes/programs.ts"
import { dropSteps, mergeSteps } from "./passes/steps.ts"
import { moveTimes } from "./passes/times.ts"
import { ask, type Limits, type Oracle, Search } from "./Search.ts"
import { shrinkDrawn } from "./shrinkDrawn.ts"

export interface ShrinkOptions extends Partial<Limits> {
  /**
   * How long at least nothing is done at the end, in microseconds; as long as in the document if absent. 0: the end may come at any time,
   * which is right only if the property fails at a moment, and not because something has not happened when all is over.
   */
  readonly rest?: number
}

export interface Shrunk {
  /** The smallest one that was found. */
  readonly document: JsonObject
  /** The id of the property that fails in it, as in the one that was given. */
  readonly property: string
  /** How many scenarios were tried. */
  readonly runs: number
  /** Nothing that is known to help helps any more; `false`: a limit was reached before. */
  readonly isMinimal: boolean
  /** Where fast-check's own shrinking got to. */
  readonly path: string | undefined
  /** Up to three other properties that failed on the way, with the smallest scenario of each. */
  readonly others: ReadonlyMap<string, JsonObject>
}

const MOST_RUNS = 2_000

const pass = (search: Search, rest: number): void => {
  dropFaults(search)
  dropObjects(search)
  dropSteps(search)
  halveHorizon(search, rest)
  bareWorkloads(search)
  simplifyPrograms(search)
  dropFields(search)
  // Other names, other chances: as long as nothing is cut to size that does no harm.
  giveNames(search)
  shortenHorizon(search, rest)
  moveTimes(search)
  mergeSteps(search)
}

const toFixpoint = (search: Search, rest: number): void => {
  for (;;) {
    const before = search.current
    pass(search, rest)
    if (search.current === before || search.isCutShort) return
  }
}

const limitsOf = ({ isLate = () => false, runs = MOST_RUNS }: ShrinkOptions): Limits => ({ runs, isLate })

const shrunk = (search: Search, path: string | undefined): Shrunk => ({
  document: search.current,
  property: search.property,
  runs: search.runs,
  isMinimal: !search.isCutShort,
  path,
  others: search.others
})

/** Of a document from anywhere: a saved failure, a scenario of one's own. `undefined`: no property fails in it. */
export const shrinkDocument = (
  document: JsonObject,
  oracle: Oracle,
  options: ShrinkOptions = {}
): Shrunk | undefined => {
  const property = ask(oracle, document)
  if (property === undefined) return undefined
  const search = new Search(document, property, oracle, limitsOf(options))
  toFixpoint(search, options.rest ?? restOf(document))
  return shrunk(search, undefined)
}

/** Of what an arbitrary draws with a seed: fast-check makes it smaller first, for at most a quarter of the runs. */
export const shrinkFailure = (
  arbitrary: fc.Arbitrary<JsonObject>,
  seed: number,
  oracle: Oracle,
  options: ShrinkOptions = {}
): Shrunk | undefined => {
  const drawn = drawnWith(arbitrary, seed)
  const property = ask(oracle, drawn.value)
  if (property === undefined) return undefined
  const limits = limitsOf(options)
  const search = new Search(drawn.value, property, oracle, limits)
  const path = shrinkDrawn(arbitrary, drawn, search, Math.floor(limits.runs / 4))
  toFixpoint(search, options.rest ?? restOf(drawn.value))
  return shrunk(search, path)
}
