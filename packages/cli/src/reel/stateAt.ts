/** The state at a moment: the newest snapshot before it and what happened since. */
import { BeforeHistory, foldTo, Inventory, type Moment, type StateAt } from "@kubereel/core"
import type Database from "better-sqlite3"
import type { Horizons } from "./Horizon.ts"
import { formatOf } from "./ReelFile.ts"
import type { ReelReader } from "./ReelReader.ts"
import { Skimmer } from "./Skimmer.ts"
import { Snapshots } from "./Snapshots.ts"

interface Parts {
  readonly db: Database.Database
  readonly horizons: Horizons
  readonly reader: ReelReader
  /** The last event. */
  readonly end: number
}

const beginning = ({ db, horizons }: Parts, moment: Moment): Inventory => {
  const horizon = horizons.get()
  const isBefore =
    horizon !== undefined &&
    ("seq" in moment ? moment.seq < horizon.seq : horizon.observed === null || moment.observed < horizon.observed)
  if (isBefore) throw new BeforeHistory({ removed: horizon.seq })
  const snapshot = formatOf(db) < 2 ? undefined : new Snapshots(db).before(moment)
  if (snapshot !== undefined) return new Inventory(snapshot)
  return horizon === undefined ? new Inventory() : horizons.inventory(horizon)
}

/** Throws `BeforeHistory` and `DamagedLog`. */
export const stateAt = (parts: Parts, moment: Moment): StateAt => {
  const inventory = beginning(parts, moment)
  const skimmer = new Skimmer(parts.reader, inventory.entries())
  return foldTo(inventory, skimmer.walk(inventory.seq + 1, parts.end), moment)
}
