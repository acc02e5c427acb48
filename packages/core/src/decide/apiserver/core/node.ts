/** Nodes as the API server keeps them (`pkg/registry/core/node/strategy.go`, `pkg/apis/core/validation/validation.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { entries, mapping, numbered, text } from "../fields.ts"
import { labelValue, qualifiedName } from "../nameRules.ts"
import { plain, type RestStrategy, withMetadata } from "../RestStrategy.ts"
import { duplicate, type FieldError, invalid, notSupported, required } from "../status.ts"
import { validateMetadataUpdate } from "../validateMetadataUpdate.ts"

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

const taintErrors = (taints: ReadonlyArray<JsonObject>): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return numbered(taints, "metadata.taints").flatMap(({ at, item }) => {
    const [key, value, effect] = [text(item, "key"), text(item, "value"), text(item, "effect")]
    const repeated = seen.has(`${effect} ${key}`)
    seen.add(`${effect} ${key}`)
    return [
      ...qualifiedName(key).map((message) => invalid(`${at}.key`, key, message)),
      ...(labelValue(value).length > 0 ? [invalid(`${at}.value`, value, labelValue(value).join(";"))] : []),
      ...(effect === ""
        ? [required(`${at}.effect`)]
        : effects.includes(effect)
          ? []
          : [notSupported(`${at}.effect`, effect, effects)]),
      ...(repeated ? [duplicate(at, item, "taints must be unique by key and effect pair")] : [])
    ]
  })
}

/** `spec` and `status` are written apart; a Node has no generation. */
export const node: RestStrategy = {
  ...plain({ group: "", version: "v1", resource: "nodes", kind: "Node", namespaced: false }),
  updates: {
    "": {
      prepare: (old, updated) => withMetadata(old, updated, { status: old["status"] }),
      validate: (next, old) => [
        ...validateMetadataUpdate(next.metadata, old.metadata),
        ...taintErrors(entries(mapping(next, "spec"), "taints"))
      ]
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
    }
  }
}
