/** Histories that a real cluster made, as arbitraries: stretches of recordings, and whole lives of their pods. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import fc from "fast-check"
import type { ClusterEvent, ObjectChanged } from "../../src/event/ClusterEvent.ts"
import { parseInstant } from "../../src/event/Instant.ts"
import type { PodObject } from "../../src/event/KubernetesObject.ts"
import { podVersions, recordings } from "../podVersions.ts"

const files = ["crash-loop.1", "deployment-scale.1", "init-fail-always.2", "drain.1", "sidecar-job.3"].map(
  (name) => `${name}.jsonl.gz`
)

const eventsIn = (file: string): ReadonlyArray<ClusterEvent> =>
  gunzipSync(readFileSync(`${recordings}/${file}`))
    .toString("utf8")
    .split("\n")
    .filter((line) => line.includes('"object"'))
    .map(
      (line) =>
        JSON.parse(line) as {
          readonly observedAt: string
          readonly type: ObjectChanged["change"]
          readonly object: never
        }
    )
    .map(
      ({ observedAt, type, object }): ClusterEvent => ({
        _tag: "ObjectChanged",
        observed: parseInstant(observedAt) ?? (0 as never),
        change: type,
        object
      })
    )

/** Forty events of a recording in a row. */
export const recordedHistory: fc.Arbitrary<ReadonlyArray<ClusterEvent>> = fc
  .tuple(fc.constantFrom(...files.map(eventsIn)), fc.nat())
  .map(([events, from]) => events.slice(from % events.length).slice(0, 40))

export const recordedLife: fc.Arbitrary<ReadonlyArray<PodObject>> = fc.constantFrom(
  ...files.flatMap((file) => [...Map.groupBy(podVersions(file), ({ metadata }) => metadata.uid).values()])
)
