import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate } from "../given.ts"

describe("two lives of one name", () => {
  it("the first is deleted at once, while its container still runs: nothing of it shows in the second", () => {
    const manifest = podManifest("p", ["main"])
    const facts = simulate({
      runs: { main: [{ onTerm: { exitAfter: "20s", exitCode: 3 } }] },
      steps: [
        { at: "0s", apply: manifest },
        { at: "5s", delete: { kind: "Pod", name: "p", gracePeriodSeconds: 0 } },
        { at: "5100ms", apply: manifest }
      ],
      until: "60s"
    })
    const moments = podMoments(facts)
    const uids = [...new Set(moments.map(({ pod }) => pod.metadata.uid))]
    expect(uids).toHaveLength(2)
    const second = moments.filter(({ pod }) => pod.metadata.uid === uids[1])
    expect(second.map(({ pod }) => pod.status.phase)).not.toContain("Failed")
    expect(second.at(-1)?.pod.status.phase).toBe("Running")
    const starts = new Set(second.flatMap(({ pod }) => pod.status.startTime ?? []))
    expect(starts.size).toBe(1)
  })
})
