/** YAML, for who asks for it or sends it (`sigs.k8s.io/yaml`). */
import { isJsonObject, type JsonObject } from "@kubereel/core"
import { Result } from "effect"
import { parse, stringify, type Tags } from "yaml"

/** Keys sorted, as Go writes it. */
export const toYaml = (object: JsonObject): string =>
  stringify(object, { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 })

/** Go's YAML is 1.1 without times and numbers to the base of 60: both are texts. */
const withoutTimes = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === "string" || (!tag.tag.endsWith(":timestamp") && tag.format !== "TIME"))

/** The JSON that a body in YAML stands for; a message for its sender if it is none, or no object. */
export const fromYaml = (text: string): Result.Result<JsonObject, string> => {
  try {
    const value = parse(text, { version: "1.1", customTags: withoutTimes, maxAliasCount: 100 })
    return isJsonObject(value) ? Result.succeed(value) : Result.fail("the body of the request is no object")
  } catch (error) {
    return Result.fail(
      `error converting YAML to JSON: ${error instanceof Error ? error.message.split("\n")[0] : error}`
    )
  }
}
