/** A recorded patch on a recorded object: the server has accepted it long ago, and may have known fields that this program does not. */
import { isJsonObject, type JsonObject, mergePatch, strategicMergePatch } from "@kubereel/core"
import { Result } from "effect"
import { metadataOf, text } from "./objects.ts"

/** `undefined`: the patch cannot be carried out, or makes another object of it. */
export const patched = (
  object: JsonObject,
  { body, type }: { readonly type: "merge" | "strategic"; readonly body: JsonObject }
): JsonObject | undefined => {
  const merged =
    type === "merge" ? Result.succeed(mergePatch(object, body)) : strategicMergePatch(object, body, text(object.kind))
  if (Result.isFailure(merged) || !isJsonObject(merged.success)) return undefined
  const [before, after] = [metadataOf(object), metadataOf(merged.success)]
  return before.name === after.name && before.namespace === after.namespace ? merged.success : undefined
}
