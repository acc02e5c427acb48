/** What the resourceVersion of a list, a get or a watch means. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { encodeContinue } from "../../../../src/decide/apiserver/list/continueToken.ts"
import { listOptions } from "../../../../src/decide/apiserver/list/listOptions.ts"
import { getVersion, listPlan, watchPlan } from "../../../../src/decide/apiserver/list/listPlan.ts"

const pods = { group: "", version: "v1", kind: "Pod", namespaced: true }
const options = (query: string) => Result.getOrThrow(listOptions(new URLSearchParams(query), { kind: pods }))
const list = (query: string) => listPlan(options(query))
const watch = (query: string) => watchPlan(options(`watch=true&${query}`))

const latest = { _tag: "Latest" }
const notOlderThan = (resourceVersion: bigint) => ({ _tag: "NotOlderThan", resourceVersion })
const exactly = (resourceVersion: bigint) => ({ _tag: "Exact", resourceVersion })
const BIG = "9007199254740993"

describe("C-155, C-156: the resourceVersion of a list", () => {
  it.each([
    ["", { version: latest, limit: 0 }],
    ["limit=2", { version: latest, limit: 2 }],
    ["resourceVersion=0", { version: latest, limit: 0 }],
    ["resourceVersion=0&resourceVersionMatch=NotOlderThan", { version: latest, limit: 0 }],
    ["resourceVersion=5", { version: notOlderThan(5n), limit: 0 }],
    [`resourceVersion=${BIG}`, { version: notOlderThan(9_007_199_254_740_993n), limit: 0 }],
    ["resourceVersion=5&limit=2", { version: exactly(5n), limit: 2 }],
    ["resourceVersion=5&limit=2&resourceVersionMatch=NotOlderThan", { version: notOlderThan(5n), limit: 2 }],
    ["resourceVersion=5&resourceVersionMatch=Exact", { version: exactly(5n), limit: 0 }],
    ["resourceVersion=5&resourceVersionMatch=NotOlderThan", { version: notOlderThan(5n), limit: 0 }],
    ["limit=-3", { version: latest, limit: 0 }]
  ])("?%s", (query, plan) => {
    expect(list(query)).toEqual(Result.succeed(plan))
  })

  it("C-158: of 0 makes a limit nothing", () => {
    expect(list("resourceVersion=0&limit=2")).toEqual(Result.succeed({ version: latest, limit: 0 }))
  })

  it("asks for no exact state of one object only because of a limit", () => {
    expect(list("resourceVersion=5&limit=2&fieldSelector=metadata.name%3Dp")).toEqual(
      Result.succeed({ version: notOlderThan(5n), limit: 2 })
    )
  })

  it("asks for one where the name does not say of which namespace the object is", () => {
    const byName = "resourceVersion=5&limit=2&fieldSelector=metadata.name%3Dp"
    expect(listPlan(options(byName), false)).toMatchObject(Result.succeed({ version: exactly(5n) }))
    expect(listPlan(options(`${byName},metadata.namespace%3Dns`), false)).toMatchObject(
      Result.succeed({ version: notOlderThan(5n) })
    )
  })

  it("C-159: a continued list stays with its first page, an inconsistent one with what there is now", () => {
    const [of7, ofNow] = [7n, -1n].map((resourceVersion) => encodeContinue({ resourceVersion, start: "default/p\0" }))
    expect(list(`limit=2&continue=${of7}`)).toEqual(
      Result.succeed({ version: exactly(7n), limit: 2, after: "default/p\0" })
    )
    expect(list(`limit=2&continue=${ofNow}`)).toEqual(
      Result.succeed({ version: latest, limit: 2, after: "default/p\0" })
    )
    expect(list(`resourceVersion=0&continue=${of7}`)).toMatchObject(Result.succeed({ version: exactly(7n) }))
  })

  it.each([
    [
      "resourceVersion=abc",
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax'
    ],
    [
      "resourceVersion=-1",
      'invalid resource version: resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax'
    ],
    [
      "resourceVersion=18446744073709551616",
      'invalid resource version: resourceVersion: Invalid value: "18446744073709551616": strconv.ParseUint: parsing "18446744073709551616": value out of range'
    ],
    ["continue=x", "invalid continue token: continue key is not valid: illegal base64 data at input byte 0"],
    [
      `resourceVersion=5&continue=${encodeContinue({ resourceVersion: 7n, start: "p" })}`,
      "specifying resource version is not allowed when using continue"
    ]
  ])("C-161: ?%s is refused", (query, message) => {
    expect(list(query)).toMatchObject(Result.fail({ code: 400, reason: "BadRequest", message }))
  })
})

describe("C-157: the resourceVersion of a get", () => {
  it("is of any state that is not older", () => {
    expect(["", "0", "5", BIG].map(getVersion)).toEqual(
      [latest, latest, notOlderThan(5n), notOlderThan(9_007_199_254_740_993n)].map((version) => Result.succeed(version))
    )
  })

  it("is an internal error if it is none", () => {
    expect(getVersion("x")).toMatchObject(
      Result.fail({
        code: 500,
        message: 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'
      })
    )
  })
})

describe("C-166, C-168: where a watch begins", () => {
  const plan = { initial: false, marksInitialEnd: false, bookmarks: false }

  it.each([
    ["", { ...plan, initial: true }],
    ["resourceVersion=0", { ...plan, initial: true }],
    ["resourceVersion=0&allowWatchBookmarks=true", { initial: true, marksInitialEnd: true, bookmarks: true }],
    ["resourceVersion=5", { ...plan, from: 5n }],
    ["resourceVersion=5&allowWatchBookmarks=true", { ...plan, from: 5n, bookmarks: true }],
    ["sendInitialEvents=true&resourceVersionMatch=NotOlderThan", { ...plan, initial: true }],
    [
      "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=5&allowWatchBookmarks=1",
      { from: 5n, initial: true, marksInitialEnd: true, bookmarks: true }
    ],
    ["sendInitialEvents=false&resourceVersionMatch=NotOlderThan", plan],
    ["sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=0", plan],
    ["sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=5", { ...plan, from: 5n }]
  ])("?watch=true&%s", (query, expected) => {
    expect(watch(query)).toEqual(Result.succeed(expected))
  })

  it("is an internal error if its version is none", () => {
    expect(watch("resourceVersion=x")).toMatchObject(Result.fail({ code: 500 }))
  })
})
