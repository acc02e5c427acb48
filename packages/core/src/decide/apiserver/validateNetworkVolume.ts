/** What the API server refuses in volumes of clouds and networks (`pkg/apis/core/validation/validation.go`, validateVolumeSource and below). */
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { integer, mapping, text } from "./fields.ts"
import { between, dns1123Label, dns1123Subdomain } from "./nameRules.ts"
import { type FieldError, invalid, notSupported, required, tooLong } from "./status.ts"

type Rule = (source: JsonObject, at: string) => ReadonlyArray<FieldError>

export const missing = (source: JsonObject, at: string, ...fields: ReadonlyArray<string>): ReadonlyArray<FieldError> =>
  fields.filter((field) => text(source, field) === "").map((field) => required(`${at}.${field}`))

const needs =
  (...fields: ReadonlyArray<string>): Rule =>
  (source, at) =>
    missing(source, at, ...fields)

const list = (source: JsonObject, field: string): ReadonlyArray<Json> => {
  const value = source[field]
  return Array.isArray(value) ? value : []
}

const secretErrors: Rule = (source, at) =>
  isJsonObject(source["secretRef"]) && text(source["secretRef"], "name") === ""
    ? [required(`${at}.secretRef.name`)]
    : []

const partition: Rule = (source, at) => {
  const part = integer(source, "partition") ?? 0
  return part < 0 || part > 255 ? [invalid(`${at}.partition`, part, between(1, 255))] : []
}

const initiators: { readonly [prefix: string]: RegExp } = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/
}

const initiatorErrors = (name: string, field: string): ReadonlyArray<FieldError> => {
  const shape = initiators[name.slice(0, 3)]
  if (shape === undefined) return [invalid(field, name, "must be valid format starting with iqn, eui, or naa")]
  return shape.test(name) ? [] : [invalid(field, name, "must be valid format")]
}

const lunErrors = (lun: number, at: string): ReadonlyArray<FieldError> =>
  lun < 0 || lun > 255 ? [invalid(`${at}.lun`, lun, between(0, 255))] : []

const iscsi: Rule = (source, at) => {
  const [iqn, initiator] = [text(source, "iqn"), source["initiatorName"]]
  const guarded = source["chapAuthDiscovery"] === true || source["chapAuthSession"] === true
  return [
    ...missing(source, at, "targetPortal"),
    ...(iqn === "" ? [required(`${at}.iqn`)] : initiatorErrors(iqn, `${at}.iqn`)),
    ...lunErrors(integer(source, "lun") ?? 0, at),
    ...(guarded && source["secretRef"] === undefined ? [required(`${at}.secretRef`)] : []),
    ...(typeof initiator === "string" ? initiatorErrors(initiator, `${at}.initiatorname`) : [])
  ]
}

const fc: Rule = (source, at) => {
  const [names, ids, lun] = [list(source, "targetWWNs"), list(source, "wwids"), integer(source, "lun")]
  const field = `${at}.targetWWNs`
  const both = "targetWWNs and wwids can not be specified simultaneously"
  return [
    ...(names.length === 0 && ids.length === 0
      ? [required(field, "must specify either targetWWNs or wwids, but not both")]
      : []),
    ...(names.length > 0 && ids.length > 0 ? [invalid(field, [...names], both)] : []),
    ...(names.length > 0 && lun === undefined
      ? [required(`${at}.lun`, "lun is required if targetWWNs is specified")]
      : []),
    ...(names.length > 0 && lun !== undefined ? lunErrors(lun, at) : [])
  ]
}

const quobyte: Rule = (source, at) => {
  const registry = text(source, "registry")
  const why = "must be a host:port pair or multiple pairs separated by commas"
  const ofRegistry = (): ReadonlyArray<FieldError> => {
    if (registry === "") return [required(`${at}.registry`, why)]
    if (text(source, "tenant").length > 64)
      return [required(`${at}.tenant`, "must be a UUID and may not exceed a length of 64 characters")]
    const isPair = (pair: string): boolean => /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair)
    return registry
      .split(",")
      .filter((pair) => !isPair(pair))
      .map(() => invalid(`${at}.registry`, registry, why))
  }
  return [...ofRegistry(), ...missing(source, at, "volume")]
}

