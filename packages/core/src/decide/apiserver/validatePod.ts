/** What the API server refuses in a new Pod (`pkg/apis/core/validation/validation.go`, ValidatePodCreate; sections 1.6 and 1.7). */
import type { Json, JsonObject } from "../../event/Json.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { between, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "./nameRules.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"
import { validateAffinity, validateTopologySpread } from "./validateAffinity.ts"
import { validateContainer, validateImages, validateProbe } from "./validateContainer.ts"
import { validateEphemeralContainers } from "./validateEphemeralContainers.ts"
import { validateLifecycle } from "./validateHandler.ts"
import { validateLabels, validateObjectMeta } from "./validateObjectMeta.ts"
import { validatePodResources } from "./validatePodResources.ts"
import { validateInitResizePolicy, validateResizePolicy } from "./validateResizePolicy.ts"
import { validateInitRestartPolicy, validateRestartPolicy } from "./validateRestartPolicy.ts"
import { validateSecurityContext } from "./validateSecurityContext.ts"
import { validateVolumes } from "./validateVolumes.ts"

const MAX_INT32 = 2_147_483_647

const securityErrors = (spec: JsonObject, container: JsonObject, at: string): ReadonlyArray<FieldError> =>
  validateSecurityContext(mapping(container, "securityContext"), `${at}.securityContext`, spec["hostUsers"] !== false)

const validateContainers = (
  spec: JsonObject,
  volumes: ReadonlySet<string>,
  release: KubernetesRelease
): ReadonlyArray<FieldError> => {
  const containers = entries(spec, "containers")
  if (containers.length === 0) return [required("spec.containers")]
  const names = new Set<string>()
  const ports = new Set<string>()
  const grace = integer(spec, "terminationGracePeriodSeconds")
  const own = numbered(containers, "spec.containers").flatMap(({ at, item }) => {
    const name = text(item, "name")
    const repeated = names.has(name)
    names.add(name)
    return [
      ...validateContainer(item, volumes, at),
      ...validateResizePolicy(item, `${at}.resizePolicy`, text(spec, "restartPolicy")),
      ...securityErrors(spec, item, at),
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      ...validateLifecycle(item, at, { grace, release }),
      ...validateProbes(item, at),
      ...validateRestartPolicy(item, at, release)
    ]
  })
  const conflicts = numbered(containers, "spec.containers").flatMap(({ at, item }) =>
    entries(item, "ports").flatMap((port, j) => {
      const hostPort = integer(port, "hostPort") ?? 0
      const key = `${text(port, "protocol")}/${text(port, "hostIP")}/${hostPort}`
      const taken = hostPort !== 0 && ports.has(key)
      ports.add(key)
      return taken ? [duplicate(`${at}.ports[${j}].hostPort`, key)] : []
    })
  )
  return [...own, ...conflicts]
}

const validateProbes = (container: JsonObject, at: string): ReadonlyArray<FieldError> =>
  ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) =>
    container[name] === undefined
      ? []
      : validateProbe(mapping(container, name), `${at}.${name}`, name !== "readinessProbe")
  )

const validateInitContainers = (
  spec: JsonObject,
  volumes: ReadonlySet<string>,
  release: KubernetesRelease
): ReadonlyArray<FieldError> => {
  const names = new Set(entries(spec, "containers").map((container) => text(container, "name")))
  const grace = integer(spec, "terminationGracePeriodSeconds")
  return numbered(entries(spec, "initContainers"), "spec.initContainers").flatMap(({ at, item }) => {
    const [name, sidecar] = [text(item, "name"), item["restartPolicy"] === "Always"]
    const repeated = names.has(name)
    if (name !== "") names.add(name)
    const misplaced = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"].filter(
      (field) => !sidecar && item[field] !== undefined
    )
    return [
      ...validateContainer(item, volumes, at),
      ...validateResizePolicy(item, `${at}.resizePolicy`, text(spec, "restartPolicy")),
      ...securityErrors(spec, item, at),
      ...validateInitRestartPolicy(item, at, release),
      ...validateInitResizePolicy(item, `${at}.resizePolicy`),
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      ...(sidecar ? [...validateLifecycle(item, at, { grace, release }), ...validateProbes(item, at)] : []),
      ...misplaced.map((field) =>
        fieldForbidden(`${at}.${field}`, "may not be set for init containers without restartPolicy=Always")
      )
    ]
  })
}

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

