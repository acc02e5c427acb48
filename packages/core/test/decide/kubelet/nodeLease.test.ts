import { expect, it } from "vitest"
import { nextLeaseAttempt } from "../../../src/decide/kubelet/nodeLease.ts"
import type { Instant } from "../../../src/event/Instant.ts"

it("C-320: a renewal that fails is tried again after 0.2 s, then after twice as long each time, at most 7 s", () => {
  const attempts: Array<number> = []
  for (let at = 0; attempts.length < 9; at = (attempts.at(-1) ?? 0) + 1)
    attempts.push(nextLeaseAttempt(0 as Instant, at as Instant))
  expect(attempts.map((at) => at / 1_000)).toEqual([0, 200, 600, 1_400, 3_000, 6_200, 12_600, 19_600, 26_600])
})
