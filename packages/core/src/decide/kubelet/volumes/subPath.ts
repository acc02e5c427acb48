/** Why a part of a volume cannot be mounted into a container (`pkg/kubelet/kubelet_pods.go`, makeMounts; S-301). */
import type { ContainerSpec } from "../../../event/KubernetesObject.ts"
import { entries, text } from "../../apiserver/fields.ts"
import { expandWith } from "../prober/expansion.ts"

/** `values`: the variables that the kubelet sets. One that is empty counts as missing. */
export const subPathProblem = (
  container: ContainerSpec,
  values: () => ReadonlyMap<string, string>
): string | undefined => {
  for (const mount of entries(container, "volumeMounts")) {
    const missing = new Set<string>()
    const expanded = expandWith(text(mount, "subPathExpr"), (name) => {
      const value = values().get(name) ?? ""
      if (value === "") missing.add(name)
      return value
    })
    if (missing.size > 0) return `missing value for ${[...missing].sort().join(", ")}`
    const subPath = text(mount, "subPathExpr") === "" ? text(mount, "subPath") : expanded
    if (subPath.startsWith("/")) return `error SubPath \`${subPath}\` must not be an absolute path`
    if (subPath.split("/").includes("..")) return `unable to provision SubPath \`${subPath}\`: must not contain '..'`
  }
  return undefined
}
