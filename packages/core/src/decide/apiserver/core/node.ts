/** Nodes as the API server keeps them (`pkg/registry/core/node/strategy.go`, `pkg/apis/core/validation/validation.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping, text } from "../fields.ts"
import { plain, type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { validateNode, validateNodeUpdate } from "./validateNode.ts"

/** A kubelet says its network once, in the field of old or in the new one (`pkg/apis/core/v1/conversion.go`). */
const create = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  const network = text(spec, "podCIDR")
  return network === "" || spec["podCIDRs"] !== undefined ? given : { ...given, spec: { ...spec, podCIDRs: [network] } }
}

/** `spec` and `status` are written apart; a Node has no generation. */
export const node: RestStrategy = {
  ...plain({ group: "", version: "v1", resource: "nodes", kind: "Node", namespaced: false }, create, {
    validate: validateNode
  }),
  updates: {
    "": {
      prepare: (old, updated) => withMetadata(old, updated, { status: old["status"] }),
      validate: validateNodeUpdate
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: validateNodeUpdate
    }
  }
}
