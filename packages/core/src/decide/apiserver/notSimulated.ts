/** Which fields of a manifest or scenario no rule of the simulator acts upon yet: named in warnings, never ignored in silence. */
import { isJsonObject, type Json, jsonEqual } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"

/**
 * A field is simulated (`yes`), simulated for some values only (the list), or looked into (the name of another table).
 * What is not in its table is not simulated. A rule that arrives adds its field here.
 */
type Support = "yes" | ReadonlyArray<Json> | keyof typeof tables

const tables = {
  Pod: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "PodSpec", status: "yes" },
  ObjectMeta: {
    name: "yes",
    generateName: "yes",
    namespace: "yes",
    labels: "yes",
    annotations: "yes",
    finalizers: "yes",
    uid: "yes",
    resourceVersion: "yes",
    generation: "yes",
    creationTimestamp: "yes",
    managedFields: "yes"
  },
  PodSpec: {
    containers: "Container",
    initContainers: "Container",
    ephemeralContainers: "Container",
    volumes: "Volume",
    restartPolicy: "yes",
    terminationGracePeriodSeconds: "yes",
    activeDeadlineSeconds: "yes",
    nodeSelector: "yes",
    nodeName: "yes",
    affinity: "Affinity",
    tolerations: "yes",
    automountServiceAccountToken: "yes",
    enableServiceLinks: "yes",
    dnsPolicy: "yes",
    dnsConfig: "yes",
    hostAliases: "yes",
    hostname: "yes",
    subdomain: "yes",
    os: "yes",
    schedulingGates: "yes",
    resources: "ResourceRequirements",
    serviceAccountName: "yes",
    serviceAccount: "yes",
    imagePullSecrets: "yes",
    schedulerName: ["default-scheduler"],
    securityContext: "PodSecurityContext",
    readinessGates: "yes",
    hostNetwork: "yes",
    hostPID: [false],
    hostIPC: "yes",
    topologySpreadConstraints: "yes",
    priorityClassName: "yes",
    priority: "yes",
    preemptionPolicy: "yes",
    runtimeClassName: "yes",
    overhead: "yes"
  },
  Container: {
    name: "yes",
    image: "yes",
    command: "yes",
    args: "yes",
    workingDir: "yes",
    env: "EnvVar",
    envFrom: "yes",
    ports: "ContainerPort",
    resources: "ResourceRequirements",
    volumeMounts: "yes",
    imagePullPolicy: "yes",
    terminationMessagePath: "yes",
    terminationMessagePolicy: "yes",
    lifecycle: "Lifecycle",
    securityContext: "SecurityContext",
    restartPolicy: "yes",
    restartPolicyRules: "yes",
    resizePolicy: "yes",
    targetContainerName: "yes",
    livenessProbe: "yes",
    readinessProbe: "yes",
    startupProbe: "yes",
    stdin: "yes",
    stdinOnce: "yes",
    tty: "yes"
  },
  Lifecycle: { preStop: "LifecycleHandler", postStart: "LifecycleHandler", stopSignal: "yes" },
  LifecycleHandler: { exec: "yes", httpGet: "yes", sleep: "yes", tcpSocket: "yes" },
  /** Who a process is shows in the status; what it may do is its program's own affair. */
  SecurityContext: {
    runAsUser: "yes",
    runAsGroup: "yes",
    runAsNonRoot: "yes",
    capabilities: "yes",
    privileged: "yes",
    allowPrivilegeEscalation: "yes",
    readOnlyRootFilesystem: "yes",
    seccompProfile: [{ type: "RuntimeDefault" }, { type: "Unconfined" }]
  },
  PodSecurityContext: {
    runAsUser: "yes",
    runAsGroup: "yes",
    runAsNonRoot: "yes",
    fsGroup: "yes",
    fsGroupChangePolicy: "yes",
    supplementalGroups: "yes",
    supplementalGroupsPolicy: "yes",
    sysctls: "yes",
    seccompProfile: [{ type: "RuntimeDefault" }, { type: "Unconfined" }]
  },
  ContainerPort: { name: "yes", containerPort: "yes", protocol: "yes", hostPort: "yes", hostIP: "yes" },
  Affinity: { nodeAffinity: "yes", podAffinity: "yes", podAntiAffinity: "yes" },
  ResourceRequirements: { limits: "yes", requests: "yes" },
  EnvVar: { name: "yes", value: "yes", valueFrom: "EnvVarSource" },
  EnvVarSource: { fieldRef: "yes", resourceFieldRef: "yes", configMapKeyRef: "yes", secretKeyRef: "yes" },
  Volume: {
    name: "yes",
    configMap: "yes",
    secret: "yes",
    projected: "yes",
    downwardAPI: "yes",
    hostPath: "yes",
    gitRepo: "yes",
    persistentVolumeClaim: "yes",
    ephemeral: "yes",
    image: "yes",
    gcePersistentDisk: "yes",
    awsElasticBlockStore: "yes",
    azureDisk: "yes",
    azureFile: "yes",
    cinder: "yes",
    vsphereVolume: "yes",
    portworxVolume: "yes",
    emptyDir: "EmptyDir"
  },
  EmptyDir: { medium: "yes", sizeLimit: "yes" },
  PersistentVolumeClaim: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "ClaimSpec", status: "yes" },
  ClaimSpec: {
    accessModes: "yes",
    selector: "yes",
    resources: "yes",
    volumeName: "yes",
    storageClassName: "yes",
    volumeMode: "yes",
    volumeAttributesClassName: "yes"
  },
  PersistentVolume: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "VolumeSpec", status: "yes" },
  VolumeSpec: {
    capacity: "yes",
    accessModes: "yes",
    claimRef: "yes",
    persistentVolumeReclaimPolicy: ["Retain", "Delete"],
    storageClassName: "yes",
    mountOptions: "yes",
    volumeMode: "yes",
    nodeAffinity: "yes",
    volumeAttributesClassName: "yes",
    hostPath: "yes",
    local: "yes",
    csi: "yes",
    gcePersistentDisk: "yes",
    awsElasticBlockStore: "yes",
    azureDisk: "yes",
    azureFile: "yes",
    cinder: "yes",
    vsphereVolume: "yes",
    portworxVolume: "yes"
  },
  ReplicaSet: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "ReplicaSetSpec", status: "yes" },
  ReplicaSetSpec: { replicas: "yes", selector: "yes", minReadySeconds: "yes", template: "PodTemplate" },
  ReplicationController: {
    apiVersion: "yes",
    kind: "yes",
    metadata: "ObjectMeta",
    spec: "ReplicaSetSpec",
    status: "yes"
  },
  PodDisruptionBudget: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "yes", status: "yes" },
  Job: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "JobSpec", status: "yes" },
  JobSpec: {
    parallelism: "yes",
    completions: "yes",
    activeDeadlineSeconds: "yes",
    podFailurePolicy: "yes",
    successPolicy: "yes",
    backoffLimit: "yes",
    backoffLimitPerIndex: "yes",
    maxFailedIndexes: "yes",
    selector: "yes",
    manualSelector: "yes",
    template: "PodTemplate",
    ttlSecondsAfterFinished: "yes",
    completionMode: "yes",
    suspend: "yes",
    podReplacementPolicy: "yes",
    managedBy: "yes"
  },
  StatefulSet: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "StatefulSetSpec", status: "yes" },
  StatefulSetSpec: {
    replicas: "yes",
    selector: "yes",
    template: "PodTemplate",
    volumeClaimTemplates: "yes",
    serviceName: "yes",
    podManagementPolicy: "yes",
    updateStrategy: "yes",
    revisionHistoryLimit: "yes",
    minReadySeconds: "yes",
    persistentVolumeClaimRetentionPolicy: "yes",
    ordinals: "yes"
  },
  CronJob: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "CronJobSpec", status: "yes" },
  CronJobSpec: {
    schedule: "yes",
    timeZone: "yes",
    startingDeadlineSeconds: "yes",
    concurrencyPolicy: "yes",
    suspend: "yes",
    jobTemplate: "JobTemplate",
    successfulJobsHistoryLimit: "yes",
    failedJobsHistoryLimit: "yes"
  },
  JobTemplate: { metadata: "ObjectMeta", spec: "JobSpec" },
  DaemonSet: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "DaemonSetSpec", status: "yes" },
  DaemonSetSpec: {
    selector: "yes",
    template: "PodTemplate",
    updateStrategy: "yes",
    minReadySeconds: "yes",
    revisionHistoryLimit: "yes"
  },
  Deployment: { apiVersion: "yes", kind: "yes", metadata: "ObjectMeta", spec: "DeploymentSpec", status: "yes" },
  DeploymentSpec: {
    replicas: "yes",
    selector: "yes",
    minReadySeconds: "yes",
    template: "PodTemplate",
    strategy: "yes",
    revisionHistoryLimit: "yes",
    progressDeadlineSeconds: "yes",
    paused: "yes"
  },
  PodTemplate: { metadata: "ObjectMeta", spec: "PodSpec" },
  HorizontalPodAutoscaler: {
    apiVersion: "yes",
    kind: "yes",
    metadata: "ObjectMeta",
    spec: "HorizontalPodAutoscalerSpec",
    status: "yes"
  },
  HorizontalPodAutoscalerSpec: {
    scaleTargetRef: "yes",
    minReplicas: "yes",
    maxReplicas: "yes",
    metrics: "MetricSpec",
    /** Of autoscaling/v1. */
    targetCPUUtilizationPercentage: "yes",
    behavior: "yes"
  },
  /** Nobody serves other metrics than those of the kubelets: who asks for them is told so. */
  MetricSpec: { type: "yes", resource: "yes", containerResource: "yes" }
} as const satisfies { readonly [table: string]: { readonly [field: string]: unknown } }

