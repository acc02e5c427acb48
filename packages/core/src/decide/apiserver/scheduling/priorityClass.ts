/** PriorityClasses as the API server keeps them (`pkg/registry/scheduling/priorityclass/strategy.go`, `pkg/apis/scheduling/v1/defaults.go`). */
import { filled } from "../apps/podTemplate.ts"
import { plain } from "../RestStrategy.ts"
import { validatePriorityClass, validatePriorityClassUpdate } from "./validatePriorityClass.ts"

export const priorityClass = plain(
  {
    group: "scheduling.k8s.io",
    version: "v1",
    resource: "priorityclasses",
    kind: "PriorityClass",
    namespaced: false
  },
  undefined,
  {
    defaults: (given) => filled(given, { preemptionPolicy: "PreemptLowerPriority" }),
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate
  }
)
