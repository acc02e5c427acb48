/** The cells of the server's tables against what kubectl 1.36.3 printed of a real cluster, at the moments of the recordings. */
import { globSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import { type Instant, later, MILLISECOND, parseInstant } from "../../../src/event/Instant.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { tablePrinter } from "../../../src/view/print/printTable.ts"
import { recordings } from "../../podVersions.ts"

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

type Rows = ReadonlyArray<ReadonlyArray<string>>

const linesOf = (name: string): ReadonlyArray<Line> =>
  gunzipSync(readFileSync(`${folder}/${name}.1.jsonl.gz`))
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)

/** The objects of a kind at a moment of the recorder's clock. */
const objectsAt = (lines: ReadonlyArray<Line>, kind: string, at: Instant): ReadonlyArray<KubernetesObject> => {
  const objects = new Map<string, KubernetesObject>()
  for (const { observedAt, type, object } of lines) {
    if (object?.kind !== kind || (parseInstant(observedAt) ?? 0) > at) continue
    if (type === "DELETED") objects.delete(object.metadata.name)
    else objects.set(object.metadata.name, object)
  }
  return [...objects.values()]
}

/** One table of kubectl: its columns stand where their names stand. */
const readTable = (text: string): Rows => {
  const [header = "", ...lines] = text.split("\n")
  const starts = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ index }) => index)
  return [header, ...lines].map((line) => starts.map((start, i) => line.slice(start, starts[i + 1]).trimEnd()))
}

const readTables = (stdout: string): ReadonlyArray<Rows> =>
  stdout.trim() === ""
    ? []
    : stdout
        .trimEnd()
        .split(/\n\n(?=NAME )/)
        .map(readTable)

interface Asked {
  readonly group: string
  readonly kind: string
  /** What kubectl writes before a name where it shows several kinds. */
  readonly prefix: string
}

const asked: { readonly [resource: string]: Asked } = {
  pods: { group: "", kind: "Pod", prefix: "" },
  nodes: { group: "", kind: "Node", prefix: "" },
  events: { group: "", kind: "Event", prefix: "" },
  deploy: { group: "apps", kind: "Deployment", prefix: "deployment.apps/" },
  rs: { group: "apps", kind: "ReplicaSet", prefix: "replicaset.apps/" },
  sts: { group: "apps", kind: "StatefulSet", prefix: "statefulset.apps/" },
  ds: { group: "apps", kind: "DaemonSet", prefix: "daemonset.apps/" },
  job: { group: "batch", kind: "Job", prefix: "job.batch/" }
}

/** What kubectl makes of a table: headers in capitals, wide columns only if they are asked for, texts up to their first line's end. */
const tableOf = (
  { group, kind, prefix }: Asked,
  objects: ReadonlyArray<KubernetesObject>,
  [at, wide]: [Instant, boolean]
): Rows => {
  const { columns, row } = tablePrinter({ group, version: "v1", kind })
  const shown = columns.flatMap(({ priority }, i) => (priority === 0 || wide ? [i] : []))
  const lineOf = (cell: string): string => cell.replace(/[\f\n\r].*/s, "...")
  const rows = objects.map((object) => {
    const { cells } = row(object, at)
    return shown.map((column, i) => `${i === 0 ? prefix : ""}${lineOf(String(cells[column]))}`)
  })
  return [shown.map((i) => columns[i]?.name.toUpperCase() ?? ""), ...rows]
}

/** In the order of their texts: kubectl sorts Events by a time of whole seconds, and those of one second in any order. */
const sorted = (table: Rows): string =>
  JSON.stringify([
    table[0],
    ...table
      .slice(1)
      .map((row) => JSON.stringify(row))
      .sort()
  ])

/** The tables at all moments within a second of the one noted: a command takes a while to ask, and a second is cut off somewhere. */
const near = (lines: ReadonlyArray<Line>, resource: string, [at, wide]: [Instant, boolean]): ReadonlyArray<string> =>
  Array.from({ length: 41 }, (_, i) => {
    const moment = later(at, (i - 20) * 50 * MILLISECOND)
    const kind = asked[resource] as Asked
    const objects = objectsAt(lines, kind.kind, moment)
    return objects.length === 0 ? "[]" : sorted(tableOf(kind, objects, [moment, wide]))
  })

describe("kubectl get", () => {
  const names = globSync("*.kubectl.json", { cwd: folder })
    .map((file) => file.replace(".kubectl.json", ""))
    .sort()
  const commands = [
    "get pods",
    "get pods -o wide",
    "get events --sort-by=.lastTimestamp",
    "get nodes",
    "get deploy,rs,sts,ds,job"
  ]

  it.each(names.flatMap((name) => commands.map((command) => [name, command] as const)))(
    "X-31, C-203: %s: kubectl %s",
    (name, command) => {
      const lines = linesOf(name)
      const printed = JSON.parse(readFileSync(`${folder}/${name}.kubectl.json`, "utf8")) as ReadonlyArray<Printed>
      const wanted = printed.filter(({ argv }) => argv.join(" ") === command)
      assert.isAtLeast(wanted.length, 2)
      for (const { argv, observedAt, stdout } of wanted) {
        const at = parseInstant(observedAt) ?? (0 as Instant)
        const tables = readTables(stdout).map(sorted)
        const ours = (argv[1] ?? "").split(",").map((resource) => near(lines, resource, [at, argv.includes("wide")]))
        for (const table of tables)
          assert.isTrue(
            ours.some((one) => one.includes(table)),
            `${observedAt}: kubectl ${table}, we ${ours.map((one) => one[20])}`
          )
        const shown = ours.filter((one) => one.some((table) => table !== "[]" && tables.includes(table))).length
        assert.strictEqual(shown, tables.length)
        assert.isTrue(ours.every((one) => one.some((table) => table === "[]" || tables.includes(table))))
      }
    }
  )
})
