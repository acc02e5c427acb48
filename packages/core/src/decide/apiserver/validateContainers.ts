/** What the API server refuses in the lists of a pod's containers (`pkg/apis/core/validation/validation.go`, validateContainers, validateInitContainers). */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesRelease } from "../kubelet/featureGates.ts"
import { entries, integer, mapping, numbered, text } from "./fields.ts"
import { duplicate, type FieldError, fieldForbidden, invalid, required } from "./status.ts"
import { type PodNames, validateContainer, validateProbe } from "./validateContainer.ts"
import { validateLifecycle } from "./validateHandler.ts"
import { validateInitResizePolicy, validateResizePolicy } from "./validateResizePolicy.ts"
import { validateInitRestartPolicy, validateRestartPolicy } from "./validateRestartPolicy.ts"
import { validateSecurityContext } from "./validateSecurityContext.ts"

const securityErrors = (spec: JsonObject, container: JsonObject, at: string): ReadonlyArray<FieldError> =>
  validateSecurityContext(mapping(container, "securityContext"), `${at}.securityContext`, spec["hostUsers"] !== false)

/** AccumulateUniqueHostPorts: of containers that run side by side. */
const conflicts = (
  containers: ReadonlyArray<{ readonly item: JsonObject; readonly at: string }>
): ReadonlyArray<FieldError> => {
  const ports = new Set<string>()
  return containers.flatMap(({ at, item }) =>
    entries(item, "ports").flatMap((port, j) => {
      const hostPort = integer(port, "hostPort") ?? 0
      const key = `${text(port, "protocol")}/${text(port, "hostIP")}/${hostPort}`
      const taken = hostPort !== 0 && ports.has(key)
      ports.add(key)
      return taken ? [duplicate(`${at}.ports[${j}].hostPort`, key)] : []
    })
  )
}

/** Containers in the network of their host have no other ports than its own; in a template they may be left out (validatePodHostNetworkDeps). */
export const validateHostPorts = (spec: JsonObject, isPod: boolean): ReadonlyArray<FieldError> => {
  if (spec["hostNetwork"] !== true) return []
  return numbered(entries(spec, "containers"), "spec.containers").flatMap(({ at, item }) =>
    numbered(entries(item, "ports"), `${at}.ports`).flatMap(({ at: path, item: port }) => {
      const [host, own] = [integer(port, "hostPort") ?? 0, integer(port, "containerPort") ?? 0]
      return host === own || (!isPod && host === 0)
        ? []
        : [invalid(`${path}.hostPort`, host, "must match `containerPort` when `hostNetwork` is true")]
    })
  )
}

export const validateContainers = (
  spec: JsonObject,
  known: PodNames,
  release: KubernetesRelease
): ReadonlyArray<FieldError> => {
  const containers = entries(spec, "containers")
  if (containers.length === 0) return [required("spec.containers")]
  const names = new Set<string>()
  const grace = integer(spec, "terminationGracePeriodSeconds")
  const own = numbered(containers, "spec.containers").flatMap(({ at, item }) => {
    const name = text(item, "name")
    const repeated = names.has(name)
    names.add(name)
    return [
      ...validateContainer(item, known, at),
      ...validateResizePolicy(item, `${at}.resizePolicy`, text(spec, "restartPolicy")),
      ...securityErrors(spec, item, at),
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      ...validateLifecycle(item, at, { grace, release }),
      ...validateProbes(item, at),
      ...validateRestartPolicy(item, at, release)
    ]
  })
  return [...own, ...conflicts(numbered(containers, "spec.containers"))]
}

const validateProbes = (container: JsonObject, at: string): ReadonlyArray<FieldError> =>
  ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) =>
    container[name] === undefined
      ? []
      : validateProbe(mapping(container, name), `${at}.${name}`, name !== "readinessProbe")
  )

export const validateInitContainers = (
  spec: JsonObject,
  known: PodNames,
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
      ...validateContainer(item, known, at),
      ...validateResizePolicy(item, `${at}.resizePolicy`, text(spec, "restartPolicy")),
      ...securityErrors(spec, item, at),
      ...validateInitRestartPolicy(item, at, release),
      ...(repeated ? [duplicate(`${at}.name`, name)] : []),
      // Each runs alone: its ports are its own affair, and Kubernetes names the first container whichever it is.
      ...conflicts([{ at: "spec.initContainers[0]", item }]),
      ...(sidecar ? [...validateLifecycle(item, at, { grace, release }), ...validateProbes(item, at)] : []),
      ...misplaced.map((field) =>
        fieldForbidden(`${at}.${field}`, "may not be set for init containers without restartPolicy=Always")
      ),
      ...validateInitResizePolicy(item, `${at}.resizePolicy`)
    ]
  })
}
