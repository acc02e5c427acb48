/** What the API server refuses in a container's `resizePolicy` (`pkg/apis/core/validation/validation.go`, validateResizePolicy). */
import type { JsonObject } from "../../event/Json.ts"
import { entries, text } from "./fields.ts"
import { duplicate, type FieldError, invalid, notSupported, required } from "./status.ts"

const resources = ["cpu", "memory"]
const policies = ["NotRequired", "RestartContainer"]

const oneOf = (path: string, value: string, supported: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  value === "" ? [required(path)] : supported.includes(value) ? [] : [notSupported(path, value, supported)]

/** `podPolicy`: the pod's restart policy, against which nothing is restarted. */
export const validateResizePolicy = (
  container: JsonObject,
  path: string,
  podPolicy: string
): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return entries(container, "resizePolicy").flatMap((policy, i) => {
    const [resource, restart] = [text(policy, "resourceName"), text(policy, "restartPolicy")]
    const repeated = seen.has(resource)
    seen.add(resource)
    return [
      ...(repeated ? [duplicate(`${path}[${i}]`, resource)] : []),
      ...oneOf(path, resource, resources),
      ...oneOf(path, restart, policies),
      ...(podPolicy === "Never" && restart !== "NotRequired"
        ? [invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'")]
        : [])
    ]
  })
}

/** An init container that runs to its end is not restarted for its size. */
export const validateInitResizePolicy = (container: JsonObject, path: string): ReadonlyArray<FieldError> =>
  container["restartPolicy"] === "Always"
    ? []
    : entries(container, "resizePolicy").flatMap((policy, j) =>
        text(policy, "restartPolicy") === "RestartContainer"
          ? [
              invalid(
                `${path}[${j}].restartPolicy`,
                "RestartContainer",
                "must not be set to 'RestartContainer' for non-sidecar initContainers"
              )
            ]
          : []
      )
