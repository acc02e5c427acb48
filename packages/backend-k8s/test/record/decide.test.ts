import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import {
  Expired,
  Forbidden,
  failureOf,
  Garbled,
  GoneQuiet,
  Refused,
  TooManyRequests,
  Unauthorized,
  Unreachable
} from "../../src/client/failures.ts"
import { clientGoBackOff, decide, type Ended, type Ending, waitAfter } from "../../src/record/decide.ts"

const server = "https://here"
const ended = (how: Ending, more: Partial<Ended> = {}): Ended => ({
  doing: "watch",
  how,
  heard: 0,
  lasted: 5_000,
  unexplained: false,
  ...more
})
const cut = new Unreachable({ server, detail: "the connection was cut" })

describe("after a watch", () => {
  it.each([
    ["that the server ended, having said something", ended({ _tag: "Closed" }, { heard: 3 }), "watch", "not", "closed"],
    ["that the server ended, having said nothing", ended({ _tag: "Closed" }), "verify", "not", "closed"],
    ["that was answered with nothing at once", ended({ _tag: "Closed" }, { lasted: 3 }), "list", "back off", "closed"],
    [
      "that left out what a list shows",
      ended({ _tag: "Closed" }, { heard: 3, unexplained: true }),
      "list",
      "not",
      "closed"
    ],
    ["of a version that is too old", ended(new Expired({ detail: "410" })), "list", "not", "expired"],
    ["that was cut", ended(cut, { heard: 3 }), "verify", "not", "closed"],
    ["that nobody answered", ended(cut), "verify", "back off", "closed"],
    ["that went quiet", ended(new GoneQuiet({ server, after: 90_000 })), "verify", "not", "closed"],
    ["that is no watch", ended(new Garbled({ detail: "<html>" })), "verify", "back off", "unreadable"],
    ["that is forbidden", ended(new Forbidden({ detail: "no" })), "verify", "denied", "denied"],
    ["without valid credentials", ended(new Unauthorized({ server, detail: "no" })), "verify", "denied", "denied"],
    ["of a busy server", ended(new TooManyRequests({ detail: "busy", retryAfter: 7_000 })), "watch", 7_000, "closed"],
    ["of a server that fails", ended(new Refused({ status: 503, detail: "down" })), "verify", "back off", "closed"],
    [
      "whose versions ran backwards",
      ended({ _tag: "Backwards", message: "8 after 9" }),
      "verify",
      "back off",
      "restored"
    ]
  ] as const)("%s", (_, how, doing, wait, cause) => {
    const next = decide(how)
    assert.deepStrictEqual([next.doing, next.wait, next.cause], [doing, wait, cause])
    assert.isNotEmpty(next.detail)
  })

  it("a list that fails is never taken for a watch, and is not asked for again at once", () => {
    const failures = [401, 403, 404, 410, 429, 500].map((status) => failureOf({ server, status, detail: "no" }))
    for (const how of [...failures, cut, new GoneQuiet({ server, after: 1 }), new Garbled({ detail: "" })]) {
      for (const doing of ["list", "verify"] as const) {
        const next = decide(ended(how, { doing }))
        assert.notStrictEqual(next.doing, "watch", how._tag)
        assert.notStrictEqual(next.wait, "not", how._tag)
      }
    }
  })
})

describe("the back-off", () => {
  it("is client-go's: from 0.8 to 30 seconds, doubled, and up to as much again by chance", () => {
    const waits = [1, 2, 3, 6, 7, 99].map((failures) => waitAfter(clientGoBackOff, failures, 0))
    assert.deepStrictEqual(waits, [800, 1_600, 3_200, 25_600, 30_000, 30_000])
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const least = waitAfter(clientGoBackOff, failures, 0)
          const wait = waitAfter(clientGoBackOff, failures, chance)
          return least <= wait && wait <= 2 * least
        }
      )
    )
  })
})

describe("an HTTP status", () => {
  it("of 429, and of 5xx with Retry-After, says when to come again", () => {
    assert.deepInclude(failureOf({ server, status: 429, detail: "", retryAfter: "3" }), {
      _tag: "TooManyRequests",
      retryAfter: 3_000
    })
    assert.deepInclude(failureOf({ server, status: 503, detail: "", retryAfter: "1" }), {
      _tag: "TooManyRequests",
      retryAfter: 1_000
    })
    assert.deepInclude(failureOf({ server, status: 503, detail: "" }), { _tag: "Refused", status: 503 })
    assert.notProperty(
      failureOf({ server, status: 429, detail: "", retryAfter: "Thu, 01 Jan 2026 00:00:00 GMT" }),
      "retryAfter"
    )
  })
})
