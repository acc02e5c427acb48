/** An object of the API as a pod's state. Total: what is not as Kubernetes writes it is kept verbatim. */
import { isJsonObject, type JsonObject, jsonEqual } from "../event/Json.ts"
import { changesBetween } from "./changes.ts"
import { parseFrame } from "./frame.ts"
import { initialPod, type Pod } from "./Pod.ts"
import { parseWords, renderWords } from "./statusJson.ts"

const noWords = parseWords({})

/** Of objects that are still there: everybody who hears of a version reads the same. */
const known = new WeakMap<JsonObject, Pod>()

/** Reads the object as it is; `renderPod` of the result is equal to it. The pod is present and has no anomalies. */
export const parsePod = (object: JsonObject): Pod => {
  const before = known.get(object)
  if (before !== undefined) return before
  const pod = read(object)
  known.set(object, pod)
  return pod
}

const read = (object: JsonObject): Pod => {
  const words = isJsonObject(object.status) ? parseWords(object.status) : noWords
  const told = renderWords(words)
  const rest = jsonEqual(told, object.status) ? initialPod.rest : changesBetween(told, object.status)
  return {
    ...parseFrame(object),
    present: true,
    ...words,
    rest: rest.length === 0 ? initialPod.rest : rest,
    anomalies: 0
  }
}
