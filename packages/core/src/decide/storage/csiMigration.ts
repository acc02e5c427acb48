/** Disks of old, whose drivers are CSI's today (`k8s.io/csi-translation-lib`; CSIMigration is complete for all of them). */
import type { JsonObject } from "../../event/Json.ts"
import { mapping, text } from "../apiserver/fields.ts"

interface Migration {
  /** `kubernetes.io/gce-pd`. */
  readonly inTree: string
  readonly driver: string
  /** What the driver calls the volume of such a source. */
  readonly handle: (source: JsonObject) => string
}

const field = (name: string) => (source: JsonObject) => text(source, name)

/** AWS' volumes may be named with their zone, `aws://us-east-1a/vol-1`. */
const ebsHandle = (source: JsonObject): string => text(source, "volumeID").replace(/^aws:\/\/.*\//, "")

/** By the field of the volume. */
const migrations: { readonly [source: string]: Migration } = {
  gcePersistentDisk: {
    inTree: "kubernetes.io/gce-pd",
    driver: "pd.csi.storage.gke.io",
    handle: (source) => `projects/UNSPECIFIED/zones/UNSPECIFIED/disks/${text(source, "pdName")}`
  },
  awsElasticBlockStore: { inTree: "kubernetes.io/aws-ebs", driver: "ebs.csi.aws.com", handle: ebsHandle },
  azureDisk: { inTree: "kubernetes.io/azure-disk", driver: "disk.csi.azure.com", handle: field("diskURI") },
  azureFile: {
    inTree: "kubernetes.io/azure-file",
    driver: "file.csi.azure.com",
    handle: (source) => `#${text(source, "secretName")}#${text(source, "shareName")}#`
  },
  cinder: { inTree: "kubernetes.io/cinder", driver: "cinder.csi.openstack.org", handle: field("volumeID") },
  vsphereVolume: {
    inTree: "kubernetes.io/vsphere-volume",
    driver: "csi.vsphere.vmware.com",
    handle: field("volumePath")
  },
  portworxVolume: { inTree: "kubernetes.io/portworx-volume", driver: "pxd.portworx.com", handle: field("volumeID") }
}

/** The driver that does what a provisioner of the tree did; `undefined`: it is none. */
export const migratedDriver = (provisioner: string): string | undefined =>
  Object.values(migrations).find(({ inTree }) => inTree === provisioner)?.driver

/** How a disk that a pod names itself is called once a driver has to do with it. */
export const inlineName = (volume: JsonObject): string => {
  const source = Object.keys(migrations).find((name) => volume[name] != null) ?? ""
  const its = mapping(volume, source)
  const name = text(its, "pdName") || text(its, "diskName") || text(its, "volumeID") || text(its, "volumePath")
  return `${migrations[source]?.driver ?? ""}-${name}`
}

export interface CsiVolume {
  readonly driver: string
  readonly handle: string
}

/** What a driver is asked for, of a volume's spec or of a PersistentVolume's; `undefined`: no driver is. */
export const csiVolumeOf = (spec: JsonObject): CsiVolume | undefined => {
  const csi = mapping(spec, "csi")
  if (spec["csi"] != null) return { driver: text(csi, "driver"), handle: text(csi, "volumeHandle") }
  const source = Object.keys(migrations).find((name) => spec[name] != null)
  const migration = migrations[source ?? ""]
  return migration === undefined || source === undefined
    ? undefined
    : { driver: migration.driver, handle: migration.handle(mapping(spec, source)) }
}
