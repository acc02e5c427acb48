/** The fields of Kubernetes' objects, in the order of its API types. Generated: see `test/decide/apiserver/goTypes.test.ts`. */

/**
 * A struct is a list of `name type`; `name?` is left out of the JSON when it is empty. `=T` is another name for T.
 * Types: `*T` may be nil, `[]T` is a list, `{}T` maps text to T; the rest are scalars and names of this table.
 */
export const goTypes: { readonly [type: string]: string } = {
  AWSElasticBlockStoreVolumeSource: "volumeID string, fsType? string, partition? int32, readOnly? bool",
  AddressType: "=string",
  Affinity: "nodeAffinity? *NodeAffinity, podAffinity? *PodAffinity, podAntiAffinity? *PodAntiAffinity",
  AppArmorProfile: "type AppArmorProfileType, localhostProfile? *string",
  AppArmorProfileType: "=string",
  AttachedVolume: "name UniqueVolumeName, devicePath string",
  AzureDataDiskCachingMode: "=string",
  AzureDataDiskKind: "=string",
  AzureDiskVolumeSource:
    "diskName string, diskURI string, cachingMode? *AzureDataDiskCachingMode, fsType? *string, readOnly? *bool, kind? *AzureDataDiskKind",
  AzureFilePersistentVolumeSource: "secretName string, shareName string, readOnly? bool, secretNamespace *string",
  AzureFileVolumeSource: "secretName string, shareName string, readOnly? bool",
  CSIDriver: "kind? string, apiVersion? string, metadata ObjectMeta, spec CSIDriverSpec",
  CSIDriverSpec:
    "attachRequired? *bool, podInfoOnMount? *bool, volumeLifecycleModes? []VolumeLifecycleMode, storageCapacity? *bool, fsGroupPolicy? *FSGroupPolicy, tokenRequests? []TokenRequest, requiresRepublish? *bool, seLinuxMount? *bool, nodeAllocatableUpdatePeriodSeconds? *int64, serviceAccountTokenInSecrets? *bool, preventPodSchedulingIfMissing? *bool",
  CSINode: "kind? string, apiVersion? string, metadata ObjectMeta, spec CSINodeSpec",
  CSINodeDriver: "name string, nodeID string, topologyKeys []string, allocatable? *VolumeNodeResources",
  CSINodeSpec: "drivers []CSINodeDriver",
  CSIPersistentVolumeSource:
    "driver string, volumeHandle string, readOnly? bool, fsType? string, volumeAttributes? {}string, controllerPublishSecretRef? *SecretReference, nodeStageSecretRef? *SecretReference, nodePublishSecretRef? *SecretReference, controllerExpandSecretRef? *SecretReference, nodeExpandSecretRef? *SecretReference",
  CSIVolumeSource:
    "driver string, readOnly? *bool, fsType? *string, volumeAttributes? {}string, nodePublishSecretRef? *LocalObjectReference",
  Capabilities: "add? []Capability, drop? []Capability",
  Capability: "=string",
  CephFSPersistentVolumeSource:
    "monitors []string, path? string, user? string, secretFile? string, secretRef? *SecretReference, readOnly? bool",
  CephFSVolumeSource:
    "monitors []string, path? string, user? string, secretFile? string, secretRef? *LocalObjectReference, readOnly? bool",
  CinderPersistentVolumeSource: "volumeID string, fsType? string, readOnly? bool, secretRef? *SecretReference",
  CinderVolumeSource: "volumeID string, fsType? string, readOnly? bool, secretRef? *LocalObjectReference",
  ClaimResourceStatus: "=string",
  ClientIPConfig: "timeoutSeconds? *int32",
  ClusterTrustBundleProjection:
    "name? *string, signerName? *string, labelSelector? *LabelSelector, optional? *bool, path string",
  CompletionMode: "=string",
  ConcurrencyPolicy: "=string",
  Condition:
    "type string, status ConditionStatus, observedGeneration? int64, lastTransitionTime Time, reason string, message string",
  ConditionStatus: "=string",
  ConfigMap:
    "kind? string, apiVersion? string, metadata ObjectMeta, immutable? *bool, data? {}string, binaryData? {}bytes",
  ConfigMapEnvSource: "name? string, optional? *bool",
  ConfigMapKeySelector: "name? string, key string, optional? *bool",
  ConfigMapNodeConfigSource:
    "namespace string, name string, uid? UID, resourceVersion? string, kubeletConfigKey string",
  ConfigMapProjection: "name? string, items? []KeyToPath, optional? *bool",
  ConfigMapVolumeSource: "name? string, items? []KeyToPath, defaultMode? *int32, optional? *bool",
  Container:
    "name string, image? string, command? []string, args? []string, workingDir? string, ports? []ContainerPort, envFrom? []EnvFromSource, env? []EnvVar, resources ResourceRequirements, resizePolicy? []ContainerResizePolicy, restartPolicy? *ContainerRestartPolicy, restartPolicyRules? []ContainerRestartRule, volumeMounts? []VolumeMount, volumeDevices? []VolumeDevice, livenessProbe? *Probe, readinessProbe? *Probe, startupProbe? *Probe, lifecycle? *Lifecycle, terminationMessagePath? string, terminationMessagePolicy? TerminationMessagePolicy, imagePullPolicy? PullPolicy, securityContext? *SecurityContext, stdin? bool, stdinOnce? bool, tty? bool",
  ContainerExtendedResourceRequest: "containerName string, resourceName string, requestName string",
  ContainerImage: "names []string, sizeBytes? int64",
  ContainerPort: "name? string, hostPort? int32, containerPort int32, protocol? Protocol, hostIP? string",
  ContainerResizePolicy: "resourceName ResourceName, restartPolicy ResourceResizeRestartPolicy",
  ContainerResourceMetricSource: "name ResourceName, target MetricTarget, container string",
  ContainerResourceMetricStatus: "name ResourceName, current MetricValueStatus, container string",
  ContainerRestartPolicy: "=string",
  ContainerRestartRule: "action? ContainerRestartRuleAction, exitCodes? *ContainerRestartRuleOnExitCodes",
  ContainerRestartRuleAction: "=string",
  ContainerRestartRuleOnExitCodes: "operator? ContainerRestartRuleOnExitCodesOperator, values? []int32",
  ContainerRestartRuleOnExitCodesOperator: "=string",
  ContainerState:
    "waiting? *ContainerStateWaiting, running? *ContainerStateRunning, terminated? *ContainerStateTerminated",
  ContainerStateRunning: "startedAt Time",
  ContainerStateTerminated:
    "exitCode int32, signal? int32, reason? string, message? string, startedAt Time, finishedAt Time, containerID? string",
  ContainerStateWaiting: "reason? string, message? string",
  ContainerStatus:
    "name string, state ContainerState, lastState ContainerState, ready bool, restartCount int32, image string, imageID string, containerID? string, started? *bool, allocatedResources? ResourceList, resources? *ResourceRequirements, volumeMounts? []VolumeMountStatus, user? *ContainerUser, allocatedResourcesStatus? []ResourceStatus, stopSignal? *Signal",
  ContainerUser: "linux? *LinuxContainerUser",
  ControllerRevision: "kind? string, apiVersion? string, metadata ObjectMeta, data? Any, revision int64",
  CronJob: "kind? string, apiVersion? string, metadata ObjectMeta, spec CronJobSpec, status CronJobStatus",
  CronJobSpec:
    "schedule string, timeZone? *string, startingDeadlineSeconds? *int64, concurrencyPolicy? ConcurrencyPolicy, suspend? *bool, jobTemplate JobTemplateSpec, successfulJobsHistoryLimit? *int32, failedJobsHistoryLimit? *int32",
  CronJobStatus: "active? []ObjectReference, lastScheduleTime? *Time, lastSuccessfulTime? *Time",
  CrossVersionObjectReference: "kind string, name string, apiVersion? string",
  DNSPolicy: "=string",
  DaemonEndpoint: "Port int32",
  DaemonSet: "kind? string, apiVersion? string, metadata ObjectMeta, spec DaemonSetSpec, status DaemonSetStatus",
  DaemonSetCondition:
    "type DaemonSetConditionType, status ConditionStatus, lastTransitionTime Time, reason? string, message? string",
  DaemonSetConditionType: "=string",
  DaemonSetSpec:
    "selector *LabelSelector, template PodTemplateSpec, updateStrategy DaemonSetUpdateStrategy, minReadySeconds? int32, revisionHistoryLimit? *int32",
  DaemonSetStatus:
    "currentNumberScheduled int32, numberMisscheduled int32, desiredNumberScheduled int32, numberReady int32, observedGeneration? int64, updatedNumberScheduled? int32, numberAvailable? int32, numberUnavailable? int32, collisionCount? *int32, conditions? []DaemonSetCondition",
  DaemonSetUpdateStrategy: "type? DaemonSetUpdateStrategyType, rollingUpdate? *RollingUpdateDaemonSet",
  DaemonSetUpdateStrategyType: "=string",
  Deployment: "kind? string, apiVersion? string, metadata ObjectMeta, spec DeploymentSpec, status DeploymentStatus",
  DeploymentCondition:
    "type DeploymentConditionType, status ConditionStatus, lastUpdateTime Time, lastTransitionTime Time, reason? string, message? string",
  DeploymentConditionType: "=string",
  DeploymentSpec:
    "replicas? *int32, selector *LabelSelector, template PodTemplateSpec, strategy DeploymentStrategy, minReadySeconds? int32, revisionHistoryLimit? *int32, paused? bool, progressDeadlineSeconds? *int32",
  DeploymentStatus:
    "observedGeneration? int64, replicas? int32, updatedReplicas? int32, readyReplicas? int32, availableReplicas? int32, unavailableReplicas? int32, terminatingReplicas? *int32, conditions? []DeploymentCondition, collisionCount? *int32",
  DeploymentStrategy: "type? DeploymentStrategyType, rollingUpdate? *RollingUpdateDeployment",
  DeploymentStrategyType: "=string",
  DownwardAPIProjection: "items? []DownwardAPIVolumeFile",
  DownwardAPIVolumeFile:
    "path string, fieldRef? *ObjectFieldSelector, resourceFieldRef? *ResourceFieldSelector, mode? *int32",
  DownwardAPIVolumeSource: "items? []DownwardAPIVolumeFile, defaultMode? *int32",
  EmptyDirVolumeSource: "medium? StorageMedium, sizeLimit? *Quantity",
  Endpoint:
    "addresses []string, conditions EndpointConditions, hostname? *string, targetRef? *ObjectReference, deprecatedTopology? {}string, nodeName? *string, zone? *string, hints? *EndpointHints",
  EndpointConditions: "ready? *bool, serving? *bool, terminating? *bool",
  EndpointHints: "forZones? []ForZone, forNodes? []ForNode",
  EndpointPort: "name? *string, protocol? *Protocol, port? *int32, appProtocol? *string",
  EndpointSlice:
    "kind? string, apiVersion? string, metadata ObjectMeta, addressType AddressType, endpoints []Endpoint, ports []EndpointPort",
  EnvFromSource: "prefix? string, configMapRef? *ConfigMapEnvSource, secretRef? *SecretEnvSource",
  EnvVar: "name string, value? string, valueFrom? *EnvVarSource",
  EnvVarSource:
    "fieldRef? *ObjectFieldSelector, resourceFieldRef? *ResourceFieldSelector, configMapKeyRef? *ConfigMapKeySelector, secretKeyRef? *SecretKeySelector, fileKeyRef? *FileKeySelector",
  EphemeralContainer:
    "name string, image? string, command? []string, args? []string, workingDir? string, ports? []ContainerPort, envFrom? []EnvFromSource, env? []EnvVar, resources ResourceRequirements, resizePolicy? []ContainerResizePolicy, restartPolicy? *ContainerRestartPolicy, restartPolicyRules? []ContainerRestartRule, volumeMounts? []VolumeMount, volumeDevices? []VolumeDevice, livenessProbe? *Probe, readinessProbe? *Probe, startupProbe? *Probe, lifecycle? *Lifecycle, terminationMessagePath? string, terminationMessagePolicy? TerminationMessagePolicy, imagePullPolicy? PullPolicy, securityContext? *SecurityContext, stdin? bool, stdinOnce? bool, tty? bool, targetContainerName? string",
  EphemeralVolumeSource: "volumeClaimTemplate? *PersistentVolumeClaimTemplate",
  ExecAction: "command? []string",
  ExternalMetricSource: "metric MetricIdentifier, target MetricTarget",
  ExternalMetricStatus: "metric MetricIdentifier, current MetricValueStatus",
  FCVolumeSource: "targetWWNs? []string, lun? *int32, fsType? string, readOnly? bool, wwids? []string",
  FSGroupPolicy: "=string",
  FileKeySelector: "volumeName string, path string, key string, optional? *bool",
  FinalizerName: "=string",
  FlexPersistentVolumeSource:
    "driver string, fsType? string, secretRef? *SecretReference, readOnly? bool, options? {}string",
  FlexVolumeSource:
    "driver string, fsType? string, secretRef? *LocalObjectReference, readOnly? bool, options? {}string",
  FlockerVolumeSource: "datasetName? string, datasetUUID? string",
  ForNode: "name string",
  ForZone: "name string",
  GCEPersistentDiskVolumeSource: "pdName string, fsType? string, partition? int32, readOnly? bool",
  GRPCAction: "port int32, service *string",
  GitRepoVolumeSource: "repository string, revision? string, directory? string",
  GlusterfsPersistentVolumeSource: "endpoints string, path string, readOnly? bool, endpointsNamespace? *string",
  GlusterfsVolumeSource: "endpoints string, path string, readOnly? bool",
  HPAScalingPolicy: "type HPAScalingPolicyType, value int32, periodSeconds int32",
  HPAScalingPolicyType: "=string",
  HPAScalingRules:
    "stabilizationWindowSeconds? *int32, selectPolicy? *ScalingPolicySelect, policies? []HPAScalingPolicy, tolerance? *Quantity",
  HTTPGetAction: "path? string, port IntOrString, host? string, scheme? URIScheme, httpHeaders? []HTTPHeader",
  HTTPHeader: "name string, value string",
  HorizontalPodAutoscaler:
    "kind? string, apiVersion? string, metadata ObjectMeta, spec HorizontalPodAutoscalerSpec, status HorizontalPodAutoscalerStatus",
  HorizontalPodAutoscalerBehavior: "scaleUp? *HPAScalingRules, scaleDown? *HPAScalingRules",
  HorizontalPodAutoscalerCondition:
    "type HorizontalPodAutoscalerConditionType, status ConditionStatus, lastTransitionTime Time, reason? string, message? string",
  HorizontalPodAutoscalerConditionType: "=string",
  HorizontalPodAutoscalerSpec:
    "scaleTargetRef CrossVersionObjectReference, minReplicas? *int32, maxReplicas int32, metrics? []MetricSpec, behavior? *HorizontalPodAutoscalerBehavior",
  HorizontalPodAutoscalerStatus:
    "observedGeneration? *int64, lastScaleTime? *Time, currentReplicas? int32, desiredReplicas int32, currentMetrics []MetricStatus, conditions? []HorizontalPodAutoscalerCondition",
  HostAlias: "ip string, hostnames? []string",
  HostIP: "ip string",
  HostPathType: "=string",
  HostPathVolumeSource: "path string, type? *HostPathType",
  IPFamily: "=string",
  IPFamilyPolicy: "=string",
  ISCSIPersistentVolumeSource:
    "targetPortal string, iqn string, lun int32, iscsiInterface? string, fsType? string, readOnly? bool, portals? []string, chapAuthDiscovery? bool, chapAuthSession? bool, secretRef? *SecretReference, initiatorName? *string",
  ISCSIVolumeSource:
    "targetPortal string, iqn string, lun int32, iscsiInterface? string, fsType? string, readOnly? bool, portals? []string, chapAuthDiscovery? bool, chapAuthSession? bool, secretRef? *LocalObjectReference, initiatorName? *string",
  ImageVolumeSource: "reference? string, pullPolicy? PullPolicy",
  ImageVolumeStatus: "imageRef? string",
  Job: "kind? string, apiVersion? string, metadata ObjectMeta, spec JobSpec, status JobStatus",
  JobCondition:
    "type JobConditionType, status ConditionStatus, lastProbeTime Time, lastTransitionTime Time, reason? string, message? string",
  JobConditionType: "=string",
  JobSpec:
    "parallelism? *int32, completions? *int32, activeDeadlineSeconds? *int64, podFailurePolicy? *PodFailurePolicy, successPolicy? *SuccessPolicy, backoffLimit? *int32, backoffLimitPerIndex? *int32, maxFailedIndexes? *int32, selector? *LabelSelector, manualSelector? *bool, template PodTemplateSpec, ttlSecondsAfterFinished? *int32, completionMode? *CompletionMode, suspend? *bool, podReplacementPolicy? *PodReplacementPolicy, managedBy? *string",
  JobStatus:
    "conditions? []JobCondition, startTime? *Time, completionTime? *Time, active? int32, succeeded? int32, failed? int32, terminating? *int32, completedIndexes? string, failedIndexes? *string, uncountedTerminatedPods? *UncountedTerminatedPods, ready? *int32",
  JobTemplateSpec: "metadata ObjectMeta, spec JobSpec",
  KeyToPath: "key string, path string, mode? *int32",
  LabelSelector: "matchLabels? {}string, matchExpressions? []LabelSelectorRequirement",
  LabelSelectorOperator: "=string",
  LabelSelectorRequirement: "key string, operator LabelSelectorOperator, values? []string",
  Lifecycle: "postStart? *LifecycleHandler, preStop? *LifecycleHandler, stopSignal? *Signal",
  LifecycleHandler: "exec? *ExecAction, httpGet? *HTTPGetAction, tcpSocket? *TCPSocketAction, sleep? *SleepAction",
  LimitRange: "kind? string, apiVersion? string, metadata ObjectMeta, spec LimitRangeSpec",
  LimitRangeItem:
    "type LimitType, max? ResourceList, min? ResourceList, default? ResourceList, defaultRequest? ResourceList, maxLimitRequestRatio? ResourceList",
  LimitRangeSpec: "limits []LimitRangeItem",
  LimitType: "=string",
  LinuxContainerUser: "uid int64, gid int64, supplementalGroups? []int64",
  LoadBalancerIPMode: "=string",
  LoadBalancerIngress: "ip? string, hostname? string, ipMode? *LoadBalancerIPMode, ports? []PortStatus",
  LoadBalancerStatus: "ingress? []LoadBalancerIngress",
  LocalObjectReference: "name? string",
  LocalVolumeSource: "path string, fsType? *string",
  ManagedFieldsEntry:
    "manager? string, operation? ManagedFieldsOperationType, apiVersion? string, time? *Time, fieldsType? string, fieldsV1? *Any, subresource? string",
  ManagedFieldsOperationType: "=string",
  MetricIdentifier: "name string, selector? *LabelSelector",
  MetricSourceType: "=string",
  MetricSpec:
    "type MetricSourceType, object? *ObjectMetricSource, pods? *PodsMetricSource, resource? *ResourceMetricSource, containerResource? *ContainerResourceMetricSource, external? *ExternalMetricSource",
  MetricStatus:
    "type MetricSourceType, object? *ObjectMetricStatus, pods? *PodsMetricStatus, resource? *ResourceMetricStatus, containerResource? *ContainerResourceMetricStatus, external? *ExternalMetricStatus",
  MetricTarget: "type MetricTargetType, value? *Quantity, averageValue? *Quantity, averageUtilization? *int32",
  MetricTargetType: "=string",
  MetricValueStatus: "value? *Quantity, averageValue? *Quantity, averageUtilization? *int32",
  ModifyVolumeStatus: "targetVolumeAttributesClassName? string, status PersistentVolumeClaimModifyVolumeStatus",
  MountPropagationMode: "=string",
  NFSVolumeSource: "server string, path string, readOnly? bool",
  Namespace: "kind? string, apiVersion? string, metadata ObjectMeta, spec NamespaceSpec, status NamespaceStatus",
  NamespaceCondition:
    "type NamespaceConditionType, status ConditionStatus, lastTransitionTime Time, reason? string, message? string",
  NamespaceConditionType: "=string",
  NamespacePhase: "=string",
  NamespaceSpec: "finalizers? []FinalizerName",
  NamespaceStatus: "phase? NamespacePhase, conditions? []NamespaceCondition",
  Node: "kind? string, apiVersion? string, metadata ObjectMeta, spec NodeSpec, status NodeStatus",
  NodeAddress: "type NodeAddressType, address string",
  NodeAddressType: "=string",
  NodeAffinity:
    "requiredDuringSchedulingIgnoredDuringExecution? *NodeSelector, preferredDuringSchedulingIgnoredDuringExecution? []PreferredSchedulingTerm",
  NodeAllocatableResourceClaimStatus: "resourceClaimName string, containers? []string, resources {}Quantity",
  NodeCondition:
    "type NodeConditionType, status ConditionStatus, lastHeartbeatTime Time, lastTransitionTime Time, reason? string, message? string",
  NodeConditionType: "=string",
  NodeConfigSource: "configMap? *ConfigMapNodeConfigSource",
  NodeConfigStatus:
    "assigned? *NodeConfigSource, active? *NodeConfigSource, lastKnownGood? *NodeConfigSource, error? string",
  NodeDaemonEndpoints: "kubeletEndpoint DaemonEndpoint",
  NodeFeatures: "supplementalGroupsPolicy? *bool",
  NodeInclusionPolicy: "=string",
  NodePhase: "=string",
  NodeRuntimeHandler: "name string, features? *NodeRuntimeHandlerFeatures",
  NodeRuntimeHandlerFeatures: "recursiveReadOnlyMounts? *bool, userNamespaces? *bool",
  NodeSelector: "nodeSelectorTerms []NodeSelectorTerm",
  NodeSelectorOperator: "=string",
  NodeSelectorRequirement: "key string, operator NodeSelectorOperator, values? []string",
  NodeSelectorTerm: "matchExpressions? []NodeSelectorRequirement, matchFields? []NodeSelectorRequirement",
  NodeSpec:
    "podCIDR? string, podCIDRs? []string, providerID? string, unschedulable? bool, taints? []Taint, configSource? *NodeConfigSource, externalID? string",
  NodeStatus:
    "capacity? ResourceList, allocatable? ResourceList, phase? NodePhase, conditions? []NodeCondition, addresses? []NodeAddress, daemonEndpoints NodeDaemonEndpoints, nodeInfo NodeSystemInfo, images? []ContainerImage, volumesInUse? []UniqueVolumeName, volumesAttached? []AttachedVolume, config? *NodeConfigStatus, runtimeHandlers? []NodeRuntimeHandler, features? *NodeFeatures, declaredFeatures? []string",
  NodeSwapStatus: "capacity? *int64",
  NodeSystemInfo:
    "machineID string, systemUUID string, bootID string, kernelVersion string, osImage string, containerRuntimeVersion string, kubeletVersion string, kubeProxyVersion string, operatingSystem string, architecture string, swap? *NodeSwapStatus",
  OSName: "=string",
  ObjectFieldSelector: "apiVersion? string, fieldPath string",
  ObjectMeta:
    "name? string, generateName? string, namespace? string, selfLink? string, uid? UID, resourceVersion? string, generation? int64, creationTimestamp? Time, deletionTimestamp? *Time, deletionGracePeriodSeconds? *int64, labels? {}string, annotations? {}string, ownerReferences? []OwnerReference, finalizers? []string, managedFields? []ManagedFieldsEntry",
  ObjectMetricSource: "describedObject CrossVersionObjectReference, target MetricTarget, metric MetricIdentifier",
  ObjectMetricStatus: "metric MetricIdentifier, current MetricValueStatus, describedObject CrossVersionObjectReference",
  ObjectReference:
    "kind? string, namespace? string, name? string, uid? UID, apiVersion? string, resourceVersion? string, fieldPath? string",
  Overhead: "podFixed? ResourceList",
  OwnerReference: "apiVersion string, kind string, name string, uid UID, controller? *bool, blockOwnerDeletion? *bool",
  PersistentVolume:
    "kind? string, apiVersion? string, metadata ObjectMeta, spec PersistentVolumeSpec, status PersistentVolumeStatus",
  PersistentVolumeAccessMode: "=string",
  PersistentVolumeClaim:
    "kind? string, apiVersion? string, metadata ObjectMeta, spec PersistentVolumeClaimSpec, status PersistentVolumeClaimStatus",
  PersistentVolumeClaimCondition:
    "type PersistentVolumeClaimConditionType, status ConditionStatus, lastProbeTime Time, lastTransitionTime Time, reason? string, message? string",
  PersistentVolumeClaimConditionType: "=string",
  PersistentVolumeClaimModifyVolumeStatus: "=string",
  PersistentVolumeClaimPhase: "=string",
  PersistentVolumeClaimRetentionPolicyType: "=string",
  PersistentVolumeClaimSpec:
    "accessModes? []PersistentVolumeAccessMode, selector? *LabelSelector, resources VolumeResourceRequirements, volumeName? string, storageClassName? *string, volumeMode? *PersistentVolumeMode, dataSource? *TypedLocalObjectReference, dataSourceRef? *TypedObjectReference, volumeAttributesClassName? *string",
  PersistentVolumeClaimStatus:
    "phase? PersistentVolumeClaimPhase, accessModes? []PersistentVolumeAccessMode, capacity? ResourceList, conditions? []PersistentVolumeClaimCondition, allocatedResources? ResourceList, allocatedResourceStatuses? {}ClaimResourceStatus, currentVolumeAttributesClassName? *string, modifyVolumeStatus? *ModifyVolumeStatus",
  PersistentVolumeClaimTemplate: "metadata ObjectMeta, spec PersistentVolumeClaimSpec",
  PersistentVolumeClaimVolumeSource: "claimName string, readOnly? bool",
  PersistentVolumeMode: "=string",
  PersistentVolumePhase: "=string",
  PersistentVolumeReclaimPolicy: "=string",
  PersistentVolumeSpec:
    "capacity? ResourceList, gcePersistentDisk? *GCEPersistentDiskVolumeSource, awsElasticBlockStore? *AWSElasticBlockStoreVolumeSource, hostPath? *HostPathVolumeSource, glusterfs? *GlusterfsPersistentVolumeSource, nfs? *NFSVolumeSource, rbd? *RBDPersistentVolumeSource, iscsi? *ISCSIPersistentVolumeSource, cinder? *CinderPersistentVolumeSource, cephfs? *CephFSPersistentVolumeSource, fc? *FCVolumeSource, flocker? *FlockerVolumeSource, flexVolume? *FlexPersistentVolumeSource, azureFile? *AzureFilePersistentVolumeSource, vsphereVolume? *VsphereVirtualDiskVolumeSource, quobyte? *QuobyteVolumeSource, azureDisk? *AzureDiskVolumeSource, photonPersistentDisk? *PhotonPersistentDiskVolumeSource, portworxVolume? *PortworxVolumeSource, scaleIO? *ScaleIOPersistentVolumeSource, local? *LocalVolumeSource, storageos? *StorageOSPersistentVolumeSource, csi? *CSIPersistentVolumeSource, accessModes? []PersistentVolumeAccessMode, claimRef? *ObjectReference, persistentVolumeReclaimPolicy? PersistentVolumeReclaimPolicy, storageClassName? string, mountOptions? []string, volumeMode? *PersistentVolumeMode, nodeAffinity? *VolumeNodeAffinity, volumeAttributesClassName? *string",
  PersistentVolumeStatus:
    "phase? PersistentVolumePhase, message? string, reason? string, lastPhaseTransitionTime? *Time",
  PhotonPersistentDiskVolumeSource: "pdID string, fsType? string",
  Pod: "kind? string, apiVersion? string, metadata ObjectMeta, spec PodSpec, status PodStatus",
  PodAffinity:
    "requiredDuringSchedulingIgnoredDuringExecution? []PodAffinityTerm, preferredDuringSchedulingIgnoredDuringExecution? []WeightedPodAffinityTerm",
  PodAffinityTerm:
    "labelSelector? *LabelSelector, namespaces? []string, topologyKey string, namespaceSelector? *LabelSelector, matchLabelKeys? []string, mismatchLabelKeys? []string",
  PodAntiAffinity:
    "requiredDuringSchedulingIgnoredDuringExecution? []PodAffinityTerm, preferredDuringSchedulingIgnoredDuringExecution? []WeightedPodAffinityTerm",
  PodCertificateProjection:
    "signerName? string, keyType? string, maxExpirationSeconds? *int32, credentialBundlePath? string, keyPath? string, certificateChainPath? string, userAnnotations? {}string",
  PodCondition:
    "type PodConditionType, observedGeneration? int64, status ConditionStatus, lastProbeTime Time, lastTransitionTime Time, reason? string, message? string",
  PodConditionType: "=string",
  PodDNSConfig: "nameservers? []string, searches? []string, options? []PodDNSConfigOption",
  PodDNSConfigOption: "name? string, value? *string",
  PodDisruptionBudget:
    "kind? string, apiVersion? string, metadata ObjectMeta, spec PodDisruptionBudgetSpec, status PodDisruptionBudgetStatus",
  PodDisruptionBudgetSpec:
    "minAvailable? *IntOrString, selector? *LabelSelector, maxUnavailable? *IntOrString, unhealthyPodEvictionPolicy? *UnhealthyPodEvictionPolicyType",
  PodDisruptionBudgetStatus:
    "observedGeneration? int64, disruptedPods? {}Time, disruptionsAllowed int32, currentHealthy int32, desiredHealthy int32, expectedPods int32, conditions? []Condition",
  PodExtendedResourceClaimStatus: "requestMappings []ContainerExtendedResourceRequest, resourceClaimName string",
  PodFSGroupChangePolicy: "=string",
  PodFailurePolicy: "rules []PodFailurePolicyRule",
  PodFailurePolicyAction: "=string",
  PodFailurePolicyOnExitCodesOperator: "=string",
  PodFailurePolicyOnExitCodesRequirement:
    "containerName? *string, operator PodFailurePolicyOnExitCodesOperator, values []int32",
  PodFailurePolicyOnPodConditionsPattern: "type PodConditionType, status ConditionStatus",
  PodFailurePolicyRule:
    "action PodFailurePolicyAction, onExitCodes? *PodFailurePolicyOnExitCodesRequirement, onPodConditions? []PodFailurePolicyOnPodConditionsPattern",
  PodIP: "ip string",
  PodManagementPolicyType: "=string",
  PodOS: "name OSName",
  PodPhase: "=string",
  PodQOSClass: "=string",
  PodReadinessGate: "conditionType PodConditionType",
  PodReplacementPolicy: "=string",
  PodResizeStatus: "=string",
  PodResourceClaim: "name string, resourceClaimName? *string, resourceClaimTemplateName? *string",
  PodResourceClaimStatus: "name string, resourceClaimName? *string",
  PodSELinuxChangePolicy: "=string",
  PodSchedulingGate: "name string",
  PodSchedulingGroup: "podGroupName? *string",
  PodSecurityContext:
    "seLinuxOptions? *SELinuxOptions, windowsOptions? *WindowsSecurityContextOptions, runAsUser? *int64, runAsGroup? *int64, runAsNonRoot? *bool, supplementalGroups? []int64, supplementalGroupsPolicy? *SupplementalGroupsPolicy, fsGroup? *int64, sysctls? []Sysctl, fsGroupChangePolicy? *PodFSGroupChangePolicy, seccompProfile? *SeccompProfile, appArmorProfile? *AppArmorProfile, seLinuxChangePolicy? *PodSELinuxChangePolicy",
  PodSpec:
    "volumes? []Volume, initContainers? []Container, containers []Container, ephemeralContainers? []EphemeralContainer, restartPolicy? RestartPolicy, terminationGracePeriodSeconds? *int64, activeDeadlineSeconds? *int64, dnsPolicy? DNSPolicy, nodeSelector? {}string, serviceAccountName? string, serviceAccount? string, automountServiceAccountToken? *bool, nodeName? string, hostNetwork? bool, hostPID? bool, hostIPC? bool, shareProcessNamespace? *bool, securityContext? *PodSecurityContext, imagePullSecrets? []LocalObjectReference, hostname? string, subdomain? string, affinity? *Affinity, schedulerName? string, tolerations? []Toleration, hostAliases? []HostAlias, priorityClassName? string, priority? *int32, dnsConfig? *PodDNSConfig, readinessGates? []PodReadinessGate, runtimeClassName? *string, enableServiceLinks? *bool, preemptionPolicy? *PreemptionPolicy, overhead? ResourceList, topologySpreadConstraints? []TopologySpreadConstraint, setHostnameAsFQDN? *bool, os? *PodOS, hostUsers? *bool, schedulingGates? []PodSchedulingGate, resourceClaims? []PodResourceClaim, resources? *ResourceRequirements, hostnameOverride? *string, schedulingGroup? *PodSchedulingGroup",
  PodStatus:
    "observedGeneration? int64, phase? PodPhase, conditions? []PodCondition, message? string, reason? string, nominatedNodeName? string, hostIP? string, hostIPs? []HostIP, podIP? string, podIPs? []PodIP, startTime? *Time, initContainerStatuses? []ContainerStatus, containerStatuses? []ContainerStatus, qosClass? PodQOSClass, ephemeralContainerStatuses? []ContainerStatus, resize? PodResizeStatus, resourceClaimStatuses? []PodResourceClaimStatus, extendedResourceClaimStatus? *PodExtendedResourceClaimStatus, allocatedResources? ResourceList, resources? *ResourceRequirements, nodeAllocatableResourceClaimStatuses? []NodeAllocatableResourceClaimStatus",
  PodTemplateSpec: "metadata ObjectMeta, spec PodSpec",
  PodsMetricSource: "metric MetricIdentifier, target MetricTarget",
  PodsMetricStatus: "metric MetricIdentifier, current MetricValueStatus",
  PortStatus: "port int32, protocol Protocol, error? *string",
  PortworxVolumeSource: "volumeID string, fsType? string, readOnly? bool",
  PreemptionPolicy: "=string",
  PreferredSchedulingTerm: "weight int32, preference NodeSelectorTerm",
  PriorityClass:
    "kind? string, apiVersion? string, metadata ObjectMeta, value int32, globalDefault? bool, description? string, preemptionPolicy? *PreemptionPolicy",
  Probe:
    "exec? *ExecAction, httpGet? *HTTPGetAction, tcpSocket? *TCPSocketAction, grpc? *GRPCAction, initialDelaySeconds? int32, timeoutSeconds? int32, periodSeconds? int32, successThreshold? int32, failureThreshold? int32, terminationGracePeriodSeconds? *int64",
  ProcMountType: "=string",
  ProjectedVolumeSource: "sources []VolumeProjection, defaultMode? *int32",
  Protocol: "=string",
  PullPolicy: "=string",
  QuobyteVolumeSource: "registry string, volume string, readOnly? bool, user? string, group? string, tenant? string",
  RBDPersistentVolumeSource:
    "monitors []string, image string, fsType? string, pool? string, user? string, keyring? string, secretRef? *SecretReference, readOnly? bool",
  RBDVolumeSource:
    "monitors []string, image string, fsType? string, pool? string, user? string, keyring? string, secretRef? *LocalObjectReference, readOnly? bool",
  RecursiveReadOnlyMode: "=string",
  ReplicaSet: "kind? string, apiVersion? string, metadata ObjectMeta, spec ReplicaSetSpec, status ReplicaSetStatus",
  ReplicaSetCondition:
    "type ReplicaSetConditionType, status ConditionStatus, lastTransitionTime Time, reason? string, message? string",
  ReplicaSetConditionType: "=string",
  ReplicaSetSpec: "replicas? *int32, minReadySeconds? int32, selector *LabelSelector, template PodTemplateSpec",
  ReplicaSetStatus:
    "replicas int32, fullyLabeledReplicas? int32, readyReplicas? int32, availableReplicas? int32, terminatingReplicas? *int32, observedGeneration? int64, conditions? []ReplicaSetCondition",
  ReplicationController:
    "kind? string, apiVersion? string, metadata ObjectMeta, spec ReplicationControllerSpec, status ReplicationControllerStatus",
  ReplicationControllerCondition:
    "type ReplicationControllerConditionType, status ConditionStatus, lastTransitionTime Time, reason? string, message? string",
  ReplicationControllerConditionType: "=string",
  ReplicationControllerSpec: "replicas? *int32, minReadySeconds? int32, selector? {}string, template? *PodTemplateSpec",
  ReplicationControllerStatus:
    "replicas int32, fullyLabeledReplicas? int32, readyReplicas? int32, availableReplicas? int32, observedGeneration? int64, conditions? []ReplicationControllerCondition",
  ResourceClaim: "name string, request? string",
  ResourceFieldSelector: "containerName? string, resource string, divisor Quantity",
  ResourceHealth: "resourceID ResourceID, health? ResourceHealthStatus, message? *string",
  ResourceHealthStatus: "=string",
  ResourceID: "=string",
  ResourceList: "={}Quantity",
  ResourceMetricSource: "name ResourceName, target MetricTarget",
  ResourceMetricStatus: "name ResourceName, current MetricValueStatus",
  ResourceName: "=string",
  ResourceQuota:
    "kind? string, apiVersion? string, metadata ObjectMeta, spec ResourceQuotaSpec, status ResourceQuotaStatus",
  ResourceQuotaScope: "=string",
  ResourceQuotaSpec: "hard? ResourceList, scopes? []ResourceQuotaScope, scopeSelector? *ScopeSelector",
  ResourceQuotaStatus: "hard? ResourceList, used? ResourceList",
  ResourceRequirements: "limits? ResourceList, requests? ResourceList, claims? []ResourceClaim",
  ResourceResizeRestartPolicy: "=string",
  ResourceStatus: "name ResourceName, resources? []ResourceHealth",
  RestartPolicy: "=string",
  RollingUpdateDaemonSet: "maxUnavailable? *IntOrString, maxSurge? *IntOrString",
  RollingUpdateDeployment: "maxUnavailable? *IntOrString, maxSurge? *IntOrString",
  RollingUpdateStatefulSetStrategy: "partition? *int32, maxUnavailable? *IntOrString",
  RuntimeClass:
    "kind? string, apiVersion? string, metadata ObjectMeta, handler string, overhead? *Overhead, scheduling? *Scheduling",
  SELinuxOptions: "user? string, role? string, type? string, level? string",
  Scale: "kind? string, apiVersion? string, metadata ObjectMeta, spec ScaleSpec, status ScaleStatus",
  ScaleIOPersistentVolumeSource:
    "gateway string, system string, secretRef *SecretReference, sslEnabled? bool, protectionDomain? string, storagePool? string, storageMode? string, volumeName? string, fsType? string, readOnly? bool",
  ScaleIOVolumeSource:
    "gateway string, system string, secretRef *LocalObjectReference, sslEnabled? bool, protectionDomain? string, storagePool? string, storageMode? string, volumeName? string, fsType? string, readOnly? bool",
  ScaleSpec: "replicas? int32",
  ScaleStatus: "replicas int32, selector? string",
  ScalingPolicySelect: "=string",
  Scheduling: "nodeSelector? {}string, tolerations? []Toleration",
  ScopeSelector: "matchExpressions? []ScopedResourceSelectorRequirement",
  ScopeSelectorOperator: "=string",
  ScopedResourceSelectorRequirement: "scopeName ResourceQuotaScope, operator ScopeSelectorOperator, values? []string",
  SeccompProfile: "type SeccompProfileType, localhostProfile? *string",
  SeccompProfileType: "=string",
  Secret:
    "kind? string, apiVersion? string, metadata ObjectMeta, immutable? *bool, data? {}bytes, stringData? {}string, type? SecretType",
  SecretEnvSource: "name? string, optional? *bool",
  SecretKeySelector: "name? string, key string, optional? *bool",
  SecretProjection: "name? string, items? []KeyToPath, optional? *bool",
  SecretReference: "name? string, namespace? string",
  SecretType: "=string",
  SecretVolumeSource: "secretName? string, items? []KeyToPath, defaultMode? *int32, optional? *bool",
  SecurityContext:
    "capabilities? *Capabilities, privileged? *bool, seLinuxOptions? *SELinuxOptions, windowsOptions? *WindowsSecurityContextOptions, runAsUser? *int64, runAsGroup? *int64, runAsNonRoot? *bool, readOnlyRootFilesystem? *bool, allowPrivilegeEscalation? *bool, procMount? *ProcMountType, seccompProfile? *SeccompProfile, appArmorProfile? *AppArmorProfile",
  Service: "kind? string, apiVersion? string, metadata ObjectMeta, spec ServiceSpec, status ServiceStatus",
  ServiceAccount:
    "kind? string, apiVersion? string, metadata ObjectMeta, secrets? []ObjectReference, imagePullSecrets? []LocalObjectReference, automountServiceAccountToken? *bool",
  ServiceAccountTokenProjection: "audience? string, expirationSeconds? *int64, path string",
  ServiceAffinity: "=string",
  ServiceExternalTrafficPolicy: "=string",
  ServiceInternalTrafficPolicy: "=string",
  ServicePort:
    "name? string, protocol? Protocol, appProtocol? *string, port int32, targetPort IntOrString, nodePort? int32",
  ServiceSpec:
    "ports? []ServicePort, selector? {}string, clusterIP? string, clusterIPs? []string, type? ServiceType, externalIPs? []string, sessionAffinity? ServiceAffinity, loadBalancerIP? string, loadBalancerSourceRanges? []string, externalName? string, externalTrafficPolicy? ServiceExternalTrafficPolicy, healthCheckNodePort? int32, publishNotReadyAddresses? bool, sessionAffinityConfig? *SessionAffinityConfig, ipFamilies? []IPFamily, ipFamilyPolicy? *IPFamilyPolicy, allocateLoadBalancerNodePorts? *bool, loadBalancerClass? *string, internalTrafficPolicy? *ServiceInternalTrafficPolicy, trafficDistribution? *string",
  ServiceStatus: "loadBalancer LoadBalancerStatus, conditions? []Condition",
  ServiceType: "=string",
  SessionAffinityConfig: "clientIP? *ClientIPConfig",
  Signal: "=string",
  SleepAction: "seconds int64",
  StatefulSet: "kind? string, apiVersion? string, metadata ObjectMeta, spec StatefulSetSpec, status StatefulSetStatus",
  StatefulSetCondition:
    "type StatefulSetConditionType, status ConditionStatus, lastTransitionTime Time, reason? string, message? string",
  StatefulSetConditionType: "=string",
  StatefulSetOrdinals: "start int32",
  StatefulSetPersistentVolumeClaimRetentionPolicy:
    "whenDeleted? PersistentVolumeClaimRetentionPolicyType, whenScaled? PersistentVolumeClaimRetentionPolicyType",
  StatefulSetSpec:
    "replicas? *int32, selector *LabelSelector, template PodTemplateSpec, volumeClaimTemplates? []PersistentVolumeClaim, serviceName string, podManagementPolicy? PodManagementPolicyType, updateStrategy StatefulSetUpdateStrategy, revisionHistoryLimit? *int32, minReadySeconds? int32, persistentVolumeClaimRetentionPolicy? *StatefulSetPersistentVolumeClaimRetentionPolicy, ordinals? *StatefulSetOrdinals",
  StatefulSetStatus:
    "observedGeneration? int64, replicas int32, readyReplicas? int32, currentReplicas? int32, updatedReplicas? int32, currentRevision? string, updateRevision? string, collisionCount? *int32, conditions? []StatefulSetCondition, availableReplicas int32",
  StatefulSetUpdateStrategy: "type? StatefulSetUpdateStrategyType, rollingUpdate? *RollingUpdateStatefulSetStrategy",
  StatefulSetUpdateStrategyType: "=string",
  StorageClass:
    "kind? string, apiVersion? string, metadata ObjectMeta, provisioner string, parameters? {}string, reclaimPolicy? *PersistentVolumeReclaimPolicy, mountOptions? []string, allowVolumeExpansion? *bool, volumeBindingMode? *VolumeBindingMode, allowedTopologies? []TopologySelectorTerm",
  StorageMedium: "=string",
  StorageOSPersistentVolumeSource:
    "volumeName? string, volumeNamespace? string, fsType? string, readOnly? bool, secretRef? *ObjectReference",
  StorageOSVolumeSource:
    "volumeName? string, volumeNamespace? string, fsType? string, readOnly? bool, secretRef? *LocalObjectReference",
  SuccessPolicy: "rules []SuccessPolicyRule",
  SuccessPolicyRule: "succeededIndexes? *string, succeededCount? *int32",
  SupplementalGroupsPolicy: "=string",
  Sysctl: "name string, value string",
  TCPSocketAction: "port IntOrString, host? string",
  Taint: "key string, value? string, effect TaintEffect, timeAdded? *Time",
  TaintEffect: "=string",
  TerminationMessagePolicy: "=string",
  TokenRequest: "audience string, expirationSeconds? *int64",
  Toleration:
    "key? string, operator? TolerationOperator, value? string, effect? TaintEffect, tolerationSeconds? *int64",
  TolerationOperator: "=string",
  TopologySelectorLabelRequirement: "key string, values []string",
  TopologySelectorTerm: "matchLabelExpressions? []TopologySelectorLabelRequirement",
  TopologySpreadConstraint:
    "maxSkew int32, topologyKey string, whenUnsatisfiable UnsatisfiableConstraintAction, labelSelector? *LabelSelector, minDomains? *int32, nodeAffinityPolicy? *NodeInclusionPolicy, nodeTaintsPolicy? *NodeInclusionPolicy, matchLabelKeys? []string",
  TypedLocalObjectReference: "apiGroup *string, kind string, name string",
  TypedObjectReference: "apiGroup *string, kind string, name string, namespace? *string",
  UID: "=string",
  URIScheme: "=string",
  UncountedTerminatedPods: "succeeded? []UID, failed? []UID",
  UnhealthyPodEvictionPolicyType: "=string",
  UniqueVolumeName: "=string",
  UnsatisfiableConstraintAction: "=string",
  Volume:
    "name string, hostPath? *HostPathVolumeSource, emptyDir? *EmptyDirVolumeSource, gcePersistentDisk? *GCEPersistentDiskVolumeSource, awsElasticBlockStore? *AWSElasticBlockStoreVolumeSource, gitRepo? *GitRepoVolumeSource, secret? *SecretVolumeSource, nfs? *NFSVolumeSource, iscsi? *ISCSIVolumeSource, glusterfs? *GlusterfsVolumeSource, persistentVolumeClaim? *PersistentVolumeClaimVolumeSource, rbd? *RBDVolumeSource, flexVolume? *FlexVolumeSource, cinder? *CinderVolumeSource, cephfs? *CephFSVolumeSource, flocker? *FlockerVolumeSource, downwardAPI? *DownwardAPIVolumeSource, fc? *FCVolumeSource, azureFile? *AzureFileVolumeSource, configMap? *ConfigMapVolumeSource, vsphereVolume? *VsphereVirtualDiskVolumeSource, quobyte? *QuobyteVolumeSource, azureDisk? *AzureDiskVolumeSource, photonPersistentDisk? *PhotonPersistentDiskVolumeSource, projected? *ProjectedVolumeSource, portworxVolume? *PortworxVolumeSource, scaleIO? *ScaleIOVolumeSource, storageos? *StorageOSVolumeSource, csi? *CSIVolumeSource, ephemeral? *EphemeralVolumeSource, image? *ImageVolumeSource",
  VolumeAttachment:
    "kind? string, apiVersion? string, metadata ObjectMeta, spec VolumeAttachmentSpec, status VolumeAttachmentStatus",
  VolumeAttachmentSource: "persistentVolumeName? *string, inlineVolumeSpec? *PersistentVolumeSpec",
  VolumeAttachmentSpec: "attacher string, source VolumeAttachmentSource, nodeName string",
  VolumeAttachmentStatus:
    "attached bool, attachmentMetadata? {}string, attachError? *VolumeError, detachError? *VolumeError",
  VolumeBindingMode: "=string",
  VolumeDevice: "name string, devicePath string",
  VolumeError: "time Time, message? string, errorCode? *int32",
  VolumeLifecycleMode: "=string",
  VolumeMount:
    "name string, readOnly? bool, recursiveReadOnly? *RecursiveReadOnlyMode, mountPath string, subPath? string, mountPropagation? *MountPropagationMode, subPathExpr? string",
  VolumeMountStatus:
    "name string, mountPath string, readOnly? bool, recursiveReadOnly? *RecursiveReadOnlyMode, volumeStatus? *VolumeStatus",
  VolumeNodeAffinity: "required? *NodeSelector",
  VolumeNodeResources: "count? *int32",
  VolumeProjection:
    "secret? *SecretProjection, downwardAPI? *DownwardAPIProjection, configMap? *ConfigMapProjection, serviceAccountToken? *ServiceAccountTokenProjection, clusterTrustBundle? *ClusterTrustBundleProjection, podCertificate? *PodCertificateProjection",
  VolumeResourceRequirements: "limits? ResourceList, requests? ResourceList",
  VolumeStatus: "image? *ImageVolumeStatus",
  VsphereVirtualDiskVolumeSource:
    "volumePath string, fsType? string, storagePolicyName? string, storagePolicyID? string",
  WeightedPodAffinityTerm: "weight int32, podAffinityTerm PodAffinityTerm",
  WindowsSecurityContextOptions:
    "gmsaCredentialSpecName? *string, gmsaCredentialSpec? *string, runAsUserName? *string, hostProcess? *bool"
}
