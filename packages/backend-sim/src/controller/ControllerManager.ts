/** kube-controller-manager: its controllers on one set of caches (`cmd/kube-controller-manager/app/controllermanager.go`). */
import { type KubernetesRelease, latestRelease } from "@kubereel/core"
import type { ApiServer } from "../apiserver/ApiServer.ts"
import type { Store } from "../apiserver/Store.ts"
import { SharedInformers } from "../client/SharedInformers.ts"
import type { Engine } from "../engine/Engine.ts"
import { stream } from "../engine/Random.ts"
import type { ControlPlaneProfile } from "../profile/ControlPlaneProfile.ts"
import { quantile } from "../profile/quantiles.ts"
import type { ControllerContext } from "./ControllerContext.ts"
import { startCronJobController } from "./cronjob/CronJobController.ts"
import { startDaemonSetController } from "./daemon/DaemonSetController.ts"
import { startDeploymentController } from "./deployment/DeploymentController.ts"
import { startDisruptionController } from "./disruption/DisruptionController.ts"
import { startEndpointSliceController } from "./endpointslice/EndpointSliceController.ts"
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
import { startResourceQuotaController } from "./resourcequota/ResourceQuotaController.ts"
import { startStatefulSetController } from "./statefulset/StatefulSetController.ts"
import { startTaintEvictionController } from "./tainteviction/TaintEvictionController.ts"
import { startTTLAfterFinishedController } from "./ttlafterfinished/TTLAfterFinishedController.ts"

export interface ControllerManagerOptions {
  readonly engine: Engine
  readonly seed: number
  readonly api: ApiServer
  readonly store: Store
  readonly profile: ControlPlaneProfile
  /** The latest if absent. */
  readonly release?: KubernetesRelease
  /** Of no pod if absent. */
  readonly podMetrics?: ControllerContext["podMetrics"]
}

/** In the order in which Kubernetes names them; each subscribes to what it watches, and is asked no more. */
const controllers: ReadonlyArray<(context: ControllerContext) => void> = [
  startDeploymentController,
  startReplicaSetController,
  startStatefulSetController,
  startDaemonSetController,
  startJobController,
  startCronJobController,
  startTTLAfterFinishedController,
  startGarbageCollector,
  startNamespaceController,
  startNodeLifecycleController,
  startTaintEvictionController,
  startPodGCController,
  startDisruptionController,
  startEndpointSliceController,
  startResourceQuotaController,
  startHorizontalController,
  startPersistentVolumeController,
  startPVCProtectionController,
  startPVProtectionController
]

/** Starts all of them; returns their caches, whose watches can be held up. */
export const startControllerManager = (options: ControllerManagerOptions): SharedInformers => {
  const { engine, podMetrics = () => undefined, profile, release = latestRelease, seed, store } = options
  const random = stream(seed, "kube-controller-manager/informers")
  const informers = new SharedInformers({
    engine,
    store,
    entity: "kube-controller-manager/informers",
    delay: () => quantile(profile.controllers.watch, random.next())
  })
  for (const start of controllers) start({ ...options, informers, release, podMetrics })
  return informers
}
