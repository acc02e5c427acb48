/** The model of a cluster, in the order in which to read it. */

// Facts.

export * from "./event/Json.ts"
export * from "./event/Instant.ts"
export * from "./event/duration.ts"
export { startOf } from "./event/startOf.ts"
export * from "./event/KubernetesObject.ts"
export * from "./event/BatchObjects.ts"
export * from "./event/Quantity.ts"
export * from "./event/nearest.ts"
export * from "./event/sha256.ts"
export { base64OfText, textOfBase64 } from "./event/base64.ts"
export * from "./event/resourceVersion.ts"
export * from "./event/PodEvent.ts"
export * from "./event/ClusterEvent.ts"
export * from "./event/encode.ts"
export * from "./event/identity.ts"

// What is true.

export { type Condition, type Container, initialPod, type Overlay, type Pod } from "./state/Pod.ts"
export * from "./state/evolve.ts"
export * from "./state/parsePod.ts"
export * from "./state/Cluster.ts"
export * from "./state/Inventory.ts"
export * as Replay from "./state/Replay.ts"

// What people look at.

export * from "./view/gapWords.ts"
export * from "./view/render.ts"
export * from "./view/derive.ts"
export * from "./view/snapshot.ts"
export * from "./view/unfold.ts"
export * from "./view/humanDuration.ts"
export * from "./view/podColumns.ts"
export * from "./view/print/printTable.ts"
export * from "./view/watchLines.ts"
export * from "./view/redact.ts"
export {
  horizonText,
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
export { programScripts } from "./view/compare/withoutScript.ts"
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
export { renderScheduling } from "./why/renderScheduling.ts"
export { type NumberedEvent, type Scheduling, schedulingOf } from "./why/schedulingOf.ts"
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
export { jsonPatch } from "./decide/apiserver/jsonPatch.ts"
export { applyPatch, isThere } from "./decide/client/applyPatch.ts"
export { createTwoWayMergePatch } from "./decide/client/createTwoWayMergePatch.ts"
export { mergePatch } from "./decide/apiserver/mergePatch.ts"
export * from "./decide/apiserver/patchObject.ts"
export { duplicateFields } from "./decide/apiserver/duplicateFields.ts"
export { type FieldValidation, readBody } from "./decide/apiserver/readBody.ts"
export {
  expiredList,
  tooLargeResourceVersion,
  tooOldResourceVersion
} from "./decide/apiserver/resourceVersionErrors.ts"
export { strategicMergePatch } from "./decide/apiserver/strategicMergePatch.ts"
export * from "./decide/apiserver/admitPodResize.ts"
export * from "./decide/apiserver/evictPod.ts"
export * from "./decide/apiserver/execLocation.ts"
export * from "./decide/apiserver/execStatus.ts"
export { invalidPodLogOptions } from "./decide/apiserver/podLogOptions.ts"
export * from "./decide/apiserver/notSimulated.ts"
export * from "./decide/apiserver/beforeDelete.ts"
export * from "./decide/apiserver/parseImageName.ts"
export { defaultAccount, namespaceObjects, rootCertificate } from "./decide/apiserver/core/configObjects.ts"
export { brokenLimitRange } from "./decide/apiserver/admission/limitRanger.ts"
export {
  namespaceSecurityWarnings,
  podSecurityWarnings,
  templateSecurityWarnings,
  violatesPodSecurity
} from "./decide/apiserver/admission/podSecurity.ts"
export { refusedOverhead, runtimeClassName } from "./decide/apiserver/admission/runtimeClass.ts"
export { chargeQuotas, type QuotaRequest } from "./decide/apiserver/admission/resourceQuota.ts"
export type { PriorityClass } from "./decide/apiserver/podAdmission.ts"
export { entries, mapping, specOf, statusOf, textsOf } from "./decide/apiserver/fields.ts"
export * from "./decide/storage/bindVolume.ts"
export { migratedDriver } from "./decide/storage/csiMigration.ts"
export { findBestMatch, hasOtherMode, unsatisfied } from "./decide/storage/findMatchingVolume.ts"
export { isReachable } from "./decide/storage/nodeAffinity.ts"
export * from "./decide/storage/isPodTerminated.ts"
export { classOf, defaultClass, hasClass } from "./decide/apiserver/storage/storageClass.ts"
export { deleteNamespace, refusedByTermination } from "./decide/apiserver/core/namespace.ts"
export { allocateService } from "./decide/apiserver/core/service.ts"
export {
  allocationErrors,
  allocationRefusal,
  KUBERNETES_ADDRESS,
  SERVICE_CIDR,
  type ServiceAllocator
} from "./decide/apiserver/core/serviceAddresses.ts"
export * from "./decide/apiserver/createObject.ts"
export { fromAutoscalingV1, toAutoscalingV1 } from "./decide/apiserver/autoscaling/autoscalingV1.ts"
export { apiVersionOf } from "./decide/apiserver/apiTypes.ts"
export { createManagedFields } from "./decide/apiserver/managedfields/createManagedFields.ts"
export {
  type ManagedFields,
  type ManagedFieldsEntry,
  noManagedFields,
  startingFrom
} from "./decide/apiserver/managedfields/ManagedFields.ts"
export { applyObject, forceWithoutApply } from "./decide/apiserver/managedfields/applyObject.ts"
export { scaleManagedFields } from "./decide/apiserver/managedfields/scaleManagedFields.ts"
export { updateManagedFields } from "./decide/apiserver/managedfields/updateManagedFields.ts"
export * from "./decide/apiserver/resources.ts"
export { keptKind, keptKinds } from "./decide/apiserver/keptKinds.ts"
export { ORPHANING_WARNING, warningsOnCreate, warningsOnUpdate } from "./decide/apiserver/warnings/objectWarnings.ts"
export * from "./decide/storage/expandClaim.ts"
export { sentWarnings } from "./decide/apiserver/warnings/sentWarnings.ts"
export { type ApiResource, groupVersionOf, type RestStrategy } from "./decide/apiserver/RestStrategy.ts"
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
export {
  accumulate,
  minus,
  mutable,
  plus,
  podRequests,
  type Resources,
  resourcesOf
} from "./decide/scheduler/Resources.ts"
export type { ClusterChange, FilterPlugin, PluginName, Rejection, ScorePlugin } from "./decide/scheduler/Plugin.ts"
export { isWorthRequeuing, listeners } from "./decide/scheduler/plugins.ts"
export { NO_OBJECTS, type ObjectLookup, SchedulerCache } from "./decide/scheduler/SchedulerCache.ts"
export type { Candidate } from "./decide/scheduler/defaultPreemption.ts"
export * from "./decide/scheduler/explainSchedule.ts"
export { type Nomination, type Suggested, schedulePod, type Unschedulable } from "./decide/scheduler/schedulePod.ts"
export type { PodVolumes } from "./decide/scheduler/volumeBinding.ts"
export { volumesToBind } from "./decide/scheduler/volumes.ts"
export * from "./decide/scheduler/fitError.ts"
export * from "./decide/scheduler/podScheduled.ts"
export * from "./decide/kubelet/featureGates.ts"
export * from "./decide/kubelet/containerEvents.ts"
export * from "./decide/kubelet/containerLogs.ts"
export * from "./decide/kubelet/dropDisabledStatus.ts"
export * from "./decide/kubelet/RuntimeStatus.ts"
export * from "./decide/kubelet/containerRestart.ts"
export * from "./decide/kubelet/replies.ts"
export { candidates, fromHostsFile, nodeResolver, podResolver, type Resolver } from "./decide/kubelet/network/podDns.ts"
export { CLUSTER_DNS, clusterDns, type DnsRecords } from "./decide/dns/clusterDns.ts"
export { type ServicePort, servicePorts } from "./decide/proxy/ServicePort.ts"
export { type Endpoint, endpointsOf } from "./decide/proxy/Endpoint.ts"
export type { ProxyNode } from "./decide/proxy/categorizeEndpoints.ts"
export { type Route, route } from "./decide/proxy/route.ts"
export * from "./decide/kubelet/prober/ProbeOutcome.ts"
export * from "./decide/kubelet/prober/doProbe.ts"
export * from "./decide/kubelet/prober/execProbe.ts"
export * from "./decide/kubelet/prober/httpProbe.ts"
export * from "./decide/kubelet/prober/socketProbes.ts"
export { hostPort, type ProbeTarget, probeTarget } from "./decide/kubelet/prober/probeTarget.ts"
export * from "./decide/kubelet/prober/manualTriggers.ts"
export * from "./decide/kubelet/prober/setProbeResult.ts"
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
export * from "./decide/kubelet/nodeshutdown/groupByPriority.ts"
export * from "./decide/kubelet/nodeshutdown/shutdownGracePeriods.ts"
export * from "./decide/kubelet/nodeshutdown/shutdownStatus.ts"
export * from "./decide/kubelet/nodeLease.ts"
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
export * from "./decide/kubelet/runtimeErrors.ts"
export * from "./decide/kubelet/findContainerSpec.ts"
export * from "./decide/kubelet/gracePeriod.ts"
export * from "./decide/kubelet/lifecycleHook.ts"
export * from "./decide/kubelet/httpGet.ts"
export * from "./decide/kubelet/httpHook.ts"
export * from "./decide/kubelet/terminationMessage.ts"
export * from "./decide/kubelet/activeDeadline.ts"
export * from "./decide/kubelet/podPhase.ts"
export * from "./decide/kubelet/containerStatuses.ts"
export * from "./decide/kubelet/checkContainerStateTransition.ts"
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
export * from "./decide/kubelet/environmentValues.ts"
export * from "./decide/kubelet/makeEnvironmentVariables.ts"
export * from "./decide/kubelet/securityContext.ts"
export * from "./decide/kubelet/volumes/hostPath.ts"
export * from "./decide/kubelet/volumes/subPath.ts"
export * from "./decide/kubelet/volumes/setUpVolume.ts"
export * from "./decide/kubelet/volumes/volumeBackOff.ts"
export * from "./decide/kubelet/volumes/volumeNames.ts"
export * from "./decide/kubelet/images/imageBackOff.ts"
export * from "./decide/kubelet/images/imageVolumes.ts"
export * from "./decide/kubelet/images/imageWords.ts"
export * from "./decide/kubelet/images/pullCredentials.ts"
export * from "./decide/kubelet/images/pulledRecords.ts"
export * from "./decide/kubelet/images/registryError.ts"
export * from "./decide/kubelet/images/tokenBucket.ts"
export * from "./decide/kubelet/notRegistered.ts"
export { type CronSchedule, parseSchedule } from "./decide/controller/cronjob/CronSchedule.ts"
export * from "./decide/controller/cronjob/jobHistory.ts"
export * from "./decide/controller/cronjob/jobOfCronJob.ts"
export { mostRecentScheduleTime, nextScheduleDelay } from "./decide/controller/cronjob/scheduleTimes.ts"
export { unknownTimeZone } from "./decide/controller/cronjob/timeZone.ts"
export { hasBackoffLimitPerIndex, isIndexed } from "./decide/controller/job/indexedJob.ts"
export * from "./decide/controller/job/jobConditions.ts"
export * from "./decide/controller/job/jobOutcome.ts"
export { hasTrackingFinalizer, isManagedElsewhere, isSuspended } from "./decide/controller/job/jobPods.ts"
export * from "./decide/controller/job/managePods.ts"
export * from "./decide/controller/job/observeJob.ts"
export { type BackoffRecord, noFailures } from "./decide/controller/job/podBackoff.ts"
export * from "./decide/controller/job/podOfJob.ts"
export * from "./decide/controller/job/trackStatus.ts"
export * from "./decide/controller/ttlafterfinished/ttlLeft.ts"

// What must hold in every history.

export { check, Checker, type CheckerOptions } from "./property/Checker.ts"
export { BEGINNING_UNSEEN } from "./property/monitor/Monitor.ts"
export type { Outcome, Violation } from "./property/Outcome.ts"
export { goals } from "./property/goals.ts"
export { laws } from "./property/laws.ts"
export { refutedBeliefs } from "./property/refutedBeliefs.ts"
export * from "./property/language/operators.ts"
export * from "./property/language/relations.ts"
export * from "./property/language/assumptions.ts"
export { type Atom, asked, type Bind, type Evidence, type Formula, formulaJson } from "./property/language/Formula.ts"
export {
  type About,
  type Property,
  property,
  propertyJson,
  type Refutation,
  refuted,
  sometimes
} from "./property/language/Property.ts"
export { type Verdict, worse } from "./property/language/Verdict.ts"
export { withLeaves } from "./property/language/withLeaves.ts"
export { formulaText } from "./property/language/formulaText.ts"
export { type Explanation, explain, type MinimalScenario } from "./property/explain/explain.ts"
export { explanationJson } from "./property/explain/explanationJson.ts"
export { countText, nameText, renderExplanation } from "./property/explain/explanationText.ts"
export { Retelling, type Wanted } from "./property/explain/Retelling.ts"
export {
  type ContainerRole,
  ContainerSeen,
  container,
  containerWithEvents,
  containerWithNode
} from "./property/slice/container.ts"
export * as containerIs from "./property/vocabulary/container.ts"
export * as podIs from "./property/vocabulary/pod.ts"
export { NodeSeen, node, nodeWithLease, nodeWithPods } from "./property/slice/node.ts"
export { ObjectSeen, object } from "./property/slice/object.ts"
export { PodSeen, pod } from "./property/slice/pod.ts"
export { sandbox } from "./property/slice/sandbox.ts"
export type { Seen, SliceKind, Touched } from "./property/slice/Slice.ts"
export { WorkloadSeen, workload } from "./property/slice/workload.ts"
export { type Change, World } from "./property/slice/World.ts"
export { type Check, violations } from "./property/expected.ts"

// What the outside must offer, and what it is asked for.

export * from "./port/Program.ts"
export * from "./port/usualRun.ts"
export * from "./port/KubeletConfiguration.ts"
export * from "./port/Scenario.ts"
export * from "./port/glob.ts"
export * from "./port/notSimulatedScenario.ts"
export { usesClaims } from "./port/usesClaims.ts"
export { type ControllerName, controllerNames, isControllerName } from "./port/watchSchema.ts"
export { ScenarioDocument, scenarioJsonSchema } from "./port/ScenarioSchema.ts"
export * from "./port/scenarioProblems.ts"
export { manifestProblems } from "./decide/apiserver/manifestProblems.ts"
export * from "./port/decodeScenario.ts"
export * from "./port/EventLog.ts"
export * from "./port/ExpectedVersion.ts"
export * from "./port/appendContradicting.ts"
export * from "./port/appendStream.ts"
export { followed } from "./port/followed.ts"
export { foldTo, stateOf } from "./port/stateOf.ts"
export * as EventLogMemory from "./port/EventLogMemory.ts"
export * from "./port/ClusterBackend.ts"
export * from "./port/play.ts"
export * from "./port/ServedCluster.ts"
export type { ServedKubelet } from "./port/ServedKubelet.ts"
export type { LivingCluster } from "./port/LivingCluster.ts"
export { decodeFault, faultDefinition } from "./port/decodeFault.ts"
export * from "./port/served/builtInResources.ts"
export * from "./port/served/customResources.ts"
export * as ReplayBackend from "./port/ReplayBackend.ts"
export * from "./decide/client/labelSelector.ts"
export * from "./decide/controller/podAvailability.ts"
export * from "./decide/controller/updatePodCondition.ts"
export * from "./decide/controller/disruption/budgetStatus.ts"
export * from "./decide/controller/disruption/controllerScales.ts"
export * from "./decide/controller/nodelifecycle/nodeHealth.ts"
export * from "./decide/controller/nodelifecycle/reconcileLabels.ts"
export * from "./decide/controller/nodelifecycle/taints.ts"
export * from "./decide/controller/nodelifecycle/zoneState.ts"
export * from "./decide/controller/podautoscaler/calculateRequests.ts"
export {
  type HPAObject,
  isHPA,
  type MetricSpec,
  type MetricStatus
} from "./decide/controller/podautoscaler/HorizontalPodAutoscaler.ts"
export * from "./decide/controller/podautoscaler/hpaStatus.ts"
export * from "./decide/controller/podautoscaler/metricStatus.ts"
export * from "./decide/controller/podautoscaler/PodMetrics.ts"
export { type Proposal, proposeReplicas } from "./decide/controller/podautoscaler/replicaCalculator.ts"
export * from "./decide/controller/podautoscaler/scalingRules.ts"
export * from "./decide/controller/podautoscaler/unservedMetric.ts"
export * from "./decide/controller/podgc/collectPods.ts"
export * from "./decide/controller/tainteviction/evictionDelay.ts"
export * from "./decide/kubectl/drainFilters.ts"
export * from "./decide/controller/attachdetach/attachable.ts"
export * from "./decide/controller/persistentvolume/reclaim.ts"
export * from "./decide/controller/podOfTemplate.ts"
export * from "./decide/controller/rankPodsToDelete.ts"
export * from "./decide/controller/replicaset/calculateStatus.ts"
export * from "./decide/controller/replication/conversion.ts"
export * from "./decide/controller/computeHash.ts"
export * from "./decide/controller/namespace/namespaceConditions.ts"
export * from "./decide/controller/resourcequota/calculateUsage.ts"
export { replenishesQuota } from "./decide/quota/podEvaluator.ts"
export {
  CONTROLLER_NAME,
  MANAGED_BY,
  reconcileSlices,
  SERVICE_NAME,
  type SliceChanges
} from "./decide/controller/endpointslice/reconcileSlices.ts"
export { endpointsOfService, TRIGGER_TIME } from "./decide/controller/endpoint/endpointsOfService.ts"
export {
  isMirrored,
  MIRRORING_CONTROLLER,
  type Mirrored,
  mirrorEndpoints
} from "./decide/controller/endpointslicemirroring/mirrorEndpoints.ts"
export * from "./decide/controller/history/controllerHistory.ts"
export * from "./decide/controller/statefulset/claimOwners.ts"
export * from "./decide/controller/statefulset/statefulPod.ts"
export * from "./decide/controller/statefulset/statefulSetStatus.ts"
export * from "./decide/controller/daemon/daemonPod.ts"
export * from "./decide/controller/daemon/daemonSetStatus.ts"
export * from "./decide/controller/daemon/daemonsOnNode.ts"
export * from "./decide/controller/daemon/rollingUpdate.ts"
export {
  allOf,
  deploymentStatus,
  type Owned,
  sameDeploymentStatus
} from "./decide/controller/deployment/calculateStatus.ts"
export {
  conditionOf,
  PROGRESSING,
  pausedCondition,
  type Told,
  withTold
} from "./decide/controller/deployment/conditions.ts"
export * from "./decide/controller/deployment/Deployment.ts"
export { isRollingUpdate } from "./decide/controller/deployment/fenceposts.ts"
export { newReplicaSet } from "./decide/controller/deployment/newReplicaSet.ts"
export { isComplete, progressCheck, rolloutStatus } from "./decide/controller/deployment/progress.ts"
export * from "./decide/controller/deployment/replicaSets.ts"
export * from "./decide/controller/deployment/revision.ts"
export * from "./decide/controller/deployment/scaling.ts"
export * from "./decide/apiserver/scale.ts"
export { type FieldRequirement, type FieldSelector, requiredValue } from "./decide/apiserver/list/fieldSelector.ts"
export { matchesObject, type SelectedKind } from "./decide/apiserver/list/fieldLabels.ts"
export {
  type LabelRequirement,
  type LabelSelector,
  matchesLabels,
  parseLabelSelector
} from "./decide/apiserver/list/labelSelector.ts"
export * from "./decide/apiserver/list/listOptions.ts"
export * from "./decide/apiserver/list/bookmark.ts"
export { type ContinueToken, decodeContinue, encodeContinue } from "./decide/apiserver/list/continueToken.ts"
export * from "./decide/apiserver/list/expired.ts"
export * from "./decide/apiserver/list/listPage.ts"
export * from "./decide/apiserver/list/listPlan.ts"
export * from "./decide/apiserver/list/watchEvent.ts"
export * from "./decide/apiserver/events/eventsV1.ts"
