/** What the API server refuses in a probe's or a hook's handler (`pkg/apis/core/validation/validation.go`, validateHandler, validateLifecycle). */
import type { Json, JsonObject } from "../../event/Json.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { entries, mapping, text } from "./fields.ts"
import { between, httpHeaderName, portName } from "./nameRules.ts"
import { type FieldError, fieldForbidden, invalid, notSupported, required } from "./status.ts"

/** A port by its number or its name. */
const validatePort = (port: Json | undefined, path: string): ReadonlyArray<FieldError> => {
  if (typeof port === "string") return portName(port).map((message) => invalid(path, port, message))
  const number = typeof port === "number" ? port : 0
  return number >= 1 && number <= 65_535 ? [] : [invalid(path, number, between(1, 65_535))]
}

const validateHttpGet = (action: JsonObject, path: string): ReadonlyArray<FieldError> => {
  const scheme = text(action, "scheme")
  return [
    ...(text(action, "path") === "" ? [required(`${path}.path`)] : []),
    ...validatePort(action["port"], `${path}.port`),
    ...(["HTTP", "HTTPS"].includes(scheme) ? [] : [notSupported(`${path}.scheme`, scheme, ["HTTP", "HTTPS"])]),
    ...entries(action, "httpHeaders").flatMap((header) =>
      httpHeaderName(text(header, "name")).map((message) =>
        invalid(`${path}.httpHeaders`, text(header, "name"), message)
      )
    )
  ]
}

/** What a hook's action is held against. */
export interface HookContext {
  /** The pod's `terminationGracePeriodSeconds`; a probe has nothing to do with it. */
  readonly grace?: number | undefined
  readonly release?: KubernetesRelease
}

/** Zero is allowed since PodLifecycleSleepActionAllowZero, more than the pod's grace is not. */
const validateSleep = (
  { seconds }: JsonObject,
  path: string,
  { grace, release = latestRelease }: HookContext
): ReadonlyArray<FieldError> => {
  const given = typeof seconds === "number" ? seconds : 0
  const zero = release.gates.PodLifecycleSleepActionAllowZero
  if (grace === undefined || (given >= (zero ? 0 : 1) && given <= grace)) return []
  const limit = `less than terminationGracePeriodSeconds (${grace})`
  const why = zero
    ? `must be non-negative and ${limit}`
    : `must be greater than 0 and ${limit}. Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`
  return [invalid(path, given, why)]
}

type Rule = (action: JsonObject, path: string, context: HookContext) => ReadonlyArray<FieldError>

/** In the order in which Kubernetes looks at them: the first one given is the handler. */
const handlers: ReadonlyArray<readonly [name: string, rule: Rule]> = [
  ["exec", ({ command }, path) => (Array.isArray(command) && command.length > 0 ? [] : [required(`${path}.command`)])],
  ["httpGet", validateHttpGet],
  ["tcpSocket", ({ port }, path) => validatePort(port, `${path}.port`)],
  ["grpc", ({ port }, path) => validatePort(port, `${path}.port`)],
  ["sleep", validateSleep]
]

export const validateHandler = (
  holder: JsonObject,
  path: string,
  context: HookContext = {}
): ReadonlyArray<FieldError> => {
  const given = handlers.filter(([name]) => holder[name] !== undefined)
  if (given.length === 0) return [required(path, "must specify a handler type")]
  return given.flatMap(([name, rule], i) =>
    i > 0
      ? [fieldForbidden(`${path}.${name}`, "may not specify more than 1 handler type")]
      : rule(mapping(holder, name), `${path}.${name}`, context)
  )
}

export const validateLifecycle = (
  container: JsonObject,
  path: string,
  context: HookContext
): ReadonlyArray<FieldError> => {
  const lifecycle = mapping(container, "lifecycle")
  return ["postStart", "preStop"].flatMap((hook) =>
    lifecycle[hook] === undefined ? [] : validateHandler(mapping(lifecycle, hook), `${path}.lifecycle.${hook}`, context)
  )
}
