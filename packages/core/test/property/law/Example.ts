/** What each law is shown by. */
import type { Version } from "../../../src/testing/lifeOf.ts"

/** A history that breaks the law with its last event, and one in which it is asked and holds. */
export interface Example {
  readonly broken: ReadonlyArray<Version>
  readonly kept: ReadonlyArray<Version>
}

/** By the law's id. */
export interface Examples {
  readonly [id: string]: Example
}
