/** The state that one version of an object shows, as a text that is equal for equal states. */
import { canonical, isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { plainMessage } from "./plainMessage.ts"

const child = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

const list = (object: JsonObject, key: string): ReadonlyArray<JsonObject> => {
  const value = object[key]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

const message = (value: Json | undefined): Json => (typeof value === "string" ? plainMessage(value) : null)
const orNull = (value: Json | undefined): Json => value ?? null

const containerState = (state: JsonObject): Json => {
  const [kind] = Object.keys(state)
  if (kind === undefined) return null
  const value = child(state, kind)
  if (kind === "waiting") return ["W", orNull(value["reason"]), message(value["message"])]
  if (kind === "running") return ["R"]
  return ["T", orNull(value["reason"]), orNull(value["exitCode"]), orNull(value["signal"]), message(value["message"])]
}

const byType = (a: JsonObject, b: JsonObject): number => (String(a["type"]) < String(b["type"]) ? -1 : 1)

const statusLists = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"]

const podShape = (pod: JsonObject): Json => {
  const metadata = child(pod, "metadata")
  const status = child(pod, "status")
  const containers = statusLists.flatMap((name) =>
    list(status, name).map((container) => [
      name,
      orNull(container["name"]),
      containerState(child(container, "state")),
      containerState(child(container, "lastState")),
      ...["ready", "started", "restartCount", "image"].map((field) => orNull(container[field]))
    ])
  )
  const conditions = list(status, "conditions")
    .toSorted(byType)
    .map(({ type, status: is, reason, message: text }) => [orNull(type), orNull(is), orNull(reason), message(text)])
  return [
    orNull(status["phase"]),
    orNull(status["reason"]),
    message(status["message"]),
    "deletionTimestamp" in metadata ? orNull(metadata["deletionGracePeriodSeconds"]) : null,
    conditions,
    containers,
    orNull(status["qosClass"]),
    ...[status["podIP"], status["startTime"], child(pod, "spec")["nodeName"]].map((value) => Boolean(value))
  ]
}

const noise = /(?:Time|Revision|revision)$|^selector$/

/** A float is no state: nothing in Kubernetes' statuses is one. */
const isState = (value: Json | undefined): boolean =>
  typeof value === "string" || typeof value === "boolean" || Number.isInteger(value)

const statusShape = (object: JsonObject): Json => {
  const status = child(object, "status")
  const scalars = Object.entries(status).filter(([key, value]) => isState(value) && !noise.test(key))
  const conditions = list(status, "conditions")
    .toSorted(byType)
    .map(({ type, status: is, reason }) => [orNull(type), orNull(is), orNull(reason)])
  return [Object.fromEntries(scalars), conditions]
}

export const outlineShape = (object: KubernetesObject): string => {
  switch (object.kind) {
    case "Pod":
      return `Pod ${canonical(podShape(object))}`
    case "EndpointSlice": {
      const endpoints = list(object, "endpoints")
      return `EndpointSlice ${canonical(endpoints.map((endpoint) => canonical(child(endpoint, "conditions"))).sort())}`
    }
    case "ResourceQuota":
      return `ResourceQuota ${canonical(child(child(object, "status"), "used"))}`
    default:
      return `${object.kind} ${canonical(statusShape(object))}`
  }
}
