/** What the API server's audit log says of pods, and what it says of a recorder. */
import { eventually, type Rig } from "@kubereel/backend-k8s/rig"
import { type ClusterEvent, EventLog } from "@kubereel/core"
import { Effect } from "effect"
import { logged, stateOf } from "../test/record/session.ts"

export interface Witnessed {
  readonly uid: string
  readonly resourceVersion: string
  /** Microseconds since 1970. */
  readonly at: number
  readonly what: string
}

/** Every version of a pod with which the API server has answered a write. */
export const witnessed = (lines: ReadonlyArray<string>): ReadonlyArray<Witnessed> =>
  lines.flatMap((line) => {
    const { stage, verb, objectRef, responseStatus, responseObject, stageTimestamp } = JSON.parse(line)
    const isWrite = ["create", "update", "patch", "delete"].includes(verb)
    if (stage !== "ResponseComplete" || !isWrite || objectRef?.resource !== "pods" || responseStatus?.code >= 400)
      return []
    if (responseObject?.kind !== "Pod" || responseObject.metadata?.uid === undefined) return []
    const { uid, resourceVersion, name } = responseObject.metadata
    const what = `${verb} of ${name}/${objectRef.subresource ?? ""} at ${resourceVersion}`
    return [{ uid, resourceVersion, at: Date.parse(stageTimestamp) * 1_000, what }]
  })

/** What a recorder asked for pods and was answered with 200: the query of each request. */
export const askedForPods = (lines: ReadonlyArray<string>): ReadonlyArray<URLSearchParams> =>
  lines.flatMap((line) => {
    const { userAgent, requestURI, responseStatus } = JSON.parse(line)
    const url = new URL(requestURI, "http://server")
    return userAgent === "kubereel" && url.pathname === "/api/v1/pods" && responseStatus?.code === 200
      ? [url.searchParams]
      : []
  })

/** The version of the first list: what it shows was so before anybody looked. */
export const firstListed = (log: ReadonlyArray<ClusterEvent>): number => {
  const whole = log.find(
    (event) => event._tag === "ObjectChanged" && event.found !== undefined && event.change === "BOOKMARK"
  )
  return whole?._tag === "ObjectChanged" ? Number(whole.found?.resourceVersion) : 0
}

/** The log has come to what the cluster says. */
export const upToDate = Effect.fnUntraced(function* (rig: Rig) {
  const log = yield* EventLog
  const isSame = Effect.gen(function* () {
    const list = JSON.parse(yield* rig.kubectl(["get", "pods", "-A", "-o", "json"])) as {
      items: ReadonlyArray<{ metadata: { uid: string; resourceVersion: string } }>
    }
    const there = new Map(list.items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion] as const))
    const known = stateOf(yield* logged)
    return there.size === known.size && [...there].every(([uid, version]) => known.get(uid) === version)
  }).pipe(Effect.provideService(EventLog, log))
  yield* eventually("the log has every pod, in its last version", isSame, (same) => same, { seconds: 90 })
})
