/** kube-controller-manager: its controllers on one set of caches (`cmd/kube-controller-manager/app/controllermanager.go`). */
import { type ControllerName, controllerNames, type KubernetesRelease, latestRelease } from "@kubereel/core"
import type { ApiServer } from "../apiserver/ApiServer.ts"
import type { Store } from "../apiserver/Store.ts"
import { SharedInformers } from "../client/SharedInformers.ts"
import { type Decisions, decisions } from "../defect/Decisions.ts"
import type { Engine } from "../engine/Engine.ts"
import { stream } from "../engine/Random.ts"
import type { ControlPlaneProfile } from "../profile/ControlPlaneProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import { startAttachDetachController } from "./attachdetach/AttachDetachController.ts"
import type { ControllerContext } from "./ControllerContext.ts"
import { startCronJobController } from "./cronjob/CronJobController.ts"
import { startDaemonSetController } from "./daemon/DaemonSetController.ts"
import { startDeploymentController } from "./deployment/DeploymentController.ts"
import { startDisruptionController } from "./disruption/DisruptionController.ts"
import { startEndpointController } from "./endpoint/EndpointController.ts"
import { startEndpointSliceController } from "./endpointslice/EndpointSliceController.ts"
import { startEndpointSliceMirroringController } from "./endpointslicemirroring/EndpointSliceMirroringController.ts"
import { startEphemeralController } from "./ephemeral/EphemeralController.ts"
import { startGarbageCollector } from "./garbagecollector/GarbageCollector.ts"
import { startJobController } from "./job/JobController.ts"
import { startNamespaceController } from "./namespace/NamespaceController.ts"
import { startNodeLifecycleController } from "./nodelifecycle/NodeLifecycleController.ts"
import { startPersistentVolumeController } from "./persistentvolume/PersistentVolumeController.ts"
import { startHorizontalController } from "./podautoscaler/HorizontalController.ts"
import { startPodGCController } from "./podgc/PodGCController.ts"
import { startPVCProtectionController } from "./pvcprotection/PVCProtectionController.ts"
import { startPVProtectionController } from "./pvprotection/PVProtectionController.ts"
import { startReplicaSetController } from "./replicaset/ReplicaSetController.ts"
import { startReplicationController } from "./replication/ReplicationController.ts"
import { startResourceQuotaController } from "./resourcequota/ResourceQuotaController.ts"
import { startRootCACertPublisher } from "./rootcacertpublisher/Publisher.ts"
import { startServiceAccountsController } from "./serviceaccount/ServiceAccountsController.ts"
import { startStatefulSetController } from "./statefulset/StatefulSetController.ts"
import { startTaintEvictionController } from "./tainteviction/TaintEvictionController.ts"
import { startTTLAfterFinishedController } from "./ttlafterfinished/TTLAfterFinishedController.ts"
import { startExpandController } from "./volumeexpand/ExpandController.ts"

export interface ControllerManagerOptions {
  readonly engine: Engine
  readonly seed: number
  readonly api: ApiServer
  readonly store: Store
  readonly profile: ControlPlaneProfile
  /** The latest if absent. */
  readonly release?: KubernetesRelease
  /** Controllers with caches of their own, as in processes of their own; none if absent. */
  readonly apart?: ReadonlySet<string>
  /** Of no pod if absent. */
  readonly podMetrics?: ControllerContext["podMetrics"]
  /** As Kubernetes decides if absent. */
  readonly decide?: Decisions
}

/** In the order in which Kubernetes names them; each subscribes to what it watches, and is asked no more. */
const controllers: { readonly [name in ControllerName]: (context: ControllerContext) => void } = {
  "deployment-controller": startDeploymentController,
  "replicaset-controller": startReplicaSetController,
  "replicationcontroller-controller": startReplicationController,
  "statefulset-controller": startStatefulSetController,
  "daemonset-controller": startDaemonSetController,
  "job-controller": startJobController,
  "cronjob-controller": startCronJobController,
  "ttl-after-finished-controller": startTTLAfterFinishedController,
  "garbage-collector-controller": startGarbageCollector,
  "namespace-controller": startNamespaceController,
  "node-lifecycle-controller": startNodeLifecycleController,
  "taint-eviction-controller": startTaintEvictionController,
  "pod-garbage-collector-controller": startPodGCController,
  "disruption-controller": startDisruptionController,
  "endpoints-controller": startEndpointController,
  "endpointslice-controller": startEndpointSliceController,
  "endpointslice-mirroring-controller": startEndpointSliceMirroringController,
  "serviceaccount-controller": startServiceAccountsController,
  "root-ca-certificate-publisher-controller": startRootCACertPublisher,
  "resourcequota-controller": startResourceQuotaController,
  "horizontal-pod-autoscaler-controller": startHorizontalController,
  "persistentvolume-binder-controller": startPersistentVolumeController,
  "persistentvolumeclaim-protection-controller": startPVCProtectionController,
  "persistentvolume-protection-controller": startPVProtectionController,
  "persistentvolume-attach-detach-controller": startAttachDetachController,
  "persistentvolume-expander-controller": startExpandController,
  "ephemeral-volume-controller": startEphemeralController
}

/** What the controllers know, and how late it is. */
export interface ControllerCaches {
  /** Of the process that all others share. */
  readonly shared: SharedInformers
  /** Of the controllers that run apart. */
  readonly own: ReadonlyMap<string, SharedInformers>
}

export const startControllerManager = (options: ControllerManagerOptions): ControllerCaches => {
  const { apart = new Set(), engine, podMetrics = () => undefined, profile, seed, store } = options
  const { decide = decisions, release = latestRelease } = options
  const cachesOf = (process: string): SharedInformers => {
    const entity = `${process}/informers`
    const random = stream(seed, entity)
    return new SharedInformers({
      ...{ engine, store, entity },
      delay: () => quantile(profile.controllers.watch, random.next()),
      arrives: (change, object) => decide.arrives(entity, change, object)
    })
  }
  const shared = cachesOf("kube-controller-manager")
  const own = new Map([...apart].map((name) => [name, cachesOf(name)]))
  for (const name of controllerNames)
    controllers[name]({ ...options, informers: own.get(name) ?? shared, release, podMetrics, decide })
  return { shared, own }
}
