/** Whether a running container gets other resources as it is, or only with a restart (`pkg/kubelet/kuberuntime/kuberuntime_manager.go`, computePodResizeAction; K-364). */
import { jsonEqual } from "../../../event/Json.ts"
import type { ContainerSpec, PodSpec, ResourceRequirements } from "../../../event/KubernetesObject.ts"
import { milliValue, parseQuantity, wholeValue } from "../../../event/Quantity.ts"
import type { RuntimeContainer, RuntimePodStatus } from "../RuntimeStatus.ts"

interface Amounts {
  readonly cpuLimit: bigint
  readonly cpuRequest: bigint
  readonly memoryLimit: bigint
  readonly memoryRequest: bigint
}

/** A container without a limit of its own has that of the pod. */
const amountsOf = (pod: ResourceRequirements | undefined, container: ResourceRequirements): Amounts => {
  const limits = { ...pod?.limits, ...container.limits }
  const quantity = (text: string | undefined) =>
    parseQuantity(text ?? "0") ?? { nano: 0n, format: "DecimalSI" as const }
  return {
    cpuLimit: milliValue(quantity(limits["cpu"])),
    cpuRequest: milliValue(quantity(container.requests?.["cpu"])),
    memoryLimit: wholeValue(quantity(limits["memory"])),
    memoryRequest: wholeValue(quantity(container.requests?.["memory"]))
  }
}

export type ResizeAction =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Restart" }
  | {
      readonly _tag: "Update"
      readonly cpu: boolean
      readonly memory: boolean
      readonly decreasesMemoryLimit: bigint | undefined
    }

const restartsFor = (container: ContainerSpec, resource: string): boolean => {
  const policies = (container["resizePolicy"] ?? []) as ReadonlyArray<{
    readonly resourceName: string
    readonly restartPolicy: string
  }>
  return policies.find(({ resourceName }) => resourceName === resource)?.restartPolicy === "RestartContainer"
}

/** The memory limit that is to be lowered or set anew. */
const decreased = (wanted: Amounts, actual: Amounts): bigint | undefined => {
  const lowers = wanted.memoryLimit !== 0n && (actual.memoryLimit === 0n || wanted.memoryLimit < actual.memoryLimit)
  return lowers ? wanted.memoryLimit : undefined
}

/** Nearly always it runs with what it asks for, word for word: then no quantity has to be read. */
const isGranted = (container: ContainerSpec, spec: PodSpec, running: RuntimeContainer, cgroup: PodSpec | undefined) =>
  jsonEqual(container.resources ?? {}, running.resources ?? container.resources ?? {}) &&
  jsonEqual(spec.resources ?? {}, (cgroup ?? spec).resources ?? {})

/** `container`: as allocated; `running`: its newest instance, with the resources that it was last given. */
export const computePodResizeAction = (
  container: ContainerSpec,
  spec: PodSpec,
  running: RuntimeContainer,
  { cgroup }: RuntimePodStatus
): ResizeAction => {
  if (isGranted(container, spec, running, cgroup)) return { _tag: "Nothing" }
  const wanted = amountsOf(spec.resources, container.resources ?? {})
  const actual = amountsOf((cgroup ?? spec).resources, running.resources ?? container.resources ?? {})
  const cpu = wanted.cpuLimit !== actual.cpuLimit || wanted.cpuRequest !== actual.cpuRequest
  const memory = wanted.memoryLimit !== actual.memoryLimit || wanted.memoryRequest !== actual.memoryRequest
  if (!cpu && !memory) return { _tag: "Nothing" }
  if ((cpu && restartsFor(container, "cpu")) || (memory && restartsFor(container, "memory"))) return { _tag: "Restart" }
  return { _tag: "Update", cpu, memory, decreasesMemoryLimit: memory ? decreased(wanted, actual) : undefined }
}

/** Are the pod's own resources other ones than those that were last set? */
export const podLevelResizeInProgress = (spec: PodSpec, { cgroup }: RuntimePodStatus): boolean => {
  if (spec.resources === undefined || cgroup === undefined) return false
  const [wanted, actual] = [spec.resources, cgroup.resources]
  return (["requests", "limits"] as const).some((field) =>
    ["cpu", "memory"].some((name) => !sameQuantity(wanted[field]?.[name], actual?.[field]?.[name]))
  )
}

const sameQuantity = (a: string | undefined, b: string | undefined): boolean =>
  parseQuantity(a ?? "0")?.nano === parseQuantity(b ?? "0")?.nano

/** Is what the kubelet granted not yet what runs? (IsPodResizeInProgress; K-366) */
export const isPodResizeInProgress = (spec: PodSpec, runtime: RuntimePodStatus): boolean =>
  podLevelResizeInProgress(spec, runtime) ||
  [...spec.containers, ...(spec.initContainers ?? [])].some((container) => {
    const newest = runtime.containers.find(({ name }) => name === container.name)
    return newest?.state === "running" && computePodResizeAction(container, spec, newest, runtime)._tag !== "Nothing"
  })
