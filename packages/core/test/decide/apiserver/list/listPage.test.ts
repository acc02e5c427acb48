/** The items of a list, page by page. */
import { Result } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeContinue } from "../../../../src/decide/apiserver/list/continueToken.ts"
import { expiredPage } from "../../../../src/decide/apiserver/list/expired.ts"
import { listPage } from "../../../../src/decide/apiserver/list/listPage.ts"
import type { ListPlan } from "../../../../src/decide/apiserver/list/listPlan.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const object = (key: string): KubernetesObject => {
  const [namespace, name] = key.includes("/") ? key.split("/") : [undefined, key]
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: name ?? "", ...(namespace === undefined ? {} : { namespace }) }
  }
}
const keyOf = ({ metadata }: KubernetesObject): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`

const listed = (...keys: ReadonlyArray<string>) => ({
  items: keys.map(object),
  resourceVersion: 7n,
  isOfNamespace: false
})
const all: ListPlan = { version: { _tag: "Latest" }, limit: 0 }
const pageOf = (limit: number, after?: string): ListPlan => ({
  ...all,
  limit,
  ...(after === undefined ? {} : { after })
})

describe("C-164: the order of a list", () => {
  it("is that of the storage's keys, byte by byte: a namespace that goes on with a dash stands before it", () => {
    const { items } = listPage(listed("b/a", "a/z", "a/B", "a-b/c", "a/a", "a/a-b", "a/a.b", "a/a0"), all)
    expect(items.map(keyOf)).toEqual(["a-b/c", "a/B", "a/a", "a/a-b", "a/a.b", "a/a0", "a/z", "b/a"])
  })

  it("is that of UTF-8, not of UTF-16", () => {
    expect(listPage(listed("\u{1f600}", "\uffee", "é", "z"), all).items.map(keyOf)).toEqual([
      "z",
      "é",
      "\uffee",
      "\u{1f600}"
    ])
  })
})

describe("C-159, C-160: the pages of a list", () => {
  it("tell how many items are behind them, and where to go on", () => {
    const page = listPage(listed("a/3", "a/1", "a/2"), pageOf(2))
    expect(page.items.map(keyOf)).toEqual(["a/1", "a/2"])
    expect(page.remainingItemCount).toBe(1)
    expect(decodeContinue(page.continue ?? "")).toEqual(Result.succeed({ resourceVersion: 7n, start: "a/2\0" }))
    expect(listPage(listed("a/3", "a/1", "a/2"), pageOf(2, "a/2\0"))).toEqual({ items: [object("a/3")] })
  })

  it("of one namespace go on behind a name", () => {
    const page = listPage({ ...listed("a/1", "a/2"), isOfNamespace: true }, pageOf(1))
    expect(decodeContinue(page.continue ?? "")).toMatchObject(Result.succeed({ start: "1\0" }))
  })

  it("have no successor if they end with the last item", () => {
    expect(listPage(listed("a/1", "a/2"), pageOf(2))).toEqual({ items: [object("a/1"), object("a/2")] })
  })

  it("C-160: do not count what is behind them where a selector is used, and may promise a page that has nothing", () => {
    const page = listPage(listed("a/1", "a/2", "a/3"), pageOf(1), ({ metadata }) => metadata.name === "1")
    expect(page).toEqual({ items: [object("a/1")], continue: page.continue })
    expect(page.continue).toBeDefined()
    expect(listPage(listed("a/1", "a/2", "a/3"), pageOf(1, "a/1\0"), ({ metadata }) => metadata.name === "1")).toEqual({
      items: []
    })
  })

  it("are together the whole list, each item once, whatever the limit and the selection", () => {
    const key = fc
      .tuple(fc.constantFrom("a", "a-b", "b"), fc.stringMatching(/^[a-c.-]{1,4}$/))
      .map((parts) => parts.join("/"))
    fc.assert(
      fc.property(fc.uniqueArray(key), fc.integer({ min: 1, max: 5 }), fc.boolean(), (keys, limit, isSelected) => {
        const selects = isSelected ? ({ metadata }: KubernetesObject) => metadata.name.includes("a") : undefined
        const found: string[] = []
        let after: string | undefined
        do {
          const page = listPage(listed(...keys), pageOf(limit, after), selects)
          found.push(...page.items.map(keyOf))
          expect(page.items.length).toBeLessThanOrEqual(limit)
          after = page.continue === undefined ? undefined : Result.getOrThrow(decodeContinue(page.continue)).start
        } while (after !== undefined)
        expect(found).toEqual(listPage(listed(...keys), all, selects).items.map(keyOf))
      })
    )
  })

  it("C-163: that cannot be had any more may be had as of now", () => {
    const { metadata, ...status } = expiredPage(pageOf(2, "a/2\0"))
    expect(status).toMatchObject({ code: 410, reason: "Expired", status: "Failure" })
    expect(status.message).toContain(
      "or use the continue token in this response to retrieve the remainder of the results"
    )
    expect(decodeContinue((metadata as { continue: string }).continue)).toEqual(
      Result.succeed({ resourceVersion: -1n, start: "a/2\0" })
    )
    expect(expiredPage(all)).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "The resourceVersion for the provided list is too old.",
      reason: "Expired",
      code: 410
    })
  })
})
