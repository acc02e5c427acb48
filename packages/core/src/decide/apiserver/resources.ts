/** The kinds that the API server serves, each with its strategy (`pkg/controlplane/instance.go`, the storage providers of each group). */
import { daemonSet } from "./apps/daemonSet.ts"
import { deployment } from "./apps/deployment.ts"
import { replicaSet } from "./apps/replicaSet.ts"
import { controllerRevision, statefulSet } from "./apps/statefulSet.ts"
import { horizontalPodAutoscaler } from "./autoscaling/horizontalPodAutoscaler.ts"
import { cronJob } from "./batch/cronJob.ts"
import { job } from "./batch/job.ts"
import { certificateSigningRequest } from "./certificates/certificateSigningRequest.ts"
import { configMap, secret, serviceAccount } from "./core/configObjects.ts"
import { endpoints } from "./core/endpoints.ts"
import { namespace } from "./core/namespace.ts"
import { node } from "./core/node.ts"
import { persistentVolume } from "./core/persistentVolume.ts"
import { persistentVolumeClaim } from "./core/persistentVolumeClaim.ts"
import { replicationController } from "./core/replicationController.ts"
import { limitRange, resourceQuota } from "./core/resourceQuota.ts"
import { service } from "./core/service.ts"
import { endpointSlice } from "./discovery/endpointSlice.ts"
import { keptKind } from "./keptKinds.ts"
import { fault } from "./kubereel/fault.ts"
import { runtimeClass } from "./node/runtimeClass.ts"
import { podDisruptionBudget } from "./policy/podDisruptionBudget.ts"
import { type ApiResource, plain, type RestStrategy } from "./RestStrategy.ts"
import { priorityClass } from "./scheduling/priorityClass.ts"
import { csiDriver, csiNode, volumeAttachment } from "./storage/csi.ts"
import { storageClass } from "./storage/storageClass.ts"

const served = [
  ...[namespace, node, configMap, secret, serviceAccount],
  ...[persistentVolume, persistentVolumeClaim, storageClass],
  ...[csiDriver, csiNode, volumeAttachment],
  ...[service, endpoints, endpointSlice],
  ...[resourceQuota, limitRange, priorityClass, runtimeClass],
  ...[deployment, replicaSet, replicationController, statefulSet, daemonSet, controllerRevision],
  podDisruptionBudget,
  ...[job, cronJob],
  horizontalPodAutoscaler,
  certificateSigningRequest,
  plain({ group: "", version: "v1", resource: "events", kind: "Event", namespaced: true }),
  plain({ group: "coordination.k8s.io", version: "v1", resource: "leases", kind: "Lease", namespaced: true })
]

const byKind = new Map(served.map((strategy) => [strategy.resource.kind, strategy]))

/** Kubernetes' own, and ours. */
const known = (kind: string): RestStrategy | undefined =>
  byKind.get(kind) ?? keptKind(kind) ?? (kind === fault.resource.kind ? fault : undefined)

/** Pods have paths of their own (`createPod`, `updatePod`): their strategy is more than a table. */
const pod: ApiResource = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true }

/** Kinds of which nothing is known are kept as they are given, under the plural that most kinds have. */
export const strategyOf = (kind: string): RestStrategy => known(kind) ?? plain(apiResource(kind))

/** Those that something acts upon, in the order of the table above. */
export const servedKinds = (): ReadonlyArray<string> => ["Pod", ...byKind.keys()]

export const apiResource = (kind: string): ApiResource =>
  kind === "Pod"
    ? pod
    : (known(kind)?.resource ?? {
        group: "",
        version: "v1",
        resource: `${kind.toLowerCase()}s`,
        kind,
        namespaced: true
      })
