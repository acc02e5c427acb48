/** What containers of joined nodes do, and what the nodes are: from files and flags. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { joiningNodes, programsOf, readPrograms } from "../../src/join/programFiles.ts"

const write = (text: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-programs-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
    ),
    (folder) => {
      const file = join(folder, "programs.yaml")
      writeFileSync(file, text)
      return file
    }
  )

const scenario = (name: string, exitCode: number, nodes = "") => `
apiVersion: kubereel.dev/v1alpha1
kind: Scenario
metadata: { name: ${name} }
spec:
  until: 1s
  programs: [{ match: { pod: "*" }, runs: [{ exitAfter: 1s, exitCode: ${exitCode} }] }]
  ${nodes}
`

const codesOf = (programs: ReturnType<ReturnType<typeof programsOf>>) => programs.map(({ runs }) => runs[0]?.exitCode)

const read = (text: string) => Effect.flatMap(write(text), readPrograms)

describe("programs of joined nodes", () => {
  it.effect("of a scenario are for the pods of its namespace, and of all files for those of others", () =>
    Effect.gen(function* () {
      const programs = programsOf([
        yield* read(scenario("one", 1)),
        yield* read("programs: [{ runs: [{ exitAfter: 1s, exitCode: 7 }] }]"),
        yield* read(scenario("two", 2))
      ])
      assert.deepStrictEqual(codesOf(programs("one")), [1])
      assert.deepStrictEqual(codesOf(programs("two")), [2])
      assert.deepStrictEqual(codesOf(programs("default")), [1, 7, 2])
    })
  )

  it.effect.each([
    ["programs: [{ runs: [{ exitAfter: soon }] }]", /programs\.yaml: programs\[0\]\.runs\[0\]\.exitAfter: .*duration/],
    ["kind: Deployment\napiVersion: apps/v1", /this is a manifest/],
    ["", /the file is empty/]
  ] as const)("%s is refused in one sentence", ([text, words]) =>
    Effect.gen(function* () {
      const done = yield* Effect.result(read(text))
      assert.isTrue(Result.isFailure(done))
      if (Result.isFailure(done)) assert.match(done.failure.message, words)
    })
  )
})

describe("nodes that join", () => {
  const wishes = { capacity: {}, labels: {}, taints: [] }

  it.effect("are as a file describes one of that name, and as the flags say", () =>
    Effect.gen(function* () {
      const file = yield* read(scenario("one", 1, "nodes: [{ name: n-1, cpu: 2, pods: 7, labels: { zone: a } }]"))
      const nodes = joiningNodes(["n-1", "n-2"], { ...wishes, capacity: { pods: "9" }, labels: { disk: "ssd" } }, [
        file
      ])
      const [first, second] = Result.getOrThrow(nodes)
      assert.deepInclude(first, { cpu: "2", pods: 9, labels: { zone: "a", disk: "ssd" } })
      assert.deepInclude(second, { cpu: "4", pods: 9, labels: { disk: "ssd" } })
    })
  )

  it("are refused where there cannot be any such", () => {
    const nodes = joiningNodes(["n-1"], { ...wishes, capacity: { cpu: "many" } }, [])
    assert.isTrue(Result.isFailure(nodes))
    if (Result.isFailure(nodes)) assert.match(nodes.failure.message, /^joining nodes: cpu: .*quantity/)
  })
})
