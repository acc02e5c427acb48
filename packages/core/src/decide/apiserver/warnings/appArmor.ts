/** AppArmor profiles in annotations, as they were written before they had a field (`pkg/registry/core/pod/strategy.go`, applyAppArmorVersionSkew; `pkg/api/pod/util.go`). */
import { isJsonObject, type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { containerLists, containersOf, entries, mapping, text } from "../fields.ts"

const PREFIX = "container.apparmor.security.beta.kubernetes.io/"
const LOCAL = "localhost/"
const PROFILE_LENGTH_MAX = 4095

export const appArmorKey = (container: string): string => `${PREFIX}${container}`

export const deprecatedAppArmor = (path: string, key: string): string =>
  `${path}metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`

/** ApparmorFieldForAnnotation. */
export const profileOf = (annotation: string): JsonObject | undefined => {
  if (annotation === "unconfined") return { type: "Unconfined" }
  if (annotation === "runtime/default") return { type: "RuntimeDefault" }
  const localhostProfile = annotation.startsWith(LOCAL) ? annotation.slice(LOCAL.length) : ""
  return localhostProfile === "" ? undefined : { type: "Localhost", localhostProfile }
}

const isValid = ({ localhostProfile = "" }: JsonObject): boolean =>
  typeof localhostProfile === "string" &&
  localhostProfile.trim() === localhostProfile &&
  localhostProfile.length <= PROFILE_LENGTH_MAX

/** The field's value that a container's annotation asks for where the container says nothing itself; `undefined`: no annotation does. */
const asked = (container: JsonObject, annotations: JsonObject, own: JsonObject) => {
  const annotation = annotations[appArmorKey(text(container, "name"))]
  if (typeof annotation !== "string" || isJsonObject(mapping(container, "securityContext")["appArmorProfile"]))
    return undefined
  const profile = profileOf(annotation)
  const valid = profile !== undefined && isValid(profile) ? profile : undefined
  return { valid, isNews: valid === undefined || !jsonEqual(valid, own) }
}

const ownProfile = (spec: JsonObject): JsonObject => mapping(mapping(spec, "securityContext"), "appArmorProfile")
const isWindows = (spec: JsonObject): boolean => text(mapping(spec, "os"), "name") === "windows"

/** A new pod's spec with the profiles that its annotations ask for; the same one if none does. */
export const withAppArmorProfiles = (spec: JsonObject, annotations: JsonObject): JsonObject => {
  if (isWindows(spec) || !Object.keys(annotations).some((key) => key.startsWith(PREFIX))) return spec
  const own = ownProfile(spec)
  const given = (container: JsonObject): JsonObject => {
    const found = asked(container, annotations, own)
    if (found?.valid === undefined || !found.isNews) return container
    return { ...container, securityContext: { ...mapping(container, "securityContext"), appArmorProfile: found.valid } }
  }
  const filled = containerLists.filter((list) => Array.isArray(spec[list]))
  return { ...spec, ...Object.fromEntries(filled.map((list) => [list, entries(spec, list).map(given)])) }
}

/** Of a pod that is about to be created, its spec as the client gave it. */
export const appArmorWarnings = (spec: JsonObject, annotations: JsonObject): ReadonlyArray<string> =>
  isWindows(spec)
    ? []
    : containersOf(spec)
        .filter((container) => asked(container, annotations, ownProfile(spec))?.isNews === true)
        .map((container) => deprecatedAppArmor("", appArmorKey(text(container, "name"))))
