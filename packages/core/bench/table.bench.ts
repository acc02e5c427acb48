/**
 * How fast a list of 10,000 pods becomes a Table: the rows, and the order of the list, beside the text that is made of them.
 *
 * `npm run bench -- table` prints a table; the run fails when making the rows takes longer than `JSON.stringify` of the Table.
 */
import { expect, test } from "vitest"
import { type Instant, listPage, type PodObject, parseInstant, SECOND, tablePrinter, toTime } from "../src/index.ts"
import { podVersions, recordingFiles } from "../test/podVersions.ts"

const PODS = 10_000
const ROUNDS = 7
const LIMIT = 1

const now = parseInstant("2026-11-22T12:00:00Z") as Instant
const recorded = recordingFiles.slice(0, 40).flatMap(podVersions)
const pods = Array.from({ length: PODS }, (_, i): PodObject => {
  const { metadata, ...pod } = recorded[i % recorded.length] as PodObject
  const creationTimestamp = toTime((now - i * SECOND) as Instant)
  return { ...pod, metadata: { ...metadata, name: `pod-${i}`, creationTimestamp } }
})
const { columns, row } = tablePrinter({ group: "", version: "v1", kind: "Pod" })

const tableOf = () => ({
  kind: "Table",
  apiVersion: "meta.k8s.io/v1",
  metadata: { resourceVersion: "7" },
  columnDefinitions: columns,
  rows: pods.map((pod) => ({
    ...row(pod, now),
    object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: pod.metadata }
  }))
})

/** Something of every result is kept, so that no work can be left out. */
let kept = 0

/** Milliseconds of the fastest round. */
const fastest = (work: () => void): number =>
  Math.min(
    ...Array.from({ length: ROUNDS }, () => {
      const start = performance.now()
      work()
      return performance.now() - start
    })
  )

const table = tableOf()
const milliseconds = {
  "the rows": fastest(() => {
    kept += tableOf().rows.length
  }),
  "JSON.stringify of the Table": fastest(() => {
    kept += JSON.stringify(table).length
  }),
  "the order of the list": fastest(() => {
    const listed = { items: pods, resourceVersion: 7n, isOfNamespace: false }
    kept += listPage(listed, { version: { _tag: "Latest" }, limit: 0 }).items.length
  })
}

console.table(
  Object.fromEntries(Object.entries(milliseconds).map(([work, ms]) => [work, { ms: Number(ms.toFixed(1)) }]))
)

test("making the rows of 10,000 pods takes no longer than writing them", () => {
  expect(kept).toBeGreaterThan(0)
  expect(milliseconds["the rows"] / milliseconds["JSON.stringify of the Table"]).toBeLessThanOrEqual(LIMIT)
})
