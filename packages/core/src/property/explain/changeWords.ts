/** What happened, in one line, as timelines say it. */
import { isJsonObject, type Json } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { gone, type Shape } from "../../view/compare/Shape.ts"
import { shaper } from "../../view/compare/shaper.ts"
import { wordLine, wordsOf } from "../../view/timelineWords.ts"
import type { Change } from "../slice/World.ts"

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value.trim().replace(/\s+/g, " ") : "")

const factWords = (fact: object & { readonly _tag: string }): string => {
  const fields = Object.entries(fact).filter(([key]) => key !== "_tag" && key !== "kind")
  const said = fields.map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
  return `fact ${fact._tag}${said.join("")}`
}

const versionWords = (
  { before, isDeleted, object }: Change,
  shape: (object: KubernetesObject) => Shape,
  joins: string
): string => {
  const words = wordsOf(before === undefined ? undefined : shape(before), isDeleted ? gone : shape(object))
  const spec = object["spec"]
  const node = isJsonObject(spec) ? textOf(spec["nodeName"]) : ""
  const line = wordLine(words).replace("bound to a node", `bound to ${node}`)
  const opening = before !== undefined || isDeleted ? "" : joins === "begins" ? "ADDED" : "first seen"
  return [opening, line].filter((part) => part !== "").join(", ") || "written"
}

/** `owner`: the kind of object that the slice speaks of; what happens to others is said with their names. */
export const changeTeller = (): ((change: Change, owner: string | undefined) => string) => {
  const shape = shaper((message) => message)
  return (change, owner) => {
    const { fact, joins, object } = change
    if (fact !== undefined) return factWords(fact)
    if (object.kind === "Event")
      return `Event ${textOf(object["reason"])}: ${textOf(object["message"] ?? object["note"])}`
    const words = versionWords(change, shape, joins)
    return object.kind === (owner ?? object.kind) ? words : `${object.kind}/${object.metadata.name}: ${words}`
  }
}
