/** What the API server takes in pods and templates although it is of no use, or not for long (`pkg/api/pod/warnings.go`, warningsForPodSpecAndMeta). */
import { isJsonObject, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { milliValue, parseQuantity } from "../../../event/Quantity.ts"
import { entries, integer, mapping, numbered, specOf, text, textsOf, visitContainers } from "../fields.ts"
import { appArmorKey, deprecatedAppArmor, profileOf } from "./appArmor.ts"
import { ipWarnings } from "./ipWarnings.ts"
import { deprecatedLabel, nodeAffinityWarnings } from "./nodeLabelWarnings.ts"
import { overlappingPaths } from "./overlappingPaths.ts"
import { portWarnings } from "./portWarnings.ts"
import { volumePluginWarnings } from "./volumePluginWarnings.ts"

const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
const SECCOMP = "container.seccomp.security.alpha.kubernetes.io/"

const deprecatedAnnotations: { readonly [key: string]: string } = {
  "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead'
}

/** A pod, or a template of pods, and where it stands. */
interface Described {
  /** "" for a pod, else the template's with a dot behind. */
  readonly path: string
  readonly metadata: JsonObject
  readonly spec: JsonObject
}

const fraction = (list: JsonObject, resource: string, at: string): ReadonlyArray<string> => {
  const value = String(list[resource] ?? "")
  const quantity = parseQuantity(value)
  return quantity === undefined || milliValue(quantity) % 1000n === 0n
    ? []
    : [`${at}[${resource}]: fractional byte value ${JSON.stringify(value)} is invalid, must be an integer`]
}

/** GetWarningsForPersistentVolumeClaimSpec. */
export const claimSpecWarnings = (spec: JsonObject, at: string): ReadonlyArray<string> =>
  ["requests", "limits"].flatMap((list) =>
    fraction(mapping(mapping(spec, "resources"), list), "storage", `${at}.resources.${list}`)
  )

const nodeWarnings = ({ path, spec }: Described): ReadonlyArray<string> => [
  ...Object.keys(mapping(spec, "nodeSelector")).flatMap((label) => {
    const message = deprecatedLabel(label)
    return message === undefined ? [] : [`${path}spec.nodeSelector[${label}]: ${message}`]
  }),
  ...nodeAffinityWarnings(mapping(mapping(spec, "affinity"), "nodeAffinity"), `${path}spec.affinity.nodeAffinity`),
  ...numbered(entries(spec, "topologySpreadConstraints"), `${path}spec.topologySpreadConstraints`).flatMap(
    ({ at, item }) => {
      const message = deprecatedLabel(text(item, "topologyKey"))
      return [
        ...(message === undefined ? [] : [`${at}.topologyKey: ${text(item, "topologyKey")} is ${message}`]),
        ...(isJsonObject(item["labelSelector"]) ? [] : [noSelector(at)])
      ]
    }
  )
]

const noSelector = (at: string): string => `${at}.labelSelector: a null labelSelector results in matching no pod`

const annotationWarnings = ({ metadata, path }: Described): ReadonlyArray<string> =>
  Object.entries(deprecatedAnnotations)
    .filter(([key]) => Object.hasOwn(mapping(metadata, "annotations"), key))
    .map(([key, message]) => `${path}metadata.annotations[${key}]: ${message}`)

const volumeWarnings = ({ path, spec }: Described): ReadonlyArray<string> => {
  const volumes = entries(spec, "volumes")
  return [
    ...numbered(volumes, `${path}spec.volumes`).flatMap(({ at, item }) => [
      ...volumePluginWarnings(item, at),
      ...claimSpecWarnings(
        mapping(mapping(mapping(item, "ephemeral"), "volumeClaimTemplate"), "spec"),
        `${at}.ephemeral.volumeClaimTemplate.spec`
      )
    ]),
    ...overlappingPaths(volumes)
  ]
}

const duplicates = (list: ReadonlyArray<JsonObject>, key: string, at: string): ReadonlyArray<string> =>
  list.flatMap((item, i) =>
    list.slice(0, i).some((other) => text(other, key) === text(item, key))
      ? [`${at}[${i}].${key}: duplicate ${key} ${JSON.stringify(text(item, key))}`]
      : []
  )

const listWarnings = ({ path, spec }: Described): ReadonlyArray<string> => {
  const secrets = entries(spec, "imagePullSecrets")
  return [
    ...duplicates(entries(spec, "hostAliases"), "ip", `${path}spec.hostAliases`),
    ...duplicates(secrets, "name", `${path}spec.imagePullSecrets`),
    ...secrets.flatMap((secret, i) =>
      text(secret, "name") === "" ? [`${path}spec.imagePullSecrets[${i}].name: invalid empty name ""`] : []
    ),
    ...["memory", "ephemeral-storage"].flatMap((resource) =>
      fraction(mapping(spec, "overhead"), resource, `${path}spec.overhead`)
    )
  ]
}

const hasSeccomp = (owner: JsonObject): boolean => isJsonObject(mapping(owner, "securityContext")["seccompProfile"])

const seccompWarnings = ({ metadata, path }: Described, owner: JsonObject, key: string): ReadonlyArray<string> =>
  hasSeccomp(owner) || !Object.hasOwn(mapping(metadata, "annotations"), key)
    ? []
    : [`${path}metadata.annotations[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`]

/** Templates only: of a pod it is said before the annotation becomes a field. */
const appArmorOf = ({ metadata, path, spec }: Described, container: JsonObject): ReadonlyArray<string> => {
  const key = appArmorKey(text(container, "name"))
  const annotation = mapping(metadata, "annotations")[key]
  const hasField = isJsonObject(mapping(container, "securityContext")["appArmorProfile"])
  if (path === "" || hasField || typeof annotation !== "string") return []
  const own = mapping(spec, "securityContext")["appArmorProfile"]
  return isJsonObject(own) && jsonEqual(own, profileOf(annotation) ?? null) ? [] : [deprecatedAppArmor(path, key)]
}

const hides = (item: JsonObject): boolean => {
  const [reference, value] = [`$(${text(item, "name")})`, text(item, "value")]
  return isJsonObject(item["valueFrom"]) || value === reference || !value.includes(reference)
}

const envWarnings = (container: JsonObject, at: string): ReadonlyArray<string> => {
  const env = entries(container, "env")
  return env.flatMap((item, i) =>
    env.slice(0, i).some((other) => text(other, "name") === text(item, "name")) && hides(item)
      ? [
          `${at}.env[${i}]: hides previous definition of ${JSON.stringify(text(item, "name"))}, which may be dropped when using apply`
        ]
      : []
  )
}

const containerWarnings = (of: Described): ReadonlyArray<string> =>
  visitContainers(of.spec).flatMap(({ at: inPod, item }) => {
    const at = `${of.path}${inPod}`
    const resources = mapping(item, "resources")
    return [
      ...seccompWarnings(of, item, `${SECCOMP}${text(item, "name")}`),
      ...appArmorOf(of, item),
      ...["memory", "ephemeral-storage"].flatMap((resource) =>
        ["limits", "requests"].flatMap((list) =>
          fraction(mapping(resources, list), resource, `${at}.resources.${list}`)
        )
      ),
      ...envWarnings(item, at)
    ]
  })

const podAffinityWarnings = ({ path, spec }: Described): ReadonlyArray<string> =>
  ["podAffinity", "podAntiAffinity"].flatMap((kind) => {
    const affinity = mapping(mapping(spec, "affinity"), kind)
    const at = (list: string) => numbered(entries(affinity, list), `${path}spec.affinity.${kind}.${list}`)
    return [
      ...at("requiredDuringSchedulingIgnoredDuringExecution").flatMap(({ at: where, item }) =>
        isJsonObject(item["labelSelector"]) ? [] : [noSelector(where)]
      ),
      ...at("preferredDuringSchedulingIgnoredDuringExecution").flatMap(({ at: where, item }) =>
        isJsonObject(mapping(item, "podAffinityTerm")["labelSelector"]) ? [] : [noSelector(`${where}.podAffinityTerm`)]
      )
    ]
  })

const addressWarnings = ({ path, spec }: Described): ReadonlyArray<string> => [
  ...textsOf(mapping(spec, "dnsConfig"), "nameservers").flatMap((server, i) =>
    ipWarnings(`${path}spec.dnsConfig.nameservers[${i}]`, server)
  ),
  ...numbered(entries(spec, "hostAliases"), `${path}spec.hostAliases`).flatMap(({ at, item }) =>
    ipWarnings(`${at}.ip`, text(item, "ip"))
  )
]

const describedWarnings = (of: Described): ReadonlyArray<string> => [
  ...nodeWarnings(of),
  ...annotationWarnings(of),
  ...volumeWarnings(of),
  ...listWarnings(of),
  ...seccompWarnings(of, of.spec, SECCOMP_POD),
  ...containerWarnings(of),
  ...portWarnings(visitContainers(of.spec).map(({ at, item }) => ({ item, at: `${of.path}${at}` }))),
  ...((integer(of.spec, "terminationGracePeriodSeconds") ?? 0) < 0
    ? [
        `${of.path}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`
      ]
    : []),
  ...podAffinityWarnings(of),
  ...addressWarnings(of)
]

/** GetWarningsForPod. */
export const podWarnings = (pod: JsonObject): ReadonlyArray<string> =>
  describedWarnings({ path: "", metadata: mapping(pod, "metadata"), spec: specOf(pod) })

/** GetWarningsForPodTemplate; `at`: where the template stands. */
export const templateWarnings = (template: JsonObject, at: string): ReadonlyArray<string> =>
  describedWarnings({ path: `${at}.`, metadata: mapping(template, "metadata"), spec: specOf(template) })
