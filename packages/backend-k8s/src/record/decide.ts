/** What the recorder of one resource does next, by how the last thing ended. Data only: no clock, no chance, no network. */
import type { Gap } from "@kubereel/core"
import type { ApiFailure } from "../client/failures.ts"

/**
 * - `list`: everything that is there, compared with what is known; what differs is found in a gap.
 * - `verify`: the same list, but the watch goes on where it was; only what it then does not deliver is found in a gap.
 * - `watch`: go on where it was.
 */
export type Doing = "list" | "verify" | "watch"

/** The server ended the watch in good order. */
export interface Closed {
  readonly _tag: "Closed"
}
/** A version came that is older than the one before it. */
export interface Backwards {
  readonly _tag: "Backwards"
  readonly message: string
}
export type Ending = ApiFailure | Closed | Backwards

export interface Ended {
  readonly doing: Doing
  readonly how: Ending
  /** Lines that were heard, for a watch. */
  readonly heard: number
  /** Milliseconds, for a watch. */
  readonly lasted: number
  /** There are differences that the watch has not explained. */
  readonly unexplained: boolean
}

export interface Next {
  readonly doing: Doing
  /** Milliseconds that the server asked for, or as long as the back-off says. */
  readonly wait: "not" | "back off" | "denied" | number
  /** Nothing was seen for a while already, though nobody has to wait. */
  readonly blind?: boolean
  /** Why nothing is seen until then. */
  readonly cause: Gap["cause"]
  readonly detail: string
}

/** A watch that ends sooner without a word was no watch: client-go's `very short watch`. */
const VERY_SHORT = 1_000

const again = (doing: Doing): Doing => (doing === "watch" ? "verify" : doing)

const closed = ({ heard, lasted, unexplained }: Ended): Next => {
  const cause = "closed"
  if (unexplained)
    return { doing: "list", wait: "not", cause, detail: "the watch ended without saying all that a list shows" }
  if (heard > 0) return { doing: "watch", wait: "not", cause, detail: "the server ended the watch" }
  return lasted < VERY_SHORT
    ? { doing: "list", wait: "back off", cause, detail: "the server answered the watch with nothing" }
    : { doing: "verify", wait: "not", cause, detail: "the server ended a watch that had said nothing" }
}

export const decide = (ended: Ended): Next => {
  const { doing, how, heard, unexplained } = ended
  switch (how._tag) {
    case "Closed":
      return closed(ended)
    case "Expired":
      return { doing: "list", wait: doing === "watch" ? "not" : "back off", cause: "expired", detail: how.message }
    case "Forbidden":
    case "Unauthorized":
      return { doing: again(doing), wait: "denied", cause: "denied", detail: how.message }
    case "TooManyRequests":
      return { doing, wait: how.retryAfter ?? "back off", cause: "closed", detail: how.message }
    case "GoneQuiet":
      return {
        doing: unexplained ? "list" : again(doing),
        wait: doing === "watch" ? "not" : "back off",
        blind: true,
        cause: "closed",
        detail: how.message
      }
    case "Garbled":
      return { doing: again(doing), wait: heard > 0 ? "not" : "back off", cause: "unreadable", detail: how.message }
    case "Backwards":
      return { doing: "verify", wait: heard > 1 ? "not" : "back off", cause: "restored", detail: how.message }
    case "Unreachable":
      return { doing: again(doing), wait: heard > 0 ? "not" : "back off", cause: "closed", detail: how.message }
    case "Refused":
      return { doing: again(doing), wait: "back off", cause: "closed", detail: how.message }
  }
}

export interface BackOff {
  /** Milliseconds. */
  readonly initial: number
  readonly max: number
}

/** client-go's (`tools/cache/reflector.go`): 800 ms, twice as long each time, at most 30 s, and up to as much again by chance. */
export const clientGoBackOff: BackOff = { initial: 800, max: 30_000 }

/** How long to wait after so many failures in a row (1, 2, …); `chance` is from 0 to 1. */
export const waitAfter = ({ initial, max }: BackOff, failures: number, chance: number): number => {
  const base = Math.min(max, initial * 2 ** Math.min(30, failures - 1))
  return Math.round(base * (1 + chance))
}
