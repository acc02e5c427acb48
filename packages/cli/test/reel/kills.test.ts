import { assert, describe, it } from "vitest"
import { kill } from "./kills.ts"

describe("a writer that is killed at a random moment", () => {
  it("guarantees 1, 2, 3: loses nothing that was acknowledged, tears no batch, and can be continued, fifty times", async () => {
    const { acknowledging, problems } = await kill(50)
    assert.deepStrictEqual(problems, [])
    // Otherwise nothing was at stake.
    assert.isAbove(acknowledging, 30)
  }, 120_000)
})
