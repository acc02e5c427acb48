/** Labels of nodes that have newer names (`pkg/api/node/util.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries, mapping, numbered, text, textsOf } from "../fields.ts"
import { labelValue } from "../nameRules.ts"

const deprecated: { readonly [label: string]: string } = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  "app.kubernetes.io/created-by": "deprecated since v1.9",
  "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
  "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead'
}

/** GetNodeLabelDeprecatedMessage. */
export const deprecatedLabel = (label: string): string | undefined =>
  Object.hasOwn(deprecated, label) ? deprecated[label] : undefined

/** GetWarningsForNodeSelectorTerm; of what is only preferred the values were looked at by nobody before. */
const termWarnings = (term: JsonObject, at: string, checksValues: boolean): ReadonlyArray<string> =>
  numbered(entries(term, "matchExpressions"), `${at}.matchExpressions`).flatMap(({ item, at: where }) => {
    const key = text(item, "key")
    const message = deprecatedLabel(key)
    return [
      ...(message === undefined ? [] : [`${where}.key: ${key} is ${message}`]),
      ...(checksValues
        ? textsOf(item, "values").flatMap((value, i) =>
            labelValue(value).map((wrong) => `${where}.values[${i}]: ${value} is invalid, ${wrong}`)
          )
        : [])
    ]
  })

/** Of a NodeSelector, wherever it stands. */
export const nodeSelectorWarnings = (selector: JsonObject, at: string): ReadonlyArray<string> =>
  numbered(entries(selector, "nodeSelectorTerms"), `${at}.nodeSelectorTerms`).flatMap(({ item, at: where }) =>
    termWarnings(item, where, false)
  )

export const nodeAffinityWarnings = (affinity: JsonObject, at: string): ReadonlyArray<string> => [
  ...nodeSelectorWarnings(
    mapping(affinity, "requiredDuringSchedulingIgnoredDuringExecution"),
    `${at}.requiredDuringSchedulingIgnoredDuringExecution`
  ),
  ...numbered(
    entries(affinity, "preferredDuringSchedulingIgnoredDuringExecution"),
    `${at}.preferredDuringSchedulingIgnoredDuringExecution`
  ).flatMap(({ item, at: where }) => termWarnings(mapping(item, "preference"), `${where}.preference`, true))
]
