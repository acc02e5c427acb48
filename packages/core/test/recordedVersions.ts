/** Every version of the objects of one kind in the recordings of a real cluster: for tests only. */
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import type { KubernetesObject } from "../src/event/KubernetesObject.ts"
import { recordingFiles, recordings } from "./podVersions.ts"

export function* recordedVersions(kind: string): Generator<KubernetesObject> {
  for (const file of recordingFiles) {
    const lines = gunzipSync(readFileSync(`${recordings}/${file}`))
      .toString("utf8")
      .split("\n")
    for (const line of lines) {
      if (!line.includes(`"${kind}"`)) continue
      const { object } = JSON.parse(line) as { readonly object?: KubernetesObject }
      if (object?.kind === kind) yield object
    }
  }
}