const validateTolerations = (tolerations: ReadonlyArray<JsonObject>): ReadonlyArray<FieldError> =>
  numbered(tolerations, "spec.tolerations").flatMap(({ at, item }) => {
    const [key, operator, value, effect] = [
      text(item, "key"),
      text(item, "operator"),
      text(item, "value"),
      text(item, "effect")
    ]
    const ofValue =
      operator === "" || operator === "Equal"
        ? labelValue(value).map((message) => invalid(`${at}.operator`, value, message))
        : []
    return [
      ...(key === "" ? [] : qualifiedName(key).map((message) => invalid(`${at}.key`, key, message))),
      ...(key === "" && operator !== "Exists"
        ? [
            invalid(
              `${at}.operator`,
              operator,
              'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            )
          ]
        : []),
      ...(integer(item, "tolerationSeconds") !== undefined && effect !== "NoExecute"
        ? [invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
        : []),
      ...ofValue,
      ...(operator === "Exists" && value !== ""
        ? [invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'")]
        : []),
      ...(["", "Equal", "Exists"].includes(operator)
        ? []
        : [notSupported(`${at}.operator`, operator, ["Equal", "Exists"])]),
      ...(effect === "" || effects.includes(effect) ? [] : [notSupported(`${at}.effect`, effect, effects)])
    ]
  })

const choice = (spec: JsonObject, field: string, supported: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  supported.includes(text(spec, field)) ? [] : [notSupported(`spec.${field}`, text(spec, field), supported)]

const named = (
  spec: JsonObject,
  field: string,
  rule: (value: string) => ReadonlyArray<string>
): ReadonlyArray<FieldError> =>
  text(spec, field) === ""
    ? []
    : rule(text(spec, field)).map((message) => invalid(`spec.${field}`, text(spec, field), message))

const validateGates = (spec: JsonObject): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return [
    ...numbered(entries(spec, "readinessGates"), "spec.readinessGates").flatMap(({ at, item }) => {
      const type = text(item, "conditionType")
      return qualifiedName(type).map((message) => invalid(`${at}.conditionType`, type, message))
    }),
    ...numbered(entries(spec, "schedulingGates"), "spec.schedulingGates").flatMap(({ at, item }) => {
      const name = text(item, "name")
      const repeated = seen.has(name)
      seen.add(name)
      return [
        ...qualifiedName(name).map((message) => invalid(at, name, message)),
        ...(repeated ? [duplicate(at, name)] : [])
      ]
    })
  ]
}

/** ValidatePodSpec: of a pod; in a template the paths begin elsewhere. */
export const validatePodSpec = (spec: JsonObject, release: KubernetesRelease): ReadonlyArray<FieldError> => {
  const volumes = validateVolumes(entries(spec, "volumes"))
  const deadline = integer(spec, "activeDeadlineSeconds")
  return [
    ...volumes.errors,
    ...validateContainers(spec, volumes.names, release),
    ...validateInitContainers(spec, volumes.names, release),
    ...validateEphemeralContainers(spec, volumes.names),
    ...validatePodResources(spec),
    ...choice(spec, "restartPolicy", ["Always", "OnFailure", "Never"]),
    ...choice(spec, "dnsPolicy", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ...validateLabels(mapping(spec, "nodeSelector"), "spec.nodeSelector"),
    ...validateAffinity(mapping(spec, "affinity")),
    ...validateGates(spec),
    ...validateTopologySpread(entries(spec, "topologySpreadConstraints")),
    ...named(spec, "serviceAccountName", dns1123Subdomain),
    ...named(spec, "nodeName", dns1123Subdomain),
    ...(deadline !== undefined && (deadline < 1 || deadline > MAX_INT32)
      ? [invalid("spec.activeDeadlineSeconds", deadline, between(1, MAX_INT32))]
      : []),
    ...named(spec, "hostname", dns1123Label),
    ...named(spec, "subdomain", dns1123Label),
    ...validateTolerations(entries(spec, "tolerations")),
    ...named(spec, "priorityClassName", dns1123Subdomain),
    ...validateImages(entries(spec, "containers"), "spec.containers"),
    ...validateImages(entries(spec, "initContainers"), "spec.initContainers")
  ]
}

const nonEmpty = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0

/** What is wrong with a Pod whoever writes it, on creation and on every update (validatePodMetadataAndSpec). */
export const validatePodMetadataAndSpec = (
  pod: PodParts,
  release: KubernetesRelease = latestRelease
): ReadonlyArray<FieldError> => [...validateObjectMeta(pod.metadata), ...validatePodSpec(pod.spec, release)]

interface PodParts {
  readonly metadata: JsonObject
  readonly spec: JsonObject
}

/**
 * All errors of a defaulted Pod, in the order of Kubernetes.
 *
 * A negative `terminationGracePeriodSeconds` is none: it is stored and acts as 1 (C-096).
 */
export const validatePod = (pod: PodParts, release: KubernetesRelease = latestRelease): ReadonlyArray<FieldError> => [
  ...validatePodMetadataAndSpec(pod, release),
  ...(nonEmpty(pod.spec["ephemeralContainers"])
    ? [fieldForbidden("spec.ephemeralContainers", "cannot be set on create")]
    : []),
  ...(text(pod.spec, "nodeName") !== "" && nonEmpty(pod.spec["schedulingGates"])
    ? [fieldForbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")]
    : [])
]
