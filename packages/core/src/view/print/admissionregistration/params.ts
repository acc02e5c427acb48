/** Cells that admission policies and their bindings share (pkg/printers/internalversion/printers.go). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { at, itemsAt, specOf, textAt, textsAt } from "../cells.ts"

export const paramKind = (policy: KubernetesObject): string => {
  const kind = specOf(policy)["paramKind"]
  return isJsonObject(kind) ? `${textAt(kind, "apiVersion")}/${textAt(kind, "kind")}` : "<unset>"
}

/** A name without a namespace may be of any. */
export const paramRef = (binding: KubernetesObject): string => {
  const ref = specOf(binding)["paramRef"]
  if (!isJsonObject(ref)) return "<unset>"
  const [name, namespace] = [textAt(ref, "name"), textAt(ref, "namespace")]
  if (name !== "") return `${namespace === "" ? "*" : namespace}/${name}`
  return isJsonObject(ref["selector"]) ? goString(ref["selector"]) : "<unset>"
}

/** As the generated `LabelSelector.String` writes it (k8s.io/apimachinery/pkg/apis/meta/v1/generated.pb.go). */
const goString = (selector: JsonObject): string => {
  const labels = at(selector, "matchLabels")
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${key}: ${textAt(labels, key)},`)
  const requirements = itemsAt(selector, "matchExpressions").map(
    (one) =>
      `LabelSelectorRequirement{Key:${textAt(one, "key")},Operator:${textAt(one, "operator")},Values:[${textsAt(one, "values").join(" ")}],},`
  )
  return `&LabelSelector{MatchLabels:map[string]string{${pairs.join("")}},MatchExpressions:[]LabelSelectorRequirement{${requirements.join("")}},}`
}