const flocker: Rule = (source, at) => {
  const [name, uuid] = [text(source, "datasetName"), text(source, "datasetUUID")]
  return [
    ...(name === "" && uuid === "" ? [required(at, "one of datasetName and datasetUUID is required")] : []),
    ...(name !== "" && uuid !== ""
      ? [invalid(at, "resource", "datasetName and datasetUUID can not be specified simultaneously")]
      : []),
    ...(name.includes("/") ? [invalid(`${at}.datasetName`, name, "must not contain '/'")] : [])
  ]
}

const flexVolume: Rule = (source, at) => [
  ...missing(source, at, "driver"),
  ...Object.keys(mapping(source, "options"))
    .filter((key) =>
      /\.(kubernetes|k8s)\.io$/.test(`.${(key.includes("/") ? key.slice(0, key.indexOf("/")) : key).toLowerCase()}`)
    )
    .map((key) => invalid(`${at}.options[${key}]`, key, "kubernetes.io and k8s.io namespaces are reserved"))
]

const cachingModes = ["None", "ReadOnly", "ReadWrite"]
const diskKinds = ["Dedicated", "Managed", "Shared"]
const MANAGED_URI = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
const BLOB_URI = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"

const azureDisk: Rule = (source, at) => {
  const [mode, kind, uri] = [text(source, "cachingMode"), text(source, "kind"), text(source, "diskURI")]
  const managed = kind === "Managed"
  return [
    ...missing(source, at, "diskName", "diskURI"),
    ...(cachingModes.includes(mode) ? [] : [notSupported(`${at}.cachingMode`, mode, cachingModes)]),
    ...(diskKinds.includes(kind) ? [] : [notSupported(`${at}.kind`, kind, diskKinds)]),
    ...(managed && !uri.startsWith("/subscriptions/") ? [notSupported(`${at}.diskURI`, uri, [MANAGED_URI])] : []),
    ...(!managed && !uri.startsWith("https://") ? [notSupported(`${at}.diskURI`, uri, [BLOB_URI])] : [])
  ]
}

const storageos: Rule = (source, at) => {
  const label = (field: string): ReadonlyArray<FieldError> => {
    const name = text(source, field)
    return name === "" ? [] : dns1123Label(name).map((message) => invalid(`${at}.${field}`, name, message))
  }
  return [
    ...missing(source, at, "volumeName"),
    ...label("volumeName"),
    ...label("volumeNamespace"),
    ...secretErrors(source, at)
  ]
}

const MAX_DRIVER = 63

const csi: Rule = (source, at) => {
  const [driver, secret] = [text(source, "driver"), source["nodePublishSecretRef"]]
  const secretName = isJsonObject(secret) ? text(secret, "name") : undefined
  const ofSecret = (name: string): ReadonlyArray<FieldError> =>
    name === ""
      ? [required(`${at}.nodePublishSecretRef.name`)]
      : dns1123Subdomain(name).map((message) => invalid(`${at}.name`, name, message))
  return [
    ...missing(source, at, "driver"),
    ...(driver.length > MAX_DRIVER ? [tooLong(`${at}.driver`, MAX_DRIVER)] : []),
    ...(driver === ""
      ? []
      : dns1123Subdomain(driver.toLowerCase()).map((message) => invalid(`${at}.driver`, driver, message))),
    ...(secretName === undefined ? [] : ofSecret(secretName))
  ]
}

const monitors: Rule = (source, at) => (list(source, "monitors").length === 0 ? [required(`${at}.monitors`)] : [])

/** By the name of the source. */
export const networkVolumes: { readonly [source: string]: Rule } = {
  gcePersistentDisk: (source, at) => [...missing(source, at, "pdName"), ...partition(source, at)],
  awsElasticBlockStore: (source, at) => [...missing(source, at, "volumeID"), ...partition(source, at)],
  nfs: (source, at) => {
    const path = text(source, "path")
    return [
      ...missing(source, at, "server", "path"),
      ...(path.startsWith("/") ? [] : [invalid(`${at}.path`, path, "must be an absolute path")])
    ]
  },
  iscsi,
  glusterfs: needs("endpoints", "path"),
  flocker,
  rbd: (source, at) => [...monitors(source, at), ...missing(source, at, "image")],
  cinder: (source, at) => [...missing(source, at, "volumeID"), ...secretErrors(source, at)],
  cephfs: monitors,
  quobyte,
  fc,
  flexVolume,
  azureFile: needs("secretName", "shareName"),
  vsphereVolume: needs("volumePath"),
  photonPersistentDisk: needs("pdID"),
  portworxVolume: needs("volumeID"),
  azureDisk,
  storageos,
  scaleIO: needs("gateway", "system", "volumeName"),
  csi
}
