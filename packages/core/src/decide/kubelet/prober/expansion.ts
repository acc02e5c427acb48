/** `$(NAME)` in a probe's command (`third_party/forked/golang/expansion/expand.go`; `pkg/kubelet/container/helpers.go`, ExpandContainerCommandOnlyStatic; K-166). */
import type { JsonObject } from "../../../event/Json.ts"

/** Only variables with a literal value are known; `$$` is one dollar; what is unknown stays as it is. */
export const expand = (text: string, environment: ReadonlyArray<JsonObject>): string => {
  const values = new Map(environment.map((variable) => [String(variable["name"]), String(variable["value"] ?? "")]))
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, next: string, name: string) =>
    next === "$" ? "$" : (values.get(name) ?? whole)
  )
}
