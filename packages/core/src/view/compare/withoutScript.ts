/** What a pod has beside its manifest when its programs are played by scripts on a real cluster, and the pod without it. */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"

/** What a script's container gets: said here because whoever compares histories must know it again. */
export const programScripts = {
  /** The script begins with it. */
  mark: "# kubereel plays this program\n",
  /** Instead of a script, where the container is to fail to start. */
  noProgram: "/kubereel-start-error",
  volume: "kubereel-program",
  mountPath: "/kubereel",
  /** Where the programs of images usually are; a container that says otherwise is believed. */
  usualPath: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
} as const

const { mark, mountPath, noProgram, usualPath, volume } = programScripts

const isScript = (command: Json | undefined): boolean =>
  Array.isArray(command) &&
  (command[0] === noProgram || (command[1] === "-c" && typeof command[2] === "string" && command[2].startsWith(mark)))

const ownEnv = (entry: Json): ReadonlyArray<Json> => {
  if (!isJsonObject(entry) || entry["name"] !== "PATH" || typeof entry["value"] !== "string") return [entry]
  if (!entry["value"].startsWith(`${mountPath}/`)) return [entry]
  const value = entry["value"].slice(entry["value"].indexOf(":") + 1)
  return value === usualPath ? [] : [{ ...entry, value }]
}

const isOwnVolume = (entry: Json): boolean => !(isJsonObject(entry) && entry["name"] === volume)

/** The list without what was added; without anything left it was not there. */
const list = (object: JsonObject, key: string, own: (entry: Json) => ReadonlyArray<Json>): JsonObject => {
  const { [key]: before, ...rest } = object
  if (!Array.isArray(before)) return object
  const after = before.flatMap(own)
  return after.length === 0 && before.length > 0 ? rest : { ...object, [key]: after }
}

const keepOwnVolume = (entry: Json): ReadonlyArray<Json> => (isOwnVolume(entry) ? [entry] : [])

const container = (entry: Json): ReadonlyArray<Json> => {
  if (!isJsonObject(entry)) return [entry]
  const { command, ...rest } = entry
  return [list(list(isScript(command) ? rest : entry, "env", ownEnv), "volumeMounts", keepOwnVolume)]
}

const containers = (object: JsonObject, keys: ReadonlyArray<string>): JsonObject =>
  keys.reduce((done, key) => list(done, key, container), object)

/** May a spec, as a text, have such a container in it? Asked first, as hardly any has. */
export const speaksOfScript = (spec: string): boolean => spec.includes(mark.trim()) || spec.includes(noProgram)

/** The pod as its manifest says. */
export const withoutScript = <A extends KubernetesObject>(pod: A): A => {
  const { spec, status } = pod as KubernetesObject
  return {
    ...pod,
    ...(isJsonObject(spec)
      ? { spec: list(containers(spec, ["containers", "initContainers"]), "volumes", keepOwnVolume) }
      : {}),
    ...(isJsonObject(status) ? { status: containers(status, ["containerStatuses", "initContainerStatuses"]) } : {})
  }
}
