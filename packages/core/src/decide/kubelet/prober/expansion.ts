/** `$(NAME)` in a probe's command (`third_party/forked/golang/expansion/expand.go`; `pkg/kubelet/container/helpers.go`, ExpandContainerCommandOnlyStatic; K-166). */
import type { JsonObject } from "../../../event/Json.ts"

/** `$$` is one dollar; what `lookup` does not know stays as it is. */
export const expandWith = (text: string, lookup: (name: string) => string | undefined): string =>
  text.replace(/\$(\$|\(([^)]*)\))/g, (whole, next: string, name: string) =>
    next === "$" ? "$" : (lookup(name) ?? whole)
  )

/** Only variables with a literal value are known. */
export const expand = (text: string, environment: ReadonlyArray<JsonObject>): string => {
  const values = new Map(environment.map((variable) => [String(variable["name"]), String(variable["value"] ?? "")]))
  return expandWith(text, (name) => values.get(name))
}
