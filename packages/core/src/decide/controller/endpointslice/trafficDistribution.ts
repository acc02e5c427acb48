/** For whom an endpoint is meant first, where a Service prefers the near ones (`k8s.io/endpointslice/trafficdist/trafficdist.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"

const near = new Set(["PreferClose", "PreferSameZone", "PreferSameNode"])
/** The older way to say it, which the field does not mix with: `Auto` distributes by the zones' CPUs. */
const MODES = ["service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints"]

interface Slices {
  readonly create: ReadonlyArray<KubernetesObject>
  readonly update: ReadonlyArray<KubernetesObject>
}

const isByAnnotation = ({ metadata }: KubernetesObject): boolean =>
  MODES.some((mode) => ["auto", "Auto"].includes(metadata.annotations?.[mode] ?? ""))

const distributionOf = (service: KubernetesObject): string => {
  const distribution = text(mapping(service, "spec"), "trafficDistribution")
  return near.has(distribution) && !isByAnnotation(service) ? distribution : ""
}

const hintsOf = (endpoint: JsonObject, distribution: string): JsonObject | undefined => {
  const [zone, node] = [text(endpoint, "zone"), distribution === "PreferSameNode" ? text(endpoint, "nodeName") : ""]
  if (zone === "" && node === "") return undefined
  return {
    ...(zone === "" ? {} : { forZones: [{ name: zone }] }),
    ...(node === "" ? {} : { forNodes: [{ name: node }] })
  }
}

/** Only of a ready endpoint is it said; one that is not keeps what it has. */
const hinted = (endpoint: JsonObject, distribution: string): JsonObject => {
  const { hints: before, ...rest } = endpoint
  const isReady = mapping(endpoint, "conditions")["ready"] === true
  const hints = distribution === "" ? undefined : isReady ? hintsOf(endpoint, distribution) : before
  return hints === undefined ? rest : { ...rest, hints }
}

/** ReconcileHints, RemoveHintsFromSlices: with hints in all slices that are written, and those written, too, that lack them. */
export const withHints = (
  service: KubernetesObject,
  { create, update }: Slices,
  unchanged: ReadonlyArray<KubernetesObject>
): Slices => {
  const distribution = distributionOf(service)
  const fill = (slice: KubernetesObject): KubernetesObject => ({
    ...slice,
    endpoints: entries(slice, "endpoints").map((endpoint) => hinted(endpoint, distribution))
  })
  const wrong = unchanged.map(fill).filter((slice, i) => {
    const before = unchanged[i]
    return before !== undefined && !jsonEqual(entries(slice, "endpoints"), entries(before, "endpoints"))
  })
  return { create: create.map(fill), update: [...update.map(fill), ...wrong] }
}
