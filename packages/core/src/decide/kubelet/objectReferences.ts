/** The ConfigMaps and Secrets that a pod names: what its kubelet watches for it (`pkg/api/v1/pod/util.go`, VisitPodConfigmapNames, VisitPodSecretNames). */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, PodSpec } from "../../event/KubernetesObject.ts"
import { containersOf, entries, mapping, text } from "../apiserver/fields.ts"

export type ConfigKind = "ConfigMap" | "Secret"

export interface ObjectReference {
  readonly kind: ConfigKind
  readonly name: string
}

/** What the kubelet knows of an object of the pod's namespace; `undefined`: there is none. */
export type ConfigLookup = (kind: ConfigKind, name: string) => KubernetesObject | undefined

/** The error of the API, without the group (K-132). */
export const configNotFound = (kind: ConfigKind, name: string): string =>
  `${kind.toLowerCase()} ${JSON.stringify(name)} not found`

const ofContainer = (container: JsonObject): ReadonlyArray<ObjectReference> => [
  ...entries(container, "envFrom").flatMap((from) => named(from, { ConfigMap: "configMapRef", Secret: "secretRef" })),
  ...entries(container, "env").flatMap((variable) =>
    named(mapping(variable, "valueFrom"), { ConfigMap: "configMapKeyRef", Secret: "secretKeyRef" })
  )
]

const named = (holder: JsonObject, fields: { readonly [kind in ConfigKind]: string }): ReadonlyArray<ObjectReference> =>
  (["ConfigMap", "Secret"] as const)
    .map((kind) => ({ kind, name: text(mapping(holder, fields[kind]), "name") }))
    .filter(({ name }) => name !== "")

const sources = { ConfigMap: "configMap", Secret: "secret" } as const

/** A volume of its own calls the Secret's name otherwise than a projected one. */
const ofVolume = (volume: JsonObject): ReadonlyArray<ObjectReference> => {
  const secret = mapping(volume, "secret")
  return [
    ...named({ ...volume, secret: { name: secret["secretName"] } }, sources),
    ...entries(mapping(volume, "projected"), "sources").flatMap((source) => named(source, sources))
  ]
}

export const objectReferences = (spec: PodSpec): ReadonlyArray<ObjectReference> => [
  ...containersOf(spec).flatMap(ofContainer),
  ...entries(spec, "volumes").flatMap(ofVolume),
  ...entries(spec, "imagePullSecrets")
    .map((secret) => ({ kind: "Secret", name: text(secret, "name") }) as const)
    .filter(({ name }) => name !== "")
]
