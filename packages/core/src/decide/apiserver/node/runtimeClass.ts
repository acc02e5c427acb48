/** RuntimeClasses as the API server keeps them (`pkg/registry/node/runtimeclass/strategy.go`). */
import { plain } from "../RestStrategy.ts"
import { validateRuntimeClass, validateRuntimeClassUpdate } from "./validateRuntimeClass.ts"

export const runtimeClass = plain(
  { group: "node.k8s.io", version: "v1", resource: "runtimeclasses", kind: "RuntimeClass", namespaced: false },
  undefined,
  { validate: validateRuntimeClass, validateUpdate: validateRuntimeClassUpdate }
)
