/** The state at a moment by its definition: a fold over everything before it. The measure of every faster way. */
import { type BlindSpot, Inventory, type Sighting, sightingOf } from "../state/Inventory.ts"
import type { Moment, Recorded, StateAt } from "./EventLog.ts"

/** A prefix ends before the first event that was seen later than the moment, or at the number. */
const isBeyond = (moment: Moment, seq: number, { observed }: Sighting): boolean =>
  "seq" in moment ? seq > moment.seq : observed !== undefined && observed > moment.observed

/** A gap that was told only when it was over: what was found by then stands before it. */
const toldLater = (
  moment: Moment,
  rest: Iterable<readonly [seq: number, sighting: Sighting]>
): ReadonlyArray<BlindSpot> => {
  const found: Array<BlindSpot> = []
  if ("seq" in moment) return found
  for (const [, { entry, gap }] of rest) {
    if (entry !== undefined && !entry.isFound) break
    if (gap?.from === undefined || gap.to === undefined) continue
    const { isOver: _, ...spot } = gap
    if (gap.from <= moment.observed && moment.observed < gap.to) found.push(spot)
  }
  return found
}

/** Folds what comes after an inventory up to the moment. */
export const foldTo = (
  inventory: Inventory,
  sightings: Iterable<readonly [seq: number, sighting: Sighting]>,
  moment: Moment
): StateAt => {
  const ahead = sightings[Symbol.iterator]()
  let isAll = true
  let later: ReadonlyArray<BlindSpot> = []
  for (let step = ahead.next(); step.done !== true; step = ahead.next()) {
    const [seq, sighting] = step.value
    if (isBeyond(moment, seq, sighting)) {
      isAll = false
      const { value } = step
      later = toldLater(moment, {
        *[Symbol.iterator]() {
          yield value
          for (let next = ahead.next(); next.done !== true; next = ahead.next()) yield next.value
        }
      })
      break
    }
    inventory.see(seq, sighting)
  }
  const { first, reached, seq } = inventory
  const late = isAll && ("seq" in moment ? moment.seq > seq : reached !== undefined && moment.observed > reached)
  const early = seq === 0 || ("observed" in moment && (first === undefined || moment.observed < first))
  return {
    seq,
    observed: reached,
    place: late ? "after" : early ? "before" : "within",
    gaps: [...inventory.gaps(), ...later],
    entries: inventory.entries()
  }
}

export const stateOf = (events: ReadonlyArray<Recorded>, moment: Moment): StateAt =>
  foldTo(
    new Inventory(),
    events.map(({ event, seq }) => [seq, sightingOf(seq, event)] as const),
    moment
  )
