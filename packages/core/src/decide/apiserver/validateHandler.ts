/** What the API server refuses in a probe's or a hook's handler (`pkg/apis/core/validation/validation.go`, validateHandler, validateLifecycle). */
import type { Json, JsonObject } from "../../event/Json.ts"
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

/** Zero is allowed (PodLifecycleSleepActionAllowZero), more than the pod's grace is not. */
const validateSleep = (seconds: number, grace: number | undefined, path: string): ReadonlyArray<FieldError> =>
  grace !== undefined && (seconds < 0 || seconds > grace)
    ? [invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)]
    : []

type Rule = (action: JsonObject, path: string, grace: number | undefined) => ReadonlyArray<FieldError>

/** In the order in which Kubernetes looks at them: the first one given is the handler. */
const handlers: ReadonlyArray<readonly [name: string, rule: Rule]> = [
  ["exec", ({ command }, path) => (Array.isArray(command) && command.length > 0 ? [] : [required(`${path}.command`)])],
  ["httpGet", validateHttpGet],
  ["tcpSocket", ({ port }, path) => validatePort(port, `${path}.port`)],
  ["grpc", ({ port }, path) => validatePort(port, `${path}.port`)],
  ["sleep", ({ seconds }, path, grace) => validateSleep(typeof seconds === "number" ? seconds : 0, grace, path)]
]

/** `grace`: the pod's `terminationGracePeriodSeconds`. */
export const validateHandler = (
  holder: JsonObject,
  grace: number | undefined,
  path: string
): ReadonlyArray<FieldError> => {
  const given = handlers.filter(([name]) => holder[name] !== undefined)
  if (given.length === 0) return [required(path, "must specify a handler type")]
  return given.flatMap(([name, rule], i) =>
    i > 0
      ? [fieldForbidden(`${path}.${name}`, "may not specify more than 1 handler type")]
      : rule(mapping(holder, name), `${path}.${name}`, grace)
  )
}

export const validateLifecycle = (
  container: JsonObject,
  grace: number | undefined,
  path: string
): ReadonlyArray<FieldError> => {
  const lifecycle = mapping(container, "lifecycle")
  return ["postStart", "preStop"].flatMap((hook) =>
    lifecycle[hook] === undefined ? [] : validateHandler(mapping(lifecycle, hook), grace, `${path}.lifecycle.${hook}`)
  )
}
