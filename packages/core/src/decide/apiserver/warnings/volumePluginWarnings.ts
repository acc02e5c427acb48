/** Sources of volumes that nobody mounts any more, or not for long (`pkg/api/pod/warnings.go`, `pkg/api/persistentvolume/util.go`). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"

const messages: { readonly [source: string]: string } = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+"
}

/** `sources`: those that are asked for, in their order. */
export const volumePluginWarnings = (
  volume: JsonObject,
  at: string,
  sources: ReadonlyArray<string> = Object.keys(messages)
): ReadonlyArray<string> =>
  sources
    .filter((source) => isJsonObject(volume[source]))
    .map((source) => `${at}.${source === "storageos" ? "storageOS" : source}: ${messages[source]}`)
