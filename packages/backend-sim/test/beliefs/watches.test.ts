/** R14 is about who watches: what a served cluster that lives shows to somebody who comes late. */
import { describe, expect, it } from "vitest"
import { podManifest } from "../given.ts"
import { create, list, live, write } from "../served/live.ts"

describe("R14: a watch shows everything, in the order of resourceVersions", () => {
  it("what it begins with, the objects that are there, is in another order, and says nothing of what was in between", async () => {
    const cluster = live()
    const namespace = "default"
    await create(cluster, "pods", { ...podManifest("a", ["main"]), metadata: { name: "a", namespace } })
    await create(cluster, "pods", { ...podManifest("b", ["main"]), metadata: { name: "b", namespace } })
    for (const version of ["1", "2"]) {
      const patch = { type: "merge", body: { metadata: { labels: { version } } } }
      await write(cluster, "pods", { verb: "patch", name: "a", patch })
    }
    const { items } = await list(cluster, "pods")
    const shown = items.map(({ metadata }) => ({ name: metadata.name, version: metadata.labels?.["version"] }))
    expect(shown).toEqual([{ name: "a", version: "2" }, { name: "b" }])
    const [first, second] = items.map(({ metadata }) => Number(metadata.resourceVersion))
    expect(first).toBeGreaterThan(second ?? Number.NaN)
  })
})
