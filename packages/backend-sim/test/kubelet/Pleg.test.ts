import {
  type Instant,
  later,
  latestRelease,
  type RuntimeContainer,
  type RuntimePodStatus,
  SECOND
} from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Engine } from "../../src/engine/Engine.ts"
import { stream } from "../../src/engine/Random.ts"
import { Pleg } from "../../src/kubelet/Pleg.ts"
import { rigProfile } from "../../src/profile/NodeProfile.ts"

const start = (1_000 * SECOND) as Instant

const container = (id: string, state: RuntimeContainer["state"]): RuntimeContainer => ({
  id,
  kind: "regular",
  name: "main",
  state,
  sandbox: "s",
  createdAt: start,
  startedAt: start,
  finishedAt: undefined,
  exitCode: 0,
  reason: "",
  message: "",
  image: "i",
  imageID: "i",
  hash: "main/i",
  restartCount: 0,
  user: {}
})
const status = (...containers: ReadonlyArray<RuntimeContainer>): RuntimePodStatus => ({
  sandboxes: [],
  containers,
  ips: []
})

const setUp = (seed = 0, profile = rigProfile) => {
  const engine = new Engine(start)
  const seen: Array<number> = []
  let runtime = status()
  let reads = 0
  const pleg = new Pleg({
    engine,
    entity: "pleg",
    random: stream(seed, "pleg"),
    profile,
    release: latestRelease,
    inspect: () => {
      reads++
      return runtime
    },
    onChange: () => {},
    onPodEvent: () => seen.push(engine.now)
  })
  const become = (next: RuntimePodStatus) => {
    runtime = next
    pleg.changed("u")
  }
  const runFor = (micros: number) => engine.runUntil(later(engine.now, micros))
  return { engine, pleg, seen, become, runFor, reads: () => reads }
}

describe("the pod lifecycle event generator", () => {
  it("K-036: sees a change at the next relist, within a second and its own cost", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { become, engine, runFor, seen } = setUp(seed)
      runFor(seed * 37_000)
      const changed = engine.now
      become(status(container("a", "running")))
      runFor(3 * SECOND)
      expect(seen).toHaveLength(1)
      expect((seen[0] ?? 0) - changed).toBeLessThan(1.1 * SECOND)
    }
  })

  it("K-030: a container that was only created is no event", () => {
    const { become, runFor, seen } = setUp()
    become(status(container("a", "created")))
    runFor(3 * SECOND)
    expect(seen).toEqual([])
    become(status(container("a", "running")))
    runFor(3 * SECOND)
    expect(seen).toHaveLength(1)
  })

  it("K-030: one that vanished while it ran is an event, one that vanished after its death is none", () => {
    const { become, runFor, seen } = setUp()
    become(status(container("a", "running"), container("b", "exited")))
    runFor(3 * SECOND)
    become(status(container("a", "running")))
    runFor(3 * SECOND)
    expect(seen).toHaveLength(1)
    become(status())
    runFor(3 * SECOND)
    expect(seen).toHaveLength(2)
  })

  it("K-015: who has synced before waits for a relist that began after that sync", () => {
    const { become, engine, pleg, runFor } = setUp()
    become(status(container("a", "running")))
    runFor(3 * SECOND)
    const synced = engine.now
    let waited: number | undefined
    pleg.whenNewer("u", synced, () => {
      waited = engine.now - synced
    })
    expect(waited).toBeUndefined()
    runFor(3 * SECOND)
    expect(waited).toBeGreaterThan(0)
    expect(waited).toBeLessThan(1.1 * SECOND)
  })

  it("K-015: the first sync of a worker does not wait, and sees nothing", () => {
    const { pleg } = setUp()
    let seen: RuntimePodStatus | undefined
    pleg.whenNewer("u", undefined, (runtime) => {
      seen = runtime
    })
    expect(seen).toEqual({ sandboxes: [], containers: [], ips: [] })
  })

  it("K-016, T-18: a relist on demand answers in milliseconds", () => {
    const { become, engine, pleg, runFor, seen } = setUp()
    const asked = engine.now
    become(status(container("a", "running")))
    pleg.requestRelist("u")
    let newer: number | undefined
    pleg.whenNewer("u", asked, () => {
      newer = engine.now - asked
    })
    runFor(50_000)
    expect(newer).toBeLessThan(20_000)
    expect(seen).toHaveLength(1)
    runFor(3 * SECOND)
    expect(seen).toHaveLength(1)
  })

  it("K-016: a pod that a relist on demand finds unchanged is known anew, so that a sync that waits need not wait on", () => {
    const { become, engine, pleg, runFor, seen } = setUp()
    become(status(container("a", "running")))
    runFor(3 * SECOND)
    expect(seen).toHaveLength(1)
    const synced = engine.now
    const waits: Array<number> = []
    pleg.whenNewer("u", synced, () => waits.push(engine.now - synced))
    pleg.requestRelist("u")
    runFor(50_000)
    pleg.whenNewer("u", synced, () => waits.push(engine.now - synced))
    expect(waits).toHaveLength(2)
    expect(waits[0]).toBeLessThan(20_000)
    expect(waits[1]).toBe(50_000)
    expect(seen).toHaveLength(1)
  })

  it("K-017: a relist that was asked for is not made when one of all pods came first", () => {
    const readsWith = (takes: number) => {
      const podRelist = [takes, takes, takes, takes] as const
      const made = setUp(0, { ...rigProfile, podRelist })
      made.become(status(container("a", "running")))
      made.pleg.requestRelist("u")
      made.runFor(5 * SECOND)
      expect(made.seen).toHaveLength(1)
      return made.reads()
    }
    // Two: the one that was asked for, and the next one of all pods.
    expect(readsWith(1_000)).toBe(2)
    expect(readsWith(2 * SECOND)).toBe(1)
  })

  it("K-032: a look that was asked for is an event of its own, though nothing has changed", () => {
    const { become, pleg, runFor, seen } = setUp()
    become(status(container("a", "running")))
    runFor(3 * SECOND)
    pleg.changed("u")
    runFor(3 * SECOND)
    expect(seen).toHaveLength(1)
    pleg.requestReinspect("u")
    runFor(3 * SECOND)
    expect(seen).toHaveLength(2)
  })

  it("costs nothing while nothing happens", () => {
    const { engine, runFor } = setUp()
    runFor(3_600 * SECOND)
    expect(engine.pending).toBe(0)
  })
})
