/** The columns of `kubectl get pods` against what kubectl printed. */
import { globSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import { type Instant, later, MILLISECOND, parseInstant, SECOND } from "../../src/event/Instant.ts"
import type { KubernetesObject, PodObject } from "../../src/event/KubernetesObject.ts"
import { humanDuration } from "../../src/view/humanDuration.ts"
import { podColumnNames, podColumns, widePodColumnNames, widePodColumns } from "../../src/view/podColumns.ts"
import { recordings } from "../podVersions.ts"

const folder = `${recordings}/kubectl`

interface Printed {
  readonly observedAt: string
  readonly argv: ReadonlyArray<string>
  readonly stdout: string
}

interface Line {
  readonly observedAt: string
  readonly type: string
  readonly object?: KubernetesObject
}

const linesOf = (name: string): ReadonlyArray<Line> =>
  gunzipSync(readFileSync(`${folder}/${name}.1.jsonl.gz`))
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)

/** The pods at a moment of the recorder's clock. */
const podsAt = (lines: ReadonlyArray<Line>, at: Instant): ReadonlyArray<PodObject> => {
  const pods = new Map<string, PodObject>()
  for (const { observedAt, type, object } of lines) {
    if (object?.kind !== "Pod" || (parseInstant(observedAt) ?? 0) > at) continue
    if (type === "DELETED") pods.delete(object.metadata.name)
    else pods.set(object.metadata.name, object as PodObject)
  }
  return [...pods.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

const cellsOf = (stdout: string): ReadonlyArray<ReadonlyArray<string>> =>
  stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/))

/** Tables of all moments within a second of the one noted: a command takes a while to ask, and a second is cut off somewhere. */
const tablesNear = (lines: ReadonlyArray<Line>, at: Instant, wide: boolean): ReadonlyArray<string> => {
  const [names, columns] = wide ? [widePodColumnNames, widePodColumns] : [podColumnNames, podColumns]
  return Array.from({ length: 21 }, (_, i) => later(at, (i - 10) * 100 * MILLISECOND)).map((moment) => {
    const pods = podsAt(lines, moment)
    return JSON.stringify(pods.length === 0 ? [[""]] : [names, ...pods.map((pod) => columns(pod, moment))])
  })
}

describe("kubectl get pods", () => {
  const names = globSync("*.kubectl.json", { cwd: folder })
    .map((file) => file.replace(".kubectl.json", ""))
    .sort()

  it.each(names)("X-31: prints what kubectl printed in %s", (name) => {
    const printed = JSON.parse(readFileSync(`${folder}/${name}.kubectl.json`, "utf8")) as ReadonlyArray<Printed>
    const lines = linesOf(name)
    const commands = printed.filter(({ argv }) => ["get pods", "get pods -o wide"].includes(argv.join(" ")))
    assert.isAtLeast(commands.length, 4)
    for (const { observedAt, argv, stdout } of commands) {
      const tables = tablesNear(lines, parseInstant(observedAt) ?? (0 as Instant), argv.includes("wide"))
      const expected = JSON.stringify(cellsOf(stdout))
      assert.isTrue(tables.includes(expected), `${observedAt}: kubectl ${expected}, we ${tables[10]}`)
    }
  })
})

describe("humanDuration", () => {
  const spans: ReadonlyArray<readonly [seconds: number, text: string]> = [
    [-2, "<invalid>"],
    [-1.9, "0s"],
    [-0.5, "0s"],
    [0, "0s"],
    [119.9, "119s"],
    [120, "2m"],
    [599, "9m59s"],
    [600, "10m"],
    [10_799, "179m"],
    [10_800, "3h"],
    [28_740, "7h59m"],
    [28_800, "8h"],
    [172_799, "47h"],
    [172_800, "2d"],
    [187_200, "2d4h"],
    [691_200, "8d"],
    [63_071_999, "729d"],
    [63_072_000, "2y"],
    [63_158_400, "2y1d"],
    [252_288_000, "8y"],
    [290_000_000, "9y"]
  ]

  it.each(spans)("prints %d seconds as %s", (seconds, text) => {
    assert.strictEqual(humanDuration(seconds * SECOND), text)
  })
})
