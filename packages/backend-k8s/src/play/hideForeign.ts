/** Redaction for a scenario's own cluster: what the scenario itself says is no secret, what others put into its pods may be one. */
import { isJsonObject, type Json, type JsonObject, type Redactor, type Scenario } from "@kubereel/core"

const literals = (value: Json | undefined): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap((entry: Json) => literals(entry))
  if (!isJsonObject(value)) return typeof value === "string" ? [value] : []
  return Object.values(value).flatMap((entry) => literals(entry as Json))
}

/** Every text of the manifests and patches. */
const textsOf = ({ steps }: Scenario): ReadonlySet<string> =>
  new Set(
    steps.flatMap(({ intention }) =>
      intention._tag === "Apply"
        ? intention.objects.flatMap((object) => literals(object))
        : intention._tag === "Patch"
          ? literals(intention.patch)
          : []
    )
  )

/** The redacted value, with what is known restored. */
const restored = (before: Json, after: Json, known: ReadonlySet<string>): Json => {
  if (before === after) return after
  if (typeof before === "string") return known.has(before) ? before : after
  if (Array.isArray(before) && Array.isArray(after))
    return after.map((entry: Json, i) => restored(before[i] as Json, entry, known))
  if (isJsonObject(before) && isJsonObject(after))
    return Object.fromEntries(
      Object.entries(after).map(([key, value]) => [key, restored(before[key] as Json, value as Json, known)])
    )
  return after
}

/** Without a redactor nothing is hidden. */
export const hideForeign = (
  scenario: Scenario,
  redactor: Pick<Redactor, "redact"> | undefined
): ((object: JsonObject) => JsonObject) => {
  if (redactor === undefined) return (object) => object
  const known = textsOf(scenario)
  return (object) => restored(object, redactor.redact(object), known) as JsonObject
}
