/** A profile from its JSON document, as `kubereel calibrate -o` writes it; what it does not name is as on the default machine. */
import { isJsonObject, type Json, type JsonObject, nearest, SECOND } from "@kubereel/core"
import { Result } from "effect"
import type { ControlPlaneProfile } from "./ControlPlaneProfile.ts"
import { rigControlPlane } from "./ControlPlaneProfile.ts"
import type { Environment } from "./Environment.ts"
import { type NodeProfile, rigProfile } from "./NodeProfile.ts"
import { ms, type Quantiles } from "./quantiles.ts"

/** What the document says of itself. */
export const PROFILE_KIND = "Profile"
export const PROFILE_API_VERSION = "kubereel.dev/v1alpha1"

/** `--metric-resolution` is refused below that. */
const LEAST_RESOLUTION = 10 * SECOND

/** The durations of an object of quantiles, by name. */
const durations = (profile: object): ReadonlyArray<string> =>
  Object.keys(profile).filter((name) => Array.isArray((profile as JsonObject)[name]))

const nodeDurations = durations(rigProfile)
const schedulerDurations = durations(rigControlPlane.scheduler)
const metricsServerDurations = durations(rigControlPlane.metricsServer)
const controllerDurations = durations(rigControlPlane.controllers)
const clientDurations = durations(rigControlPlane.client)

const isQuantiles = (value: Json | undefined): value is ReadonlyArray<number> =>
  Array.isArray(value) &&
  value.length === 4 &&
  value.every((one, i) => typeof one === "number" && one >= (i === 0 ? 0 : (value[i - 1] as number)))

const meant = (name: string, known: ReadonlyArray<string>): string => {
  const other = nearest(name, known)
  return other === undefined ? `; known are ${known.join(", ")}` : `; did you mean ${other}?`
}

class Reader {
  readonly problems: Array<string> = []

  /** `{name: {ms: [least, median, 95th, largest]}}`; what else stands beside `ms` says how it was measured. */
  read(document: JsonObject, section: string, known: ReadonlyArray<string>): { readonly [name: string]: Quantiles } {
    const object = document[section]
    if (object === undefined) return {}
    if (!isJsonObject(object)) {
      this.problems.push(`${section}: got ${JSON.stringify(object)}, expected an object of durations`)
      return {}
    }
    const entries = Object.entries(object).flatMap(([name, value]): ReadonlyArray<readonly [string, Quantiles]> => {
      const quantiles = isJsonObject(value) ? value["ms"] : undefined
      if (!known.includes(name))
        this.problems.push(`${section}.${name}: there is no such duration${meant(name, known)}`)
      else if (!isQuantiles(quantiles))
        this.problems.push(
          `${section}.${name}.ms: expected four ascending numbers of milliseconds: least, median, 95th percentile, largest`
        )
      else return [[name, whole(ms(...(quantiles as unknown as Quantiles)))]]
      return []
    })
    return Object.fromEntries(entries)
  }
}

const whole = ([min, median, p95, max]: Quantiles): Quantiles => [
  Math.round(min),
  Math.round(median),
  Math.round(p95),
  Math.round(max)
]

/** Every problem is named. `name` is how the scenario calls it. */
export const decodeProfile = (document: Json, name: string): Result.Result<Environment, ReadonlyArray<string>> => {
  if (!isJsonObject(document) || document["kind"] !== PROFILE_KIND || document["apiVersion"] !== PROFILE_API_VERSION)
    return Result.fail([`expected a document of kind ${PROFILE_KIND}, apiVersion ${PROFILE_API_VERSION}`])
  const reader = new Reader()
  const known = [
    "apiVersion",
    "kind",
    "recordings",
    "pods",
    "cgroup",
    "node",
    "scheduler",
    "controllers",
    "client",
    "metricsServer"
  ]
  for (const field of Object.keys(document))
    if (!known.includes(field)) reader.problems.push(`${field}: there is no such field${meant(field, known)}`)
  const cgroup = document["cgroup"] ?? rigProfile.cgroup
  if (cgroup !== "v1" && cgroup !== "v2")
    reader.problems.push(`cgroup: got ${JSON.stringify(cgroup)}, expected "v1" or "v2"`)
  const node: NodeProfile = {
    ...rigProfile,
    ...reader.read(document, "node", nodeDurations),
    name,
    cgroup: cgroup === "v2" ? "v2" : "v1"
  }
  const metricsServer = {
    ...rigControlPlane.metricsServer,
    ...reader.read(document, "metricsServer", metricsServerDurations)
  }
  if (metricsServer.resolution[0] < LEAST_RESOLUTION)
    reader.problems.push("metricsServer.resolution.ms: metrics-server does not start with less than 10000")
  const controlPlane: ControlPlaneProfile = {
    ...rigControlPlane,
    scheduler: { ...rigControlPlane.scheduler, ...reader.read(document, "scheduler", schedulerDurations) },
    controllers: { ...rigControlPlane.controllers, ...reader.read(document, "controllers", controllerDurations) },
    client: { ...rigControlPlane.client, ...reader.read(document, "client", clientDurations) },
    metricsServer
  }
  return reader.problems.length > 0 ? Result.fail(reader.problems) : Result.succeed({ node, controlPlane })
}
