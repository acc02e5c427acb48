/** What drivers of storage and those who ask them write (`pkg/registry/storage/{csidriver,csinode,volumeattachment}/strategy.go`, `pkg/apis/storage/v1/defaults.go`). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping } from "../fields.ts"
import { type ApiResource, plain, withStatus } from "../RestStrategy.ts"

const storage = (resource: string, kind: string): ApiResource => ({
  group: "storage.k8s.io",
  version: "v1",
  resource,
  kind,
  namespaced: false
})

const driverDefaults = {
  attachRequired: true,
  podInfoOnMount: false,
  storageCapacity: false,
  fsGroupPolicy: "ReadWriteOnceWithFSType",
  volumeLifecycleModes: ["Persistent"],
  requiresRepublish: false,
  seLinuxMount: false
}

const createDriver = (given: JsonObject): JsonObject => ({
  ...given,
  spec: { ...driverDefaults, ...mapping(given, "spec") }
})

export const csiDriver = plain(storage("csidrivers", "CSIDriver"), createDriver)
export const csiNode = plain(storage("csinodes", "CSINode"))
export const volumeAttachment = withStatus({
  resource: storage("volumeattachments", "VolumeAttachment"),
  hasGeneration: false,
  status: { attached: false }
})
