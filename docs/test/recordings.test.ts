/** Every shipped scenario stands beside what a real Kubernetes made of it, and every recording beside its scenario. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { expect, it } from "vitest"

const root = join(import.meta.dirname, "..", "..")
const scenarios = globSync("*.yaml", { cwd: join(root, "scenarios") })
  .map((file) => file.replace(/\.yaml$/, ""))
  .toSorted()
const recordings = globSync("*.jsonl.gz", { cwd: join(root, "recordings") }).toSorted()
const scenarioOf = (recording: string) => recording.replace(/\.\d+\.jsonl\.gz$/, "")

it("there are scenarios", () => {
  expect(scenarios.length).toBeGreaterThan(0)
})

it.each(scenarios)("%s has a recording", (name) => {
  expect(recordings.map(scenarioOf)).toContain(name)
})

it("no recording is without its scenario", () => {
  expect(recordings.map(scenarioOf).filter((name) => !scenarios.includes(name))).toEqual([])
})

it.each(recordings)("%s begins with a header that names its scenario and when it began", (file) => {
  const text = gunzipSync(readFileSync(join(root, "recordings", file))).toString("utf8")
  const header = JSON.parse(text.slice(0, text.indexOf("\n")))
  expect(header).toMatchObject({ scenario: scenarioOf(file), t0: expect.stringMatching(/^\d{4}-.*Z$/) })
})
