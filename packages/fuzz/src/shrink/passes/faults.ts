/** Faults, each as a whole: what begins it together with what ends it. */
import type { Json, JsonObject } from "@kubereel/core"
import { objectIn, stepsOf, withSteps } from "../document.ts"
import { reduceList } from "../reduceList.ts"
import type { Search } from "../Search.ts"

/** What a step does to a node, so that what undoes it can be found. */
interface Mark {
  readonly node: string
  readonly what: string
  readonly undoes: boolean
}

const healthy: { readonly [field: string]: (value: Json | undefined) => boolean } = {
  kubelet: (value) => value === "start",
  power: (value) => value === "on",
  network: (value) => value === "heal",
  pressure: (value) => value === false,
  cordon: (value) => value === false,
  staticPods: (value) => Array.isArray(value) && value.length === 0
}

const ofNode = (node: JsonObject): Mark | undefined => {
  const name = String(node["name"])
  if (node["kubelet"] === "restart") return { node: name, what: "restart", undoes: true }
  if (node["add"] !== undefined || node["remove"] !== undefined)
    return { node: name, what: node["add"] === undefined ? "remove" : "add", undoes: true }
  const [field] = Object.keys(healthy).filter((one) => node[one] !== undefined)
  return field === undefined ? undefined : { node: name, what: field, undoes: healthy[field]?.(node[field]) ?? false }
}

/** `undefined`: no fault, or one that ends by itself. */
const markOf = ({ delete: deletion, drain, node, patch }: JsonObject): Mark | undefined => {
  if (node !== undefined) return ofNode(objectIn(node))
  if (drain !== undefined) return { node: String(objectIn(drain)["node"]), what: "cordon", undoes: false }
  const { kind, name, ...change } = objectIn(patch ?? deletion)
  if (kind !== "Node") return undefined
  if (deletion !== undefined) return { node: String(name), what: "restart", undoes: false }
  const { taints } = objectIn(objectIn(change["patch"])["spec"])
  return taints === undefined ? undefined : { node: String(name), what: "taints", undoes: taints === null }
}

const opposite: { readonly [what: string]: string } = { add: "remove", remove: "add" }

/** The steps of each fault by their numbers; a step that is no fault is in none. */
export const faultsOf = (steps: ReadonlyArray<JsonObject>): ReadonlyArray<ReadonlyArray<number>> => {
  const open = new Map<string, Array<number>>()
  const faults: Array<Array<number>> = []
  for (const [i, step] of steps.entries()) {
    const mark = markOf(step)
    if (mark === undefined) {
      if (step["fault"] !== undefined || step["watch"] !== undefined) faults.push([i])
      continue
    }
    const key = `${mark.node} ${opposite[mark.what] ?? mark.what}`
    const begun = mark.undoes ? open.get(key) : undefined
    if (begun !== undefined) {
      begun.push(i)
      open.delete(key)
      continue
    }
    const fault = [i]
    faults.push(fault)
    if (!mark.undoes || opposite[mark.what] !== undefined) open.set(`${mark.node} ${mark.what}`, fault)
  }
  return faults
}

export const dropFaults = (search: Search): void => {
  const all = search.current
  const steps = stepsOf(all)
  const faults = faultsOf(steps)
  const inFaults = new Set(faults.flat())
  reduceList(faults, (kept) => {
    const left = new Set(kept.flat())
    return search.try(
      withSteps(
        all,
        steps.filter((_, i) => !inFaults.has(i) || left.has(i))
      )
    )
  })
}
