/** How long pods stay on a node with a taint that evicts. */
import { describe, expect, it } from "vitest"
import { evictionDelay } from "../../../../src/decide/controller/tainteviction/evictionDelay.ts"
import { SECOND } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { PodObject } from "../../../../src/event/KubernetesObject.ts"

const pod = (...tolerations: ReadonlyArray<JsonObject>): PodObject =>
  ({ spec: { tolerations } }) as unknown as PodObject
const taint = (key: string) => ({ key, effect: "NoExecute" })
const exists = (key: string, tolerationSeconds?: number) => ({
  key,
  operator: "Exists",
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds })
})

describe("a taint that evicts", () => {
  it("C-330: that is not tolerated means at once", () => {
    expect(evictionDelay(pod(), [taint("a")])).toBe(0)
    expect(evictionDelay(pod(exists("a")), [taint("a"), taint("b")])).toBe(0)
  })

  it("C-330: that is tolerated for a time means then, of several times the shortest", () => {
    expect(evictionDelay(pod(exists("a", 30)), [taint("a")])).toBe(30 * SECOND)
    expect(evictionDelay(pod(exists("a", 30), exists("b", 10)), [taint("a"), taint("b")])).toBe(10 * SECOND)
    expect(evictionDelay(pod(exists("a", 30), exists("b")), [taint("a"), taint("b")])).toBe(30 * SECOND)
    expect(evictionDelay(pod(exists("a", -5)), [taint("a")])).toBe(0)
  })

  it("C-330: of the tolerations of one taint the first counts, and without a time it is for ever", () => {
    expect(evictionDelay(pod(exists("a"), exists("a", 5)), [taint("a")])).toBeUndefined()
    expect(evictionDelay(pod(exists("b", 5), { operator: "Exists" }), [taint("a")])).toBeUndefined()
  })
})
