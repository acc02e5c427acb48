import { assert, describe, it } from "@effect/vitest"
import type { Gap } from "@kubereel/core"
import { gapNews } from "../../src/action/gapNews.ts"

const gap = (resource: string, more: Partial<Gap> = {}): Gap => ({
  _tag: "Gap",
  cause: "closed",
  detail: "cut",
  resource,
  ...more
})
const nothing = { created: [], changed: [], vanished: [] }

describe("the news of a recorder", () => {
  it("names resources that are not seen for the same reason in one line", () => {
    assert.deepStrictEqual(gapNews(["a", "b", "c", "d", "e"].map((name) => gap(name))), [
      "gap: a, b, c and 2 more not observed from here (closed): cut"
    ])
    assert.deepStrictEqual(gapNews([gap("a"), gap("b", { detail: "quiet" })]), [
      "gap: a not observed from here (closed): cut",
      "gap: b not observed from here (closed): quiet"
    ])
  })

  it("tells of a gap's end only where something was found, or the server went back in time", () => {
    const pod = { namespace: "n", name: "p", uid: "u" }
    const ends = [gap("a", { to: {}, found: nothing }), gap("b", { to: {}, found: { ...nothing, vanished: [pod] } })]
    assert.deepStrictEqual(gapNews([...ends, gap("c", { to: {}, found: nothing, cause: "restored" })]), [
      "gap: b not observed until here (closed): cut; found 1 vanished",
      "gap: c not observed until here (restored): cut; nothing was found changed"
    ])
  })
})
