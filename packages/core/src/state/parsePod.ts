/** An object of the API as a pod's state. Total: what is not as Kubernetes writes it is kept verbatim. */
import { isJsonObject, type JsonObject } from "../event/Json.ts"
import { changesBetween } from "./changes.ts"
import { parseFrame } from "./frame.ts"
import { initialPod, type Pod } from "./Pod.ts"
import { parseWords, renderWords } from "./statusJson.ts"

const noWords = parseWords({})

/** Reads the object as it is; `renderPod` of the result is equal to it. The pod is present and has no anomalies. */
export const parsePod = (object: JsonObject): Pod => {
  const words = isJsonObject(object.status) ? parseWords(object.status) : noWords
  const rest = changesBetween(renderWords(words), object.status)
  return {
    ...parseFrame(object),
    present: true,
    ...words,
    rest: rest.length === 0 ? initialPod.rest : rest,
    anomalies: 0
  }
}
