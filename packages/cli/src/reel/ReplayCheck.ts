/** Replays a reel and compares what comes out with the states that were recorded on the way. */
import { type Inventory, type JsonObject, sightingIn } from "@kubereel/core"
import type Database from "better-sqlite3"
import { formatOf } from "./ReelFile.ts"
import { openSnapshot, type Snapshot, textOf } from "./Snapshots.ts"

export interface SnapshotProblem {
  readonly seq: number
  /** `damaged`: ignored by every reader. `diverged`: replaying gives another state. */
  readonly kind: "damaged" | "diverged"
  readonly detail: string
}

const parts = (text: string): ReadonlyMap<string, string> => {
  const { columns = [], ...rest } = JSON.parse(text) as { readonly columns?: ReadonlyArray<ReadonlyArray<unknown>> }
  const found = new Map(Object.entries(rest).map(([key, value]) => [key, JSON.stringify(value)]))
  for (const i of (columns[0] ?? []).keys()) {
    const row = columns.map((column) => column[i])
    found.set(`the object of event ${String(row[0])}`, JSON.stringify(row))
  }
  return found
}

/** The first thing that is not the same. */
const difference = (recorded: string, replayed: string): string => {
  const [a, b] = [parts(recorded), parts(replayed)]
  for (const key of new Set([...a.keys(), ...b.keys()]))
    if (a.get(key) !== b.get(key))
      return `${key}: recorded ${a.get(key) ?? "nothing"}, replayed ${b.get(key) ?? "nothing"}`
  return "the order of objects"
}

export class ReplayCheck {
  readonly problems: Array<SnapshotProblem> = []
  readonly #inventory: Inventory
  readonly #rows: Iterator<Snapshot> | undefined
  #next: Snapshot | undefined

  constructor(db: Database.Database, inventory: Inventory) {
    this.#inventory = inventory
    if (formatOf(db) < 2) return
    this.#rows = db
      .prepare<[], Snapshot>("SELECT seq, observed, hash, digest, body FROM snapshot ORDER BY seq")
      .all()
      .values()
    this.#advance()
  }

  see(seq: number, content: JsonObject): void {
    this.#inventory.see(seq, sightingIn(seq, content))
    while (this.#next !== undefined && this.#next.seq <= seq) this.#compare(this.#next)
  }

  #compare(row: Snapshot): void {
    const recorded = openSnapshot(row)
    const replayed = textOf(this.#inventory.state())
    if (recorded === undefined)
      this.problems.push({ seq: row.seq, kind: "damaged", detail: "it does not match its digest" })
    else if (recorded !== replayed)
      this.problems.push({ seq: row.seq, kind: "diverged", detail: difference(recorded, replayed) })
    this.#advance()
  }

  #advance(): void {
    const step = this.#rows?.next()
    this.#next = step === undefined || step.done === true ? undefined : step.value
  }
}
