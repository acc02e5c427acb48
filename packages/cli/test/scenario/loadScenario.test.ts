/** Scenario files: those we ship, and the ways in which a file can be none. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { codeOf } from "../../src/exitCode.ts"
import { loadScenario, parseScenario } from "../../src/scenario/loadScenario.ts"

const scenarios = `${import.meta.dirname}/../../../../scenarios`

const problems = (text: string): ReadonlyArray<string> => {
  const parsed = parseScenario(text, "s.yaml")
  return Result.isFailure(parsed) ? parsed.failure.problems : []
}

const document = (spec: string) =>
  `apiVersion: kubereel.dev/v1alpha1\nkind: Scenario\nmetadata:\n  name: s\nspec:\n${spec}`
const manifest = (container: string) => `  until: 1s
  steps:
  - at: 0s
    apply:
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec:
        containers: ${container}
`

describe("loadScenario", () => {
  it("reads every scenario that we ship", () => {
    for (const file of readdirSync(scenarios).filter((name) => name.endsWith(".yaml"))) {
      assert.isTrue(Result.isSuccess(parseScenario(readFileSync(`${scenarios}/${file}`, "utf8"), file)), file)
    }
  })

  it.each<readonly [string, string, ReadonlyArray<string>]>([
    ["an empty file", "", ['s.yaml: the file is empty; a scenario begins with "apiVersion: kubereel.dev/v1alpha1"']],
    [
      "nothing but comments",
      "# later\n",
      ['s.yaml: there is nothing in it but comments; a scenario begins with "apiVersion: kubereel.dev/v1alpha1"']
    ],
    [
      "what is no YAML",
      "a: [1\nb: }",
      [
        "s.yaml:2:1: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
        's.yaml:2:4: this is not YAML: Unexpected flow-map-end token in YAML stream: "}"'
      ]
    ],
    [
      "a field given twice",
      document("  until: 1s\n  until: 2s\n"),
      ["s.yaml:7:3: this is not YAML: Map keys must be unique"]
    ],
    [
      "two documents",
      `${document("  until: 1s\n")}---\na: 1\n`,
      ["s.yaml:7: a second document begins here; a scenario is one document in a file of its own"]
    ],
    [
      "plain text",
      "hello\n",
      ['s.yaml:1:1: the document: got "hello", expected a mapping with apiVersion, kind, metadata, spec']
    ],
    ["a reel", "SQLite format 3\0…", ['s.yaml: this is a reel, not a scenario; "kubereel show s.yaml" shows it']],
    [
      "a recording",
      '{"observedAt":"2026-11-21T08:43:01.123Z","type":"ADDED"}\n{}',
      ['s.yaml: these are watch lines, not a scenario; "kubereel import s.yaml" reads them']
    ],
    [
      "an unknown field",
      document("  until: 1s\n  stps: []\n"),
      ['s.yaml:7:3: spec.stps: unknown field, did you mean "steps"?']
    ],
    [
      "a missing field",
      document("  seed: 1\n"),
      ['s.yaml:5:1: spec.until: missing, expected a duration such as "500ms" or "1m30s"']
    ],
    [
      "two problems, in the order of the file",
      document("  until: soon\n  sed: -1\n"),
      [
        's.yaml:6:10: spec.until: got "soon", expected a duration such as "500ms" or "1m30s"',
        's.yaml:7:3: spec.sed: unknown field, did you mean "seed"?'
      ]
    ],
    [
      "a manifest with a text for a list",
      document(manifest('"x"')),
      ['s.yaml:14:21: spec.steps[0].apply.spec.containers: got "x", expected a list']
    ],
    [
      "a manifest with a number for a text",
      document(manifest("[{name: c, image: 5}]")),
      ["s.yaml:14:39: spec.steps[0].apply.spec.containers[0].image: got 5, expected a text"]
    ],
    [
      "a manifest with an unknown field",
      document(manifest("[{name: c, imagee: x}]")),
      ['s.yaml:14:32: spec.steps[0].apply.spec.containers[0].imagee: unknown field, did you mean "image"?']
    ]
  ])("refuses %s", (_, text, expected) => {
    assert.deepStrictEqual(problems(text), expected)
  })

  it("says of a manifest that it is one, and how to wrap it", () => {
    const [problem = "", ...more] = problems("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n")
    assert.match(
      problem,
      /^s\.yaml: this is a manifest \(kind Deployment\), not a scenario; put it under "spec\.steps\[0\]\.apply"/
    )
    assert.deepStrictEqual(more, [])
  })

  it("refuses anchors that multiply without end", () => {
    const bomb = `${document("  until: 1s\n  x:\n")}${Array.from({ length: 9 }, (_, i) => `    a${i}: &a${i} [${i === 0 ? "1" : Array.from({ length: 9 }, () => `*a${i - 1}`).join(",")}]\n`).join("")}`
    assert.match(problems(bomb)[0] ?? "", /Excessive alias count/)
  })

  it("names twenty problems and counts the rest", () => {
    const many = problems(document(`  until: 1s\n  steps:\n${"  - at: 0\n".repeat(30)}`))
    assert.strictEqual(many.length, 21)
    assert.match(many[20] ?? "", /^s\.yaml: and \d+ more$/)
  })

  it.effect("tells the shell what is missing (66) from what is unfit (65)", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(`${tmpdir()}/kubereel-`)
      writeFileSync(`${folder}/bad.yaml`, "kind: Pod\n")
      const codes = yield* Effect.forEach([`${folder}/nowhere.yaml`, `${folder}/bad.yaml`, folder], (file) =>
        Effect.map(Effect.flip(loadScenario(file)), codeOf)
      )
      assert.deepStrictEqual(codes, [66, 65, 66])
    })
  )
})
