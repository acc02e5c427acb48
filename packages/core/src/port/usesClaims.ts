/** Whose runs show PersistentVolumeClaims, simulated or on a real cluster: those of scenarios in which somebody claims storage. */
import { entries, mapping } from "../decide/apiserver/fields.ts"
import { isJsonObject, type Json, type JsonObject } from "../event/Json.ts"
import type { Scenario } from "./Scenario.ts"

/** Somewhere in there, a template of claims: of a StatefulSet, or of a volume that lives as long as its pod. */
const hasClaimTemplate = (value: Json | undefined): boolean => {
  if (Array.isArray(value)) return value.some((item: Json) => hasClaimTemplate(item))
  if (!isJsonObject(value)) return false
  if (entries(value, "volumeClaimTemplates").length > 0 || isJsonObject(value["volumeClaimTemplate"])) return true
  return Object.values(value).some((inner) => hasClaimTemplate(inner))
}

const claims = (object: JsonObject): boolean =>
  object["kind"] === "PersistentVolumeClaim" || hasClaimTemplate(mapping(object, "spec"))

export const usesClaims = ({ steps, storage = [] }: Scenario): boolean =>
  storage.length > 0 ||
  steps.some(
    ({ intention }) =>
      intention._tag === "Apply" && intention.objects.some((object) => claims(object as unknown as JsonObject))
  )
