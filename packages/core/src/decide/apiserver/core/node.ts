/** Nodes as the API server keeps them (`pkg/registry/core/node/strategy.go`, `pkg/apis/core/validation/validation.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping, text, textsOf } from "../fields.ts"
import { plain, type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { validateNode, validateNodeUpdate } from "./validateNode.ts"

/** A kubelet says its network once, in the field of old or in the new one (`pkg/apis/core/v1/conversion.go`). */
const defaults = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  const [network, networks] = [text(spec, "podCIDR"), textsOf(spec, "podCIDRs")]
  // Where the two differ, the older field counts (Convert_v1_NodeSpec_To_core_NodeSpec).
  return network === "" || networks[0] === network ? given : { ...given, spec: { ...spec, podCIDRs: [network] } }
}

/** `spec` and `status` are written apart; a Node has no generation. */
export const node: RestStrategy = {
  ...plain({ group: "", version: "v1", resource: "nodes", kind: "Node", namespaced: false }, undefined, {
    defaults,
    validate: validateNode
  }),
  updates: {
    "": {
      prepare: (old, updated) => withMetadata(old, defaults(updated), { status: old["status"] }),
      validate: validateNodeUpdate
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: validateNodeUpdate
    }
  }
}
