import {
  type ContainerSpec,
  type Instant,
  later,
  type PodEvent,
  type PodRef,
  type ProgramRun,
  SECOND
} from "@kubereel/core"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { Engine } from "../../src/engine/Engine.ts"
import { stream } from "../../src/engine/Random.ts"
import { type NodeProfile, zeroProfile } from "../../src/profile/NodeProfile.ts"
import { Faults } from "../../src/runtime/Faults.ts"
import { findProgram, runOf, undeclared } from "../../src/runtime/programs.ts"
import { Runtime } from "../../src/runtime/Runtime.ts"
import { lonely } from "../network/lonely.ts"

const start = (1_000 * SECOND) as Instant
const main: ContainerSpec = { name: "main", image: "i" }

/** A node with one pod whose sandbox is up. */
const setUpOn = (profile: NodeProfile, ...runs: ReadonlyArray<Partial<ProgramRun>>) => {
  const engine = new Engine(start)
  const facts: Array<string> = []
  const runtime = new Runtime({
    engine,
    entity: "runtime",
    profile,
    programs: () => [
      { match: { pod: "*", container: "*", image: "*" }, runs: runs.map((run) => ({ ...undeclared, ...run })) }
    ],
    faults: new Faults(),
    handlers: ["runc"],
    nextIP: () => "10.88.0.1",
    network: lonely(engine),
    image: (image) => ({ tag: image, repoDigest: `${image}@sha256:0`, user: "" }),
    onChange: () => {},
    onFact: (_: PodRef, event: PodEvent) =>
      facts.push(`${(engine.now - start) / SECOND} ${event._tag}${"exitCode" in event ? ` ${event.exitCode}` : ""}`)
  })
  runtime.register({ namespace: "n", name: "p", uid: "u" }, stream(0, "p"))
  const runFor = (seconds: number) => engine.runUntil(later(engine.now, seconds * SECOND))
  const launch = (): string => {
    let made = ""
    runtime.createContainer("u", { kind: "regular", spec: main, restartCount: 0 }, (created) => {
      made = Result.getOrThrow(created)
      runtime.startContainer("u", made, () => {})
    })
    runFor(0)
    return made
  }
  runtime.createSandbox("u", { attempt: 0, handler: "" }, () => {})
  runFor(0)
  return { engine, facts, launch, runFor, runtime }
}

/** The same on a node that takes no time. */
const setUp = (...runs: ReadonlyArray<Partial<ProgramRun>>) => setUpOn(zeroProfile, ...runs)

const states = (runtime: Runtime) =>
  runtime.status("u").containers.map(({ exitCode, reason, state }) => `${state} ${exitCode} ${reason}`.trim())

describe("a process", () => {
  it("exits as its program says, and its n-th start uses the n-th run", () => {
    const { launch, runFor, runtime } = setUp({ exitAfter: 2 * SECOND, exitCode: 3 }, { exitAfter: SECOND })
    launch()
    runFor(1.9)
    expect(states(runtime)).toEqual(["running 0"])
    runFor(0.2)
    expect(states(runtime)).toEqual(["exited 3 Error"])
    launch()
    runFor(5)
    expect(states(runtime)).toEqual(["exited 0 Completed", "exited 3 Error"])
  })

  it("K-034: of older instances only the newest is kept", () => {
    const { launch, runFor, runtime } = setUp({ exitAfter: SECOND, exitCode: 1 })
    for (let time = 0; time < 4; time++) {
      launch()
      runFor(2)
    }
    expect(states(runtime)).toHaveLength(2)
  })

  it("is killed for its memory: OOMKilled, 137", () => {
    const { launch, runFor, runtime } = setUp({ exitAfter: SECOND, oom: true })
    launch()
    runFor(2)
    expect(states(runtime)).toEqual(["exited 137 OOMKilled"])
  })

  it("K-140, K-141: that ignores TERM gets KILL when the timeout is over", () => {
    const { facts, launch, runFor, runtime } = setUp({ onTerm: "ignore" })
    const id = launch()
    runtime.stopContainer("u", id, 5, () => facts.push("stopped"))
    runFor(10)
    expect(facts.slice(2)).toEqual(["0 SignalSent", "5 SignalSent", "5 ProcessExited 137", "stopped"])
  })

  it("that handles TERM does that, and not any more what it would have done by itself", () => {
    const { facts, launch, runFor, runtime } = setUp({
      exitAfter: 3 * SECOND,
      exitCode: 3,
      onTerm: { exitAfter: 2 * SECOND, exitCode: 5 }
    })
    const id = launch()
    runFor(2)
    runtime.stopContainer("u", id, 30, () => {})
    runFor(30)
    expect(facts.slice(2)).toEqual(["2 SignalSent", "4 ProcessExited 5"])
  })

  it("K-141: that is stopped twice gets one signal, is reaped once, and both who asked are told", () => {
    const { facts, launch, runFor, runtime } = setUp({ onTerm: { exitAfter: SECOND, exitCode: 0 } })
    const id = launch()
    for (const who of ["first", "second"]) runtime.stopContainer("u", id, 30, () => facts.push(who))
    runFor(30)
    expect(facts.slice(2)).toEqual(["0 SignalSent", "1 ProcessExited 0", "first", "second"])
  })

  it("K-140: ignores a signal that it has no handler for, and dies of KILL", () => {
    const { launch, runFor, runtime } = setUp({ exitAfter: 60 * SECOND, onTerm: { exitAfter: 0, exitCode: 0 } })
    launch()
    for (const signal of [1, 2, 3, 10, 11]) expect(runtime.kill("u", "main", signal)).toBe(true)
    runFor(1)
    expect(states(runtime)).toEqual(["running 0"])
    runtime.kill("u", "main", 9)
    runFor(1)
    expect(states(runtime)).toEqual(["exited 137 Error"])
  })

  it("K-140: ignores TERM, too, as long as its program has not begun to handle it", () => {
    const slow = { ...zeroProfile, processStart: [SECOND, SECOND, SECOND, SECOND] } as const
    const { launch, runFor, runtime } = setUpOn(slow, { onTerm: { exitAfter: 0, exitCode: 0 } })
    const id = launch()
    runtime.stopContainer("u", id, 3, () => {})
    runFor(5)
    expect(states(runtime)).toEqual(["exited 137 Error"])
  })

  it("lives on when its sandbox dies", () => {
    const { launch, runFor, runtime } = setUp({})
    launch()
    expect(runtime.killSandbox("u")).toBe(true)
    runFor(1)
    expect(states(runtime)).toEqual(["running 0"])
    expect(runtime.status("u").sandboxes[0]?.ready).toBe(false)
    expect(runtime.killSandbox("u")).toBe(false)
  })
})

describe("programs", () => {
  const program = (match: { pod: string; container: string; image: string }, exitCode: number) => ({
    match,
    runs: [{ ...undeclared, exitCode }]
  })
  const any = { pod: "*", container: "*", image: "*" }

  it("the first that matches pod, container and image is used", () => {
    const programs = [
      program({ ...any, pod: "web-*", container: "m*" }, 1),
      program({ ...any, image: "*/busybox:*" }, 2),
      program(any, 3)
    ]
    const chosen = (pod: string, container: ContainerSpec) => findProgram(programs, pod, container)?.runs[0]?.exitCode
    expect(chosen("web-1", main)).toBe(1)
    expect(chosen("web-1", { name: "side", image: "r/busybox:1" })).toBe(2)
    expect(chosen("db", main)).toBe(3)
  })

  it("where none is declared there is no run of it", () => {
    expect(runOf(findProgram([], "p", main), 3)).toBeUndefined()
  })
})
