/** How the API server keeps Jobs: against its recordings, and by the tables of `pkg/apis/batch/v1/defaults_test.go`. */
import { readdirSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { parseInstant } from "../../../../src/event/Instant.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"
import { decodeScenario } from "../../../../src/port/decodeScenario.ts"
import { identity, jobManifest } from "../../controller/job/jobs.ts"

const root = `${import.meta.dirname}/../../../../../..`

const firstJob = (file: string): KubernetesObject | undefined =>
  gunzipSync(readFileSync(`${root}/recordings/${file}`))
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).object)
    .find((object) => object?.kind === "Job")

const jobOf = (scenario: string): KubernetesObject | undefined => {
  const decoded = decodeScenario(parse(readFileSync(`${root}/scenarios/${scenario}.yaml`, "utf8")))
  if (Result.isFailure(decoded)) return undefined
  const applied = decoded.success.steps.flatMap(({ intention }) =>
    intention._tag === "Apply" ? intention.objects : []
  )
  return applied.find(({ kind }) => kind === "Job")
}

const stored = (manifest: KubernetesObject): KubernetesObject => Result.getOrThrow(createObject(manifest, identity))

const recordings = readdirSync(`${root}/recordings`).filter((file) => file.startsWith("job-"))

describe("a new Job", () => {
  it.each(recordings)("C-298, C-299: is stored as in %s", (file) => {
    const seen = firstJob(file)
    const manifest = jobOf(file.replace(/\.\d\.jsonl\.gz$/, ""))
    if (seen === undefined || manifest === undefined) throw new Error("no Job")
    const { managedFields: _, ...metadata } = seen.metadata
    const { creationTimestamp = "", namespace = "", resourceVersion = "", uid = "" } = seen.metadata
    const now = parseInstant(creationTimestamp) ?? identity.now
    const made = createObject(manifest, { ...identity, namespace, resourceVersion, uid, now })
    expect(Result.getOrThrow(made)).toEqual({ ...seen, metadata })
  })

  it.each<[string, JsonObject, JsonObject]>([
    ["nothing given", {}, { completions: 1, parallelism: 1, backoffLimit: 6, completionMode: "NonIndexed" }],
    ["completions given", { completions: 4 }, { completions: 4, parallelism: 1 }],
    ["suspended", { suspend: true }, { suspend: true, manualSelector: false }],
    [
      "a limit for each index",
      { completionMode: "Indexed", completions: 2, backoffLimitPerIndex: 1 },
      { backoffLimit: 2_147_483_647, podReplacementPolicy: "TerminatingOrFailed" }
    ],
    [
      "a failure policy",
      { podFailurePolicy: { rules: [{ action: "Count", onPodConditions: [{ type: "X" }] }] } },
      {
        podReplacementPolicy: "Failed",
        podFailurePolicy: { rules: [{ action: "Count", onPodConditions: [{ type: "X", status: "True" }] }] }
      }
    ]
  ])("C-298: has its defaults: %s", (_, given, wanted) => {
    expect(stored(jobManifest(given))["spec"]).toMatchObject(wanted)
  })

  it("C-298: a Job that says only how many run at the same time has no number of completions", () => {
    const { spec } = stored(jobManifest({ parallelism: 4 })) as KubernetesObject & { readonly spec: JsonObject }
    expect(spec["parallelism"]).toBe(4)
    expect(spec).not.toHaveProperty("completions")
  })

  it("C-299: selects its own pods by a label that no other has", () => {
    const { metadata, spec } = stored(jobManifest()) as KubernetesObject & { readonly spec: JsonObject }
    expect(spec).toMatchObject({
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "job-uid" } },
      template: {
        metadata: {
          labels: {
            "job-name": "j",
            "batch.kubernetes.io/job-name": "j",
            "controller-uid": "job-uid",
            "batch.kubernetes.io/controller-uid": "job-uid"
          }
        }
      }
    })
    // Only labels that it took from its template are the template's.
    expect(metadata.labels).toBe(undefined)
    expect(metadata.generation).toBe(1)
  })

  it("C-299: by a manual selector nothing is generated", () => {
    const template = { metadata: { labels: { a: "b" } }, spec: mainSpec }
    const { spec } = stored(jobManifest({ manualSelector: true, selector: { matchLabels: { a: "b" } }, template }))
    expect(spec).toMatchObject({
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } } }
    })
  })
})

const mainSpec = { restartPolicy: "Never", containers: [{ name: "main", image: "app:1" }] }
