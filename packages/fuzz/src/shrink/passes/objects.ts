/** Whole pods, workloads and nodes, each with all that is said of it. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import {
  applying,
  manifestsOf,
  nameOf,
  objectAt,
  objectIn,
  objectsIn,
  podPath,
  specOf,
  stepsOf,
  withSpec
} from "../document.ts"
import { reduceList } from "../reduceList.ts"
import type { Search } from "../Search.ts"

interface Named {
  readonly kind: string
  readonly name: string
}

const created = (document: JsonObject): ReadonlyArray<Named> => {
  const all = new Map<string, Named>()
  for (const manifest of stepsOf(document).flatMap(manifestsOf)) {
    const named = { kind: String(manifest["kind"]), name: nameOf(manifest) }
    all.set(`${named.kind}/${named.name}`, named)
  }
  for (const { name } of objectsIn(specOf(document)["nodes"]))
    all.set(`Node/${String(name)}`, { kind: "Node", name: String(name) })
  return [...all.values()]
}

/** `web` and, as far as it makes pods, `web-0`, `web-x7f2p` and globs for them. */
const isPodOf = ({ kind, name }: Named, pod: Json | undefined): boolean =>
  typeof pod === "string" && (pod === name || (kind !== "Pod" && pod.startsWith(`${name}-`)))

const isOf = (named: Named, { kind, name, selector }: JsonObject): boolean =>
  (kind === named.kind && name === named.name) ||
  (kind === "Pod" && named.kind !== "Node" && isPodOf(named, name)) ||
  objectIn(selector)["app"] === named.name

/** Is the step about one of them, and nobody else? */
const isAbout = (named: Named, step: JsonObject): boolean => {
  const { delete: deletion, drain, evict, exec, fault, kill, node, patch, scale, watch } = step
  const about = [deletion, patch, scale].filter((one) => one !== undefined)
  if (about.some((one) => isOf(named, objectIn(one)))) return true
  if (named.kind === "Node")
    return (
      objectIn(node)["name"] === named.name || [drain, fault, watch].some((one) => objectIn(one)["node"] === named.name)
    )
  return [evict, exec, kill].some((one) => isJsonObject(one) && isPodOf(named, one["pod"]))
}

const withoutObjects = (document: JsonObject, gone: ReadonlyArray<Named>): JsonObject => {
  const is = (manifest: JsonObject) =>
    gone.some(({ kind, name }) => manifest["kind"] === kind && nameOf(manifest) === name)
  const steps = stepsOf(document).flatMap((step) => {
    if (step["apply"] === undefined) return gone.some((named) => isAbout(named, step)) ? [] : [step]
    const kept = manifestsOf(step).filter((manifest) => !is(manifest))
    return kept.length === 0 ? [] : [applying(step, kept)]
  })
  const programs = objectsIn(specOf(document)["programs"]).filter(
    ({ match }) => !gone.some((named) => named.kind !== "Node" && isPodOf(named, objectIn(match)["pod"]))
  )
  const nodes = objectsIn(specOf(document)["nodes"]).filter(
    ({ name }) => !gone.some((named) => named.kind === "Node" && named.name === name)
  )
  return withSpec(document, { nodes, programs, steps })
}

export const dropObjects = (search: Search): void => {
  const all = search.current
  const objects = created(all)
  reduceList(objects, (kept) => {
    const gone = objects.filter((one) => !kept.includes(one))
    // Somewhere pods must run.
    if (!kept.some(({ kind }) => kind === "Node") && objects.some(({ kind }) => kind === "Node")) return false
    return search.try(withoutObjects(all, gone))
  })
}

/** What a workload makes: the first of its pods, with a name that programs for its pods match. */
const podOf = (manifest: JsonObject): JsonObject | undefined => {
  if (manifest["kind"] === "Pod") return undefined
  const path = podPath(manifest)
  const template = objectAt(manifest, path.slice(0, -1))
  if (objectIn(template["spec"])["containers"] === undefined) return undefined
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${nameOf(manifest)}-0`, labels: objectIn(objectIn(template["metadata"])["labels"]) },
    spec: objectIn(template["spec"])
  }
}

/** A bare pod instead of each workload: who makes it often does not matter. */
export const bareWorkloads = (search: Search): void => {
  for (const [i, step] of stepsOf(search.current).entries())
    for (const [j, manifest] of manifestsOf(step).entries()) {
      const pod = podOf(manifest)
      if (pod === undefined) continue
      const steps = stepsOf(search.current)
      const now = steps[i] ?? {}
      search.try(withSpec(search.current, { steps: steps.with(i, applying(now, manifestsOf(now).with(j, pod))) }))
    }
}
