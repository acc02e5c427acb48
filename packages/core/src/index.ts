/** The model of a cluster, in the order in which to read it. */

// Facts.

export * from "./event/Json.ts"
export * from "./event/Instant.ts"
export * from "./event/duration.ts"
export * from "./event/KubernetesObject.ts"
export * from "./event/Quantity.ts"
export * from "./event/nearest.ts"
export * from "./event/sha256.ts"
export * from "./event/resourceVersion.ts"
export * from "./event/PodEvent.ts"
export * from "./event/ClusterEvent.ts"
export * from "./event/encode.ts"

// What is true.

export { type Condition, type Container, initialPod, type Overlay, type Pod } from "./state/Pod.ts"
export * from "./state/evolve.ts"
export * from "./state/parsePod.ts"
export * from "./state/Cluster.ts"
export * as Replay from "./state/Replay.ts"

// What people look at.

export * from "./view/render.ts"
export * from "./view/derive.ts"
export * from "./view/snapshot.ts"
export * from "./view/unfold.ts"
export * from "./view/humanDuration.ts"
export * from "./view/podColumns.ts"
export * from "./view/watchLines.ts"
export * from "./view/redact.ts"
export {
  timeline,
  onlyPod,
  upTo,
  type Timeline,
  type TimelineLife,
  type TimelineMoment,
  type TimelineNote
} from "./view/timeline.ts"
export { objectsAt } from "./view/timelineAt.ts"
export { renderTimeline, type TextOptions, type TimelineTextOptions } from "./view/timelineText.ts"
export * from "./view/compare/Comparison.ts"
export { defaultTolerance, type Tolerance } from "./view/compare/tolerance.ts"
export { type History, HistoryBuilder, historyOf } from "./view/compare/History.ts"
export { compare, compareHistories, type CompareOptions } from "./view/compare/compare.ts"
export { renderComparison, type ComparisonTextOptions } from "./view/compare/renderComparison.ts"
export { type Outline, outlineOf } from "./view/similarity/Outline.ts"
export { type Score, score, spreadOf } from "./view/similarity/score.ts"
export { type Calibration, Calibrator, calibrate, type Measurement } from "./view/calibrate/calibrate.ts"
export { type Estimate, notToldApart } from "./view/calibrate/estimates.ts"
export { profileDocument } from "./view/calibrate/profileDocument.ts"
export { renderCalibration } from "./view/calibrate/renderCalibration.ts"
export type { Distribution } from "./view/calibrate/samples.ts"
export { renderSideBySide, sideBySide, type SideBySideOptions } from "./view/sideBySide.ts"

// What happens next.

