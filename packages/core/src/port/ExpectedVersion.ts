/** What an append may expect of an object's versions in the log, and how they are counted: 1, 2, 3, … for each uid. */
import { Schema } from "effect"
import type { Entry, Sighting } from "../state/Inventory.ts"

/**
 * `any`: nothing is expected. `none`: the log has no version of it. `exists`: it has one at least. A number: it has so many.
 */
export type ExpectedVersion = "any" | "none" | "exists" | number

/** Of one object. */
export interface Expectation {
  readonly uid: string
  readonly version: ExpectedVersion
}

/** The log has other versions of the object than the caller took its decision on. Nothing of the batch was appended. */
export class WrongVersion extends Schema.TaggedError<WrongVersion>()("WrongVersion", {
  uid: Schema.String,
  expected: Schema.Union([Schema.Literals(["any", "none", "exists"]), Schema.Number]),
  /** How many versions of it the log has: the number of the newest. */
  actual: Schema.Natural
}) {
  override get message() {
    const expected = typeof this.expected === "number" ? `version ${this.expected}` : this.expected
    return `object ${this.uid} is at version ${this.actual} in the log, and the append expects ${expected}`
  }
}

const isVersion = ({ change, uid }: Entry): boolean => uid !== "" && change !== "BOOKMARK" && change !== "ERROR"

/** How many versions of each object there are. What has no uid is no object of its own. */
export class VersionCounts {
  readonly #counts: Map<string, number>

  constructor(from?: Iterable<readonly [uid: string, versions: number]>) {
    this.#counts = new Map(from)
  }

  see({ entry }: Sighting): void {
    if (entry !== undefined && isVersion(entry)) this.#counts.set(entry.uid, this.of(entry.uid) + 1)
  }

  of(uid: string): number {
    return this.#counts.get(uid) ?? 0
  }
}

const isMet = (expected: ExpectedVersion, actual: number): boolean => {
  switch (expected) {
    case "any":
      return true
    case "none":
      return actual === 0
    case "exists":
      return actual > 0
    default:
      return actual === expected
  }
}

/** The first expectation that is wrong. */
export const firstWrong = (expecting: ReadonlyArray<Expectation>, counts: VersionCounts): WrongVersion | undefined => {
  for (const { uid, version } of expecting) {
    const actual = counts.of(uid)
    if (!isMet(version, actual)) return new WrongVersion({ uid, expected: version, actual })
  }
  return undefined
}