const unsupported = (value: Json, support: Support, path: string): ReadonlyArray<string> => {
  if (support === "yes") return []
  if (typeof support !== "string") return support.some((known) => jsonEqual(known, value)) ? [] : [path]
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => unsupported(item, support, `${path}[${i}]`))
  if (!isJsonObject(value)) return []
  const table: { readonly [field: string]: Support } = tables[support]
  return Object.keys(value).flatMap((field) => {
    const inner = value[field]
    const at = path === "" ? field : `${path}.${field}`
    if (inner === undefined || inner === null) return []
    const known = Object.hasOwn(table, field) ? table[field] : undefined
    return known === undefined ? [at] : unsupported(inner, known, at)
  })
}

/** The kinds whose objects do something; the others are not even stored. */
const kinds: { readonly [kind: string]: keyof typeof tables | "inert" } = {
  Pod: "Pod",
  ReplicaSet: "ReplicaSet",
  ReplicationController: "ReplicationController",
  StatefulSet: "StatefulSet",
  DaemonSet: "DaemonSet",
  PodDisruptionBudget: "PodDisruptionBudget",
  Job: "Job",
  CronJob: "CronJob",
  Deployment: "Deployment",
  HorizontalPodAutoscaler: "HorizontalPodAutoscaler",
  Namespace: "inert",
  Service: "inert",
  Endpoints: "inert",
  EndpointSlice: "inert",
  ResourceQuota: "inert",
  LimitRange: "inert",
  PriorityClass: "inert",
  ConfigMap: "inert",
  Secret: "inert",
  PersistentVolumeClaim: "PersistentVolumeClaim",
  PersistentVolume: "PersistentVolume",
  StorageClass: "inert",
  RuntimeClass: "inert",
  CSIDriver: "inert",
  ServiceAccount: "inert"
}

/** Does an object of that kind do anything in a simulation? */
export const isSimulatedKind = (kind: string): boolean => Object.hasOwn(kinds, kind)

/**
 * A sentence for each part of a manifest that changes nothing in a simulation: `not simulated: spec.containers[0].livenessProbe`.
 * Fields that have no effect on a pod's life (`env`, `workingDir`, …) and values that are the default are not named.
 */
export const notSimulated = (object: KubernetesObject): ReadonlyArray<string> => {
  const kind = Object.hasOwn(kinds, object.kind) ? kinds[object.kind] : undefined
  if (kind === undefined) return [`not simulated: kind ${object.kind}`]
  return kind === "inert" ? [] : unsupported(object, kind, "").map((path) => `not simulated: ${path}`)
}