export * from "./decide/apiserver/status.ts"
export * from "./decide/apiserver/decodeObject.ts"
export * from "./decide/apiserver/createPod.ts"
export * from "./decide/apiserver/qosClass.ts"
export * from "./decide/apiserver/validatePod.ts"
export * from "./decide/apiserver/bindPod.ts"
export * from "./decide/apiserver/updatePod.ts"
export * from "./decide/apiserver/updateObject.ts"
export * from "./decide/apiserver/patchObject.ts"
export * from "./decide/apiserver/admitPodResize.ts"
export * from "./decide/apiserver/evictPod.ts"
export * from "./decide/apiserver/execLocation.ts"
export * from "./decide/apiserver/execStatus.ts"
export * from "./decide/apiserver/notSimulated.ts"
export * from "./decide/apiserver/beforeDelete.ts"
export * from "./decide/apiserver/parseImageName.ts"
export * from "./decide/apiserver/configObjects.ts"
export * from "./decide/client/correlateEvents.ts"
export {
  isNode,
  isTerminal,
  type NodeInfo,
  nodeInfoOf,
  type NodeObject,
  type PodInfo,
  podInfoOf,
  type Taint
} from "./decide/scheduler/NodeInfo.ts"
export { minus, plus, podRequests, type Resources, resourcesOf } from "./decide/scheduler/Resources.ts"
export type { ClusterChange, FilterPlugin, PluginName, Rejection, ScorePlugin } from "./decide/scheduler/Plugin.ts"
export { isWorthRequeuing, rejectionOf, totalScores } from "./decide/scheduler/plugins.ts"
export * from "./decide/scheduler/orderNodes.ts"
export * from "./decide/scheduler/schedulePod.ts"
export * from "./decide/scheduler/fitError.ts"
export * from "./decide/scheduler/podScheduled.ts"
export * from "./decide/kubelet/featureGates.ts"
export * from "./decide/kubelet/containerEvents.ts"
export * from "./decide/kubelet/dropDisabledStatus.ts"
export * from "./decide/kubelet/RuntimeStatus.ts"
export * from "./decide/kubelet/prober/ProbeResults.ts"
export * from "./decide/kubelet/criticalPod.ts"
export * from "./decide/kubelet/config/staticPod.ts"
export * from "./decide/kubelet/disruptionTarget.ts"
export * from "./decide/kubelet/preemption.ts"
export * from "./decide/kubelet/eviction/Threshold.ts"
export * from "./decide/kubelet/eviction/Stats.ts"
export * from "./decide/kubelet/eviction/synchronize.ts"
export * from "./decide/kubelet/eviction/rankPods.ts"
export * from "./decide/kubelet/eviction/evictionMessage.ts"
export * from "./decide/kubelet/eviction/localStorage.ts"
export * from "./decide/kubelet/eviction/pressure.ts"
export * from "./decide/kubelet/nodestatus/nodeConditions.ts"
export * from "./decide/kubelet/nodestatus/pressureConditions.ts"
export * from "./decide/kubelet/lifecycle/PodAdmitHandler.ts"
export * from "./decide/kubelet/lifecycle/admitPod.ts"
export * from "./decide/kubelet/lifecycle/rejectPod.ts"
export * from "./decide/kubelet/containerRestart.ts"
export * from "./decide/kubelet/definitionHash.ts"
export * from "./decide/kubelet/shouldContainerBeRestarted.ts"
export * from "./decide/kubelet/podSandboxChanged.ts"
export * from "./decide/kubelet/PodActions.ts"
export * from "./decide/kubelet/terminationOrdering.ts"
export * from "./decide/kubelet/computePodActions.ts"
export * from "./decide/kubelet/crashBackOff.ts"
export * from "./decide/kubelet/retryDelay.ts"
export * from "./decide/kubelet/findContainerSpec.ts"
export * from "./decide/kubelet/gracePeriod.ts"
export * from "./decide/kubelet/lifecycleHook.ts"
export * from "./decide/kubelet/httpHook.ts"
export * from "./decide/kubelet/terminationMessage.ts"
export * from "./decide/kubelet/activeDeadline.ts"
export * from "./decide/kubelet/podPhase.ts"
export * from "./decide/kubelet/containerStatuses.ts"
export * from "./decide/kubelet/conditions.ts"
export * from "./decide/kubelet/cgroup.ts"
export * from "./decide/kubelet/resize/Allocation.ts"
export * from "./decide/kubelet/resize/ResizeConditions.ts"
export * from "./decide/kubelet/resize/resizeMessage.ts"
export * from "./decide/kubelet/resize/computePodResizeAction.ts"
export * from "./decide/kubelet/resize/sortPendingResizes.ts"
export * from "./decide/kubelet/resize/memoryResizeError.ts"
export * from "./decide/kubelet/podResources.ts"
export * from "./decide/kubelet/containerUser.ts"
export * from "./decide/kubelet/generateAPIPodStatus.ts"
export * from "./decide/kubelet/updateStatus.ts"
export * from "./decide/kubelet/mergePodStatus.ts"
export * from "./decide/kubelet/terminatePod.ts"
export * from "./decide/kubelet/objectReferences.ts"
export * from "./decide/kubelet/makeEnvironmentVariables.ts"
export * from "./decide/kubelet/securityContext.ts"
export * from "./decide/kubelet/volumes/hostPath.ts"
export * from "./decide/kubelet/volumes/setUpVolume.ts"
export * from "./decide/kubelet/volumes/volumeBackOff.ts"
export * from "./decide/kubelet/volumes/volumeNames.ts"
export * from "./decide/kubelet/images/imageBackOff.ts"
export * from "./decide/kubelet/images/imageWords.ts"
export * from "./decide/kubelet/images/pullCredentials.ts"
export * from "./decide/kubelet/images/pulledRecords.ts"
export * from "./decide/kubelet/images/registryError.ts"
export * from "./decide/kubelet/images/tokenBucket.ts"
export * from "./decide/kubelet/notRegistered.ts"

// What must hold in every history.

export { type PodLaw, type PodLife, podLives } from "./property/PodLaw.ts"
export { podLaws } from "./property/podLaws.ts"
export { type Check, violations } from "./property/check.ts"

// What the outside must offer, and what it is asked for.

export * from "./port/Program.ts"
export * from "./port/KubeletConfiguration.ts"
export * from "./port/Scenario.ts"
export * from "./port/glob.ts"
export * from "./port/notSimulatedScenario.ts"
export { ScenarioDocument, scenarioJsonSchema } from "./port/ScenarioSchema.ts"
export * from "./port/scenarioProblems.ts"
export * from "./port/decodeScenario.ts"
export * from "./port/EventLog.ts"
export * as EventLogMemory from "./port/EventLogMemory.ts"
export * from "./port/ClusterBackend.ts"
export * from "./port/play.ts"
export * as ReplayBackend from "./port/ReplayBackend.ts"
