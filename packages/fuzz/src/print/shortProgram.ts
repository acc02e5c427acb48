/** A small scenario in one line: `pod web { sidecar proxy: runs; app: exits 1 after 28.6 s }, until 1 min`. */
import { globMatches, type JsonObject } from "@kubereel/core"
import { microsOf, objectIn, objectsIn, specOf, stepsOf, without } from "../shrink/document.ts"
import type { Around } from "./podWords.ts"
import { stepWords } from "./stepWords.ts"
import { bracketed, durationWords, fieldWords } from "./words.ts"

/** Images that containers of the document name, so that only those are told. */
const imagesIn = (value: unknown): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap(imagesIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([field, inner]) =>
    field === "image" && typeof inner === "string" ? [inner] : imagesIn(inner)
  )
}

const imageWords = ({ error, image, present, pull, ...rest }: JsonObject): string => {
  const how =
    error === undefined
      ? present === true
        ? "is there"
        : `takes ${durationWords(pull ?? "0s")} to pull`
      : `is refused (${String(error)})`
  return `image ${String(image)} ${how}${bracketed(fieldWords(rest))}`
}

/** One node without anything special is what one expects. */
const nodeWords = (nodes: ReadonlyArray<JsonObject>): ReadonlyArray<string> => {
  const plain = nodes.length <= 1 && nodes.every((node) => Object.keys(node).length === 1)
  if (plain) return []
  return [
    `nodes ${nodes.map((node) => `${String(node["name"])}${bracketed(fieldWords(without(node, "name")))}`).join(", ")}`
  ]
}

const told = new Set(["nodes", "images", "programs", "steps", "until", "description"])

/** Everything that the document says and its history depends on; its steps in the order of their times. */
export const shortProgram = (document: JsonObject): string => {
  const spec = specOf(document)
  const images = objectsIn(spec["images"])
  const named = [...new Set(imagesIn(spec["steps"]))]
  const declared = (name: string) => images.find(({ image }) => globMatches(String(image), name))
  const around: Around = {
    programs: objectsIn(spec["programs"]),
    isUsual: (name) => declared(name)?.["present"] === true || declared(name) === undefined
  }
  const special = images.filter((one) => one["present"] !== true && named.some((name) => declared(name) === one))
  const steps = stepsOf(document).toSorted((a, b) => microsOf(a["at"]) - microsOf(b["at"]))
  const parts = [
    ...nodeWords(objectsIn(spec["nodes"])),
    ...special.map(imageWords),
    ...fieldWords(Object.fromEntries(Object.entries(objectIn(document["spec"])).filter(([field]) => !told.has(field)))),
    ...steps.map((step) => {
      const words = stepWords(step, around)
      return microsOf(step["at"]) === 0 ? words : `at ${durationWords(step["at"])} ${words}`
    })
  ]
  return `${parts.length === 0 ? "nothing" : parts.join("; ")}, until ${durationWords(spec["until"])}`
}
