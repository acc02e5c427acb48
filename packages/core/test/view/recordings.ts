/** Reads the recordings of real clusters for tests of views. */
import { globSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { type ClusterEvent, type JsonObject, parseInstant, SECOND } from "../../src/index.ts"

const root = `${import.meta.dirname}/../../../..`

export const eventOf = (line: JsonObject): ClusterEvent => {
  const observed = typeof line["observedAt"] === "string" ? parseInstant(line["observedAt"]) : undefined
  const seen = observed === undefined ? {} : { observed }
  return line["object"] === undefined
    ? { _tag: "RecordingStarted", ...seen, header: line as never }
    : { _tag: "ObjectChanged", ...seen, change: line["type"] as "ADDED", object: line["object"] as never }
}

/** One recording as it was made: `crash-loop.1`. */
export const linesOf = (name: string): ReadonlyArray<JsonObject> =>
  gunzipSync(readFileSync(`${root}/recordings/${name}.jsonl.gz`))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonObject)

export const recording = (name: string): ReadonlyArray<ClusterEvent> => linesOf(name).map(eventOf)

export const scenarioNames: ReadonlyArray<string> = globSync("*.1.jsonl.gz", { cwd: `${root}/recordings` })
  .map((file) => file.replace(".1.jsonl.gz", ""))
  .sort()

/** How long the scenario was recorded. */
export const untilOf = (scenario: string): number | undefined => {
  const match = /^ {2}until: (?:(\d+)m)?(?:(\d+)s)?$/m.exec(readFileSync(`${root}/scenarios/${scenario}.yaml`, "utf8"))
  return match === null ? undefined : (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * SECOND
}
