import { laws } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { runCampaign } from "../../src/fuzz/runCampaign.ts"
import { propertiesOf, type Selection } from "../../src/fuzz/Selection.ts"
import { WorkerFailure } from "../../src/fuzz/WorkerProcess.ts"

const selection: Selection = { ids: laws.map(({ id }) => id), modules: [], params: {} }
const draws = { seed: 5, size: "small" } as const
const forever = () => true

describe("a campaign", () => {
  it("comes to the same on one process and on three, each twentieth case once more on another", {
    timeout: 120_000
  }, async () => {
    const on = (workers: number) => runCampaign({ draws, selection, from: 0, count: 40, workers, goesOn: forever })
    const [one, three] = [await on(1), await on(3)]
    expect(one).toEqual(three)
    expect(one).toMatchObject({ next: 40, progress: { cases: 40, repeated: 2, differing: [] } })
  })

  it("begins nothing when there is no time, and goes on from where it was", { timeout: 60_000 }, async () => {
    const none = await runCampaign({ draws, selection, from: 40, count: 60, workers: 1, goesOn: () => false })
    expect(none).toMatchObject({ next: 40, progress: { cases: 0 } })
  })

  it("says what a process cannot do", { timeout: 60_000 }, async () => {
    const unknown = { ...selection, ids: ["L999"] }
    const failed = runCampaign({ draws, selection: unknown, from: 0, count: 5, workers: 2, goesOn: forever })
    await expect(failed).rejects.toThrow(WorkerFailure)
    await expect(propertiesOf(unknown)).rejects.toThrow("there is no property L999")
  })
})
