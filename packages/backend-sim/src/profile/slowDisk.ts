/**
 * A machine whose disk is busy: what waits for a disk takes several times as long as on the default one, the rest as long.
 *
 * Not measured: factors upon what was. etcd flushes each write to disk; the runtime unpacks, mounts and links files for a sandbox
 * and for each container; images are written as they arrive.
 */
import { type ControlPlaneProfile, rigControlPlane } from "./ControlPlaneProfile.ts"
import { type NodeProfile, rigProfile } from "./NodeProfile.ts"
import type { Quantiles } from "./quantiles.ts"

/** A write that etcd has to flush. */
const FLUSH = 12
/** Many small files. */
const FILES = 5

const times = (factor: number, [min, median, p95, max]: Quantiles): Quantiles => [
  min * factor,
  median * factor,
  p95 * factor,
  max * factor
]

const { apiWrite, containerCreate, containerStart, eventWrite, podCleanup, sandboxCreate, sandboxStop } = rigProfile
const { imagePull, statusPatch, volumeMount, volumeUnmount } = rigProfile

export const slowDisk: NodeProfile = {
  ...rigProfile,
  name: "slow-disk",
  apiWrite: times(FLUSH, apiWrite),
  statusPatch: times(FLUSH, statusPatch),
  eventWrite: times(FLUSH, eventWrite),
  // Polled every 300 ms: three rounds more.
  volumeMount: times(4, volumeMount),
  sandboxCreate: times(FILES, sandboxCreate),
  sandboxStop: times(FILES, sandboxStop),
  containerCreate: times(FILES, containerCreate),
  containerStart: times(FILES, containerStart),
  volumeUnmount: times(FILES, volumeUnmount),
  podCleanup: times(FILES, podCleanup),
  imagePull: times(FILES, imagePull)
}

const { bind, event, patch } = rigControlPlane.scheduler
const { client, controllers } = rigControlPlane

export const slowDiskControlPlane: ControlPlaneProfile = {
  ...rigControlPlane,
  scheduler: {
    ...rigControlPlane.scheduler,
    bind: times(FLUSH, bind),
    patch: times(FLUSH, patch),
    event: times(FLUSH, event)
  },
  controllers: {
    ...controllers,
    request: times(FLUSH, controllers.request),
    createPod: times(FLUSH, controllers.createPod),
    event: times(FLUSH, controllers.event)
  },
  client: { request: times(FLUSH, client.request) }
}
