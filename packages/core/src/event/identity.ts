/** When two events tell the same change. */
import type { ClusterEvent } from "./ClusterEvent.ts"
import { isJsonObject, type Json, type JsonObject, jsonEqual } from "./Json.ts"

const nonEmpty = (value: Json | undefined): value is string => typeof value === "string" && value !== ""

/**
 * What makes two sightings the same change: for an object with a uid and a resourceVersion its kind, these two, the kind of
 * change and the era, whenever and however it was seen. `undefined` where only the whole content can tell: an object without them, and every other
 * event, whose content includes the moment `observed`, so that equal facts at different times are different facts.
 */
export const identify = (event: ClusterEvent): string | undefined => {
  if (event._tag !== "ObjectChanged") return undefined
  const { apiVersion, kind, metadata } = event.object
  if (!isJsonObject(metadata) || !nonEmpty(metadata.uid) || !nonEmpty(metadata.resourceVersion)) return undefined
  // One object is served under several groups (v1 and events.k8s.io/v1 Events) with one uid and one version.
  const change = `${String(apiVersion)} ${String(kind)} ${metadata.uid} ${metadata.resourceVersion} ${event.change}`
  return event.era === undefined ? change : `${change} era ${event.era}`
}

/** Which of several sources of one log tells the change: `source` on its line. */
const sourceOf = (event: ClusterEvent): string | undefined => {
  const source = event._tag === "ObjectChanged" ? event.line?.source : undefined
  return nonEmpty(source) ? source : undefined
}

/**
 * The identities under which a log may have the change, the first that is free being its own. Where several sources are put
 * into one log, the first that tells a version has the plain one; who tells it otherwise has one of its own.
 * `text` names an event by its whole content.
 */
export const identities = (event: ClusterEvent, text: (event: ClusterEvent) => string): ReadonlyArray<string> => {
  const id = identify(event) ?? text(event)
  const source = sourceOf(event)
  return source === undefined ? [id] : [id, `${id} by ${source}`]
}

/** Is there nothing in `part` that `whole` does not say, too? */
const isPart = (part: Json | undefined, whole: Json | undefined): boolean => {
  if (part === undefined || part === whole) return true
  if (Array.isArray(part))
    return Array.isArray(whole) && part.length === whole.length && part.every((item: Json, i) => isPart(item, whole[i]))
  return (
    isJsonObject(part) &&
    isJsonObject(whole) &&
    Object.keys(part).every((key) => isPart(part[key], Object.hasOwn(whole, key) ? whole[key] : undefined))
  )
}

/**
 * What `event` is to `earlier`, which has one of its identities. An event that is identified by its content has its content. Of
 * one version another source may say less (an audit policy that omits managedFields): that is told, too. What another source
 * says otherwise may stand beside it; who contradicts itself, or names no source, may not.
 */
export const retelling = (earlier: ClusterEvent, event: ClusterEvent): "told" | "otherwise" | "contradiction" => {
  if (earlier._tag !== "ObjectChanged" || event._tag !== "ObjectChanged") return "told"
  const [before, now] = [earlier.object as JsonObject, event.object as JsonObject]
  if (jsonEqual(before, now)) return "told"
  const source = sourceOf(event)
  if (source === sourceOf(earlier)) return "contradiction"
  return isPart(now, before) ? "told" : source === undefined ? "contradiction" : "otherwise"
}
