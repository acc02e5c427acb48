/**
 * Which behaviour a version of Kubernetes has: its feature gates as they are by default (`pkg/features/kube_features.go`; section 10),
 * and the changes that were made without one.
 */

/** The minor versions whose behaviour is known. */
export const OLDEST_MINOR = 29
export const NEWEST_MINOR = 36

/** On by default since that minor version; `undefined`: in none of them. */
const onSince = {
  ContainerRestartRules: 35,
  ContainerStopSignals: undefined,
  DeploymentReplicaSetTerminatingReplicas: 35,
  EnvFiles: 35,
  HPAConfigurableTolerance: 35,
  HostnameOverride: 35,
  ImageVolume: 35,
  InPlacePodLevelResourcesVerticalScaling: 36,
  InPlacePodVerticalScaling: 33,
  InPlacePodVerticalScalingInitContainers: 36,
  KubeletCrashLoopBackOffMax: 35,
  KubeletEnsureSecretPulledImages: 35,
  PLEGOnDemandRelist: 36,
  PodLevelResources: 34,
  PodLifecycleSleepAction: 30,
  PodLifecycleSleepActionAllowZero: 33,
  PodObservedGenerationTracking: 34,
  PodReadyToStartContainersCondition: 29,
  PodTopologyLabelsAdmission: 35,
  RecursiveReadOnlyMounts: 31,
  ReduceDefaultCrashLoopBackOffDecay: undefined,
  RestartAllContainersOnContainerExits: 36,
  RetryGenerateName: 31,
  SidecarContainers: 29,
  /** One gate for each controller in Kubernetes: of ReplicaSets, StatefulSets, DaemonSets and Jobs. */
  StaleControllerConsistency: 36,
  SupplementalGroupsPolicy: 33,
  UserNamespacesSupport: 33
} as const satisfies { readonly [gate: string]: number | undefined }

export type FeatureGate = keyof typeof onSince
export type FeatureGates = { readonly [gate in FeatureGate]: boolean }

export interface KubernetesRelease {
  /** As a kubelet calls itself: `v1.36.3`. */
  readonly version: string
  readonly minor: number
  readonly gates: FeatureGates
}

/** The version that turned GitRepoVolumeDriver off. */
export const GIT_REPO_DISABLED_MINOR = 33

const gatesOf = (minor: number): FeatureGates =>
  Object.fromEntries(
    Object.entries(onSince).map(([gate, since]) => [gate, since !== undefined && since <= minor])
  ) as unknown as FeatureGates

const pattern = /^v?1\.(\d{1,3})(?:\.(\d{1,3}))?$/

/** `1.34`, `v1.36.3`; `undefined` for what is no version, or one whose behaviour is not known. */
export const releaseOf = (version: string): KubernetesRelease | undefined => {
  const match = pattern.exec(version)
  if (match === null) return undefined
  const minor = Number(match[1])
  if (minor < OLDEST_MINOR || minor > NEWEST_MINOR) return undefined
  return { version: `v1.${minor}.${match[2] ?? 0}`, minor, gates: gatesOf(minor) }
}

/** The version of the shipped recordings. */
export const latestRelease: KubernetesRelease = {
  version: "v1.36.3",
  minor: NEWEST_MINOR,
  gates: gatesOf(NEWEST_MINOR)
}
