/** A ready Node as its kubelet registers it (`pkg/kubelet/kubelet_node_status.go`; K-340…K-343). */
import {
  createManagedFields,
  type Instant,
  type JsonObject,
  type KubernetesObject,
  type NodeSpec,
  parseQuantity,
  quantityText,
  thresholdQuantity,
  toTime,
  updateManagedFields,
  wholeValue
} from "@kubereel/core"
import type { Store } from "./Store.ts"

export interface NodeIdentity {
  readonly uid: string
  readonly bootID: string
  readonly resourceVersion: string
  readonly address: string
  /** Of the kubelet: `v1.36.3`. */
  readonly version: string
  readonly now: Instant
}

/** What is left of the memory for pods: hard eviction keeps some of it back (K-343). */
const allocatableMemory = ({ kubelet, memory }: NodeSpec): string => {
  const capacity = parseQuantity(memory)
  const kept = kubelet.eviction.thresholds.find(
    ({ gracePeriod, signal }) => signal === "memory.available" && gracePeriod === 0
  )
  if (capacity === undefined || kept === undefined) return memory
  const bytes = Number(wholeValue(capacity))
  const left = Math.max(bytes - thresholdQuantity(kept.value, bytes), 0)
  return quantityText({ format: capacity.format, nano: BigInt(left) * 1_000_000_000n })
}

const conditions: ReadonlyArray<readonly [type: string, status: string, reason: string, message: string]> = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"]
]

/** What every node's runtime runs containers with if nobody says otherwise. */
export const DEFAULT_HANDLER = "runc"

const RUNC_FEATURES = { recursiveReadOnlyMounts: true, userNamespaces: true }

/** The nameless one is the default. */
const runtimeHandlers = (names: ReadonlyArray<string>): ReadonlyArray<JsonObject> =>
  ["", ...names].map((name) => ({
    name,
    ...(name === "" || name === DEFAULT_HANDLER ? { features: RUNC_FEATURES } : {})
  }))

/** Admission keeps pods off a node until it is seen to be ready (`plugin/pkg/admission/nodetaint/admission.go`). */
const NOT_SEEN = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }

/** How long its pods' Secrets and ConfigMaps may be cached: the controller manager's word (`pkg/controller/ttl/ttl_controller.go`). */
const TTL = "node.alpha.kubernetes.io/ttl"

/** `joins`: its kubelet makes it just now; else it is long there. */
export const nodeObject = (spec: NodeSpec, identity: NodeIdentity, joins: boolean): KubernetesObject => {
  const taints = [...spec.taints.map((taint) => ({ ...taint })), ...(joins ? [NOT_SEEN] : [])]
  const time = toTime(identity.now)
  const capacity = { cpu: spec.cpu, "ephemeral-storage": "264212084Ki", memory: spec.memory, pods: String(spec.pods) }
  const platform = { "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": spec.name, "kubernetes.io/os": "linux" }
  return {
    kind: "Node",
    apiVersion: "v1",
    metadata: {
      name: spec.name,
      uid: identity.uid,
      resourceVersion: identity.resourceVersion,
      creationTimestamp: time,
      labels: { "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", ...platform, ...spec.labels },
      annotations: {
        [TTL]: "0",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true"
      }
    },
    spec: taints.length === 0 ? {} : { taints },
    status: {
      capacity,
      allocatable: { ...capacity, "ephemeral-storage": "267847642337", memory: allocatableMemory(spec) },
      conditions: conditions.map(([type, status, reason, message]) => ({
        type,
        status,
        lastHeartbeatTime: time,
        lastTransitionTime: time,
        reason,
        message
      })),
      addresses: [
        { type: "InternalIP", address: identity.address },
        { type: "Hostname", address: spec.name }
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
      nodeInfo: {
        machineID: "",
        systemUUID: "",
        bootID: identity.bootID,
        kernelVersion: "6.18.44",
        osImage: "Debian GNU/Linux 12 (bookworm)",
        containerRuntimeVersion: "containerd://2.3.7",
        kubeletVersion: identity.version,
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64"
      },
      ...(spec.runtimeHandlers === undefined ? {} : { runtimeHandlers: runtimeHandlers(spec.runtimeHandlers) })
    }
  }
}

/** Stores a Node as its kubelet's, but for what admission and the controller manager put into it. */
export const registerNode = (store: Store, node: KubernetesObject, now: Instant): KubernetesObject => {
  const { apiVersion, kind, metadata } = node
  const taints = ((node["spec"] as JsonObject)["taints"] ?? []) as ReadonlyArray<JsonObject>
  const given = taints.filter(({ key }) => key !== NOT_SEEN.key)
  const spec = given.length === 0 ? {} : { taints: given }
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => name !== TTL)
  const asked = { ...node, spec, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } }
  const writer = { apiVersion, now, subresource: "" }
  const registered = createManagedFields(node, asked, { ...writer, manager: "kubelet" })
  const written = { apiVersion, kind, old: asked, next: { ...node, spec } }
  return store.create(node, updateManagedFields(registered, written, { ...writer, manager: "kube-controller-manager" }))
}
