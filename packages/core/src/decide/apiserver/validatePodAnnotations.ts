/** What the API server refuses in annotations that it knows (`pkg/apis/core/validation/validation.go`, ValidatePodSpecificAnnotations…). */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { CONFIG_MIRROR } from "../kubelet/criticalPod.ts"
import { mapping, text, visitContainers } from "./fields.ts"
import { type FieldError, fieldForbidden, invalid } from "./status.ts"
import { descending } from "./validateVolumeMounts.ts"

const PATH = "metadata.annotations"
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
const SECCOMP = "container.seccomp.security.alpha.kubernetes.io/"
const APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
const LOCAL = "localhost/"

/** GetDeletionCostFromPodAnnotations: no plus, no zeros in front. */
const isDeletionCost = (value: string): boolean =>
  /^(0|-?[0-9]+)$/.test(value) &&
  (value === "0" || !value.startsWith("0")) &&
  Number(value) >= -2_147_483_648 &&
  Number(value) <= 2_147_483_647

/** ValidateSeccompProfile. */
const seccompErrors = (profile: string, at: string): ReadonlyArray<FieldError> => {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return []
  return profile.startsWith(LOCAL)
    ? descending(profile.slice(LOCAL.length), at)
    : [invalid(at, profile, "must be a valid seccomp profile")]
}

const appArmorErrors = (annotations: JsonObject, spec: JsonObject): ReadonlyArray<FieldError> => {
  const names = visitContainers(spec).map(({ item }) => text(item, "name"))
  return Object.keys(annotations)
    .filter((key) => key.startsWith(APPARMOR))
    .flatMap((key) => {
      const [at, profile, name] = [`${PATH}[${key}]`, text(annotations, key), key.slice(APPARMOR.length)]
      const known = ["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith(LOCAL)
      return [
        ...(names.includes(name) ? [] : [invalid(at, name, "container not found")]),
        ...(known ? [] : [invalid(at, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)])
      ]
    })
}

/** Of what a client wrote, whenever it writes it. */
export const validatePodAnnotations = (metadata: JsonObject, spec: JsonObject): ReadonlyArray<FieldError> => {
  const annotations = mapping(metadata, "annotations")
  if (Object.keys(annotations).length === 0) return []
  const mirror = annotations[CONFIG_MIRROR]
  const cost = annotations[DELETION_COST]
  const isHomeless = typeof mirror === "string" && text(spec, "nodeName") === ""
  return [
    ...(isHomeless
      ? [invalid(`${PATH}[${CONFIG_MIRROR}]`, mirror, "must set spec.nodeName if mirror pod annotation is set")]
      : []),
    ...(typeof cost === "string" && !isDeletionCost(cost)
      ? [invalid(`${PATH}[${DELETION_COST}]`, cost, "must be a 32bit integer")]
      : []),
    ...Object.keys(annotations)
      .filter((key) => key === SECCOMP_POD || key.startsWith(SECCOMP))
      .flatMap((key) => seccompErrors(text(annotations, key), `${PATH}.${key}`)),
    ...appArmorErrors(annotations, spec)
  ]
}

/** ValidatePodSpecificAnnotationUpdates: some say what a pod is, and stay; then all are looked at once more. */
export const validatePodAnnotationsUpdate = (next: PodObject, old: PodObject): ReadonlyArray<FieldError> => {
  const [now, before] = [mapping(next.metadata, "annotations"), mapping(old.metadata, "annotations")]
  const fixed = (key: string): string | undefined => {
    if (key.startsWith(APPARMOR)) return "AppArmor annotations"
    return key === CONFIG_MIRROR ? "mirror pod annotation" : undefined
  }
  const refused = (keys: ReadonlyArray<string>, what: string): ReadonlyArray<FieldError> =>
    keys.flatMap((key) => {
      const name = fixed(key)
      return name === undefined ? [] : [fieldForbidden(`${PATH}[${key}]`, `may not ${what} ${name}`)]
    })
  return [
    ...refused(
      Object.keys(before).filter((key) => now[key] !== before[key]),
      "remove or update"
    ),
    ...refused(
      Object.keys(now).filter((key) => before[key] === undefined),
      "add"
    ),
    ...validatePodAnnotations(next.metadata, next.spec)
  ]
}

/** How a profile of a field is written in an annotation of old. */
const written: { readonly [type: string]: ReadonlyArray<string> } = {
  Unconfined: ["unconfined"],
  RuntimeDefault: ["runtime/default", "docker/default"]
}

const differs = (profile: JsonObject, annotation: string, what: string, at: string): ReadonlyArray<FieldError> => {
  const type = text(profile, "type")
  const wrongType = [fieldForbidden(`${at}.type`, `${what} type in annotation and field must match`)]
  if (type !== "Localhost") {
    const all = written[type]?.filter((name) => what === "seccomp" || name !== "docker/default")
    return all === undefined || all.includes(annotation) ? [] : wrongType
  }
  if (!annotation.startsWith(LOCAL)) return wrongType
  return profile["localhostProfile"] === annotation.slice(LOCAL.length)
    ? []
    : [fieldForbidden(`${at}.localhostProfile`, `${what} profile in annotation and field must match`)]
}

/** validateSeccompAnnotationsAndFields, validateAppArmorAnnotationsAndFieldsMatchOnCreate: who says it twice says the same. */
export const validateProfilesMatch = (metadata: JsonObject, spec: JsonObject): ReadonlyArray<FieldError> => {
  const annotations = mapping(metadata, "annotations")
  if (Object.keys(annotations).length === 0) return []
  const ofPod = mapping(spec, "securityContext")
  const compare = (profile: Json | undefined, key: string, what: string, at: string): ReadonlyArray<FieldError> => {
    const annotation = annotations[key]
    return isJsonObject(profile) && typeof annotation === "string" ? differs(profile, annotation, what, at) : []
  }
  const context = (item: JsonObject): JsonObject => mapping(item, "securityContext")
  const containers = visitContainers(spec)
  return [
    ...compare(ofPod["seccompProfile"], SECCOMP_POD, "seccomp", "spec.securityContext.seccompProfile"),
    ...containers.flatMap(({ at, item }) =>
      compare(
        context(item)["seccompProfile"],
        `${SECCOMP}${text(item, "name")}`,
        "seccomp",
        `${at}.securityContext.seccompProfile`
      )
    ),
    ...(mapping(spec, "os")["name"] === "windows"
      ? []
      : containers.flatMap(({ at, item }) =>
          compare(
            context(item)["appArmorProfile"] ?? ofPod["appArmorProfile"],
            `${APPARMOR}${text(item, "name")}`,
            "apparmor",
            `${at}.securityContext.appArmorProfile`
          )
        ))
  ]
}
