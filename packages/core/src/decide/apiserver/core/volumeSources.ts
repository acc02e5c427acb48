/** What the API server refuses of the sources of PersistentVolumes (`pkg/apis/core/validation/validation.go`, ValidatePersistentVolumeSpec). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping, text } from "../fields.ts"
import { dns1123Label, dns1123Subdomain } from "../nameRules.ts"
import { type FieldError, invalid, required } from "../status.ts"
import { missing, networkVolumes } from "../validateNetworkVolume.ts"
import { noBacksteps } from "../validateVolumeMounts.ts"
import { hostPathErrors } from "../validateVolumes.ts"

type Source = (source: JsonObject, at: string) => ReadonlyArray<FieldError>

const local: Source = (source, at) => {
  const path = text(source, "path")
  return path === "" ? missing(source, at, "path") : noBacksteps(path, `${at}.path`)
}

/** validatePVSecretReference. */
const secretErrors = (secret: JsonObject, at: string): ReadonlyArray<FieldError> =>
  (
    [
      ["name", dns1123Subdomain],
      ["namespace", dns1123Label]
    ] as const
  ).flatMap(([field, rule]) => {
    const value = text(secret, field)
    if (value === "") return [required(`${at}.${field}`)]
    return rule(value).map((why) => invalid(`${at}.${field}`, value, why))
  })

const secrets = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef"
]

const csi: Source = ({ nodePublishSecretRef: secret, ...source }, at) => [
  ...(networkVolumes["csi"]?.(source, at) ?? []),
  ...missing(source, at, "volumeHandle"),
  ...secrets.flatMap((field) => {
    const all: JsonObject = { ...source, nodePublishSecretRef: secret }
    return all[field] == null ? [] : secretErrors(mapping(all, field), `${at}.${field}`)
  })
]

/** In the order in which they are looked at. */
const order = [
  ...["hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte"],
  ...["cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk"],
  ...["portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi"]
]

const own: { readonly [source: string]: Source } = {
  hostPath: hostPathErrors,
  local,
  csi,
  // What a volume of a pod would have been given before it is looked at, these may lack.
  azureDisk: (source, at) => missing(source, at, "diskName", "diskURI")
}

/** What Kubernetes calls a source in the errors of its own. */
const inside: { readonly [source: string]: string } = { gcePersistentDisk: "persistentDisk" }

export const volumeSourcesOf = (spec: JsonObject): ReadonlyArray<string> => order.filter((name) => spec[name] != null)

export const volumeSourceErrors = (spec: JsonObject, name: string): ReadonlyArray<FieldError> =>
  (own[name] ?? networkVolumes[name])?.(mapping(spec, name), `spec.${inside[name] ?? name}`) ?? []
