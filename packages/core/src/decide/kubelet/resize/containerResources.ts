/** What a container's status says of its resources (`pkg/kubelet/kubelet_pods.go`, convertContainerStatusResources; K-191, K-192, K-378). */
import type { ContainerSpec, ResourceList, ResourceRequirements } from "../../../event/KubernetesObject.ts"
import { milliValue, parseQuantity, quantityText, wholeValue } from "../../../event/Quantity.ts"
import { MIN_CPU_LIMIT, MIN_SHARES, milliThroughShares } from "../cgroup.ts"
import type { RuntimeContainer } from "../RuntimeStatus.ts"

const milliOf = (text: string | undefined): number => Number(milliValue(parseQuantity(text ?? "0") ?? ZERO))
const ZERO = { nano: 0n, format: "DecimalSI" } as const

const milliText = (milli: number): string => quantityText({ nano: BigInt(milli) * 1_000_000n, format: "DecimalSI" })
const bytesText = (text: string): string =>
  quantityText({ nano: wholeValue(parseQuantity(text) ?? ZERO) * 1_000_000_000n, format: "BinarySI" })

/** The runtime's figure, unless both are too small for it to tell them apart. */
const cpu = (actual: number, spec: string | undefined, least: number): string | undefined =>
  actual > 0 && (actual > least || milliOf(spec) > least) ? milliText(actual) : spec

/** Only what the spec names is shown. */
const list = (given: ResourceList, changed: { readonly [name: string]: string | undefined }): ResourceList =>
  Object.fromEntries(Object.entries(given).map(([name, text]) => [name, changed[name] ?? text]))

/** `container`: as allocated; what does not run has just that, what runs what the runtime was last told. */
export const containerResources = (container: ContainerSpec, instance: RuntimeContainer): ResourceRequirements => {
  const { limits, requests } = container.resources ?? {}
  const spec = { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) }
  const actual = instance.resources
  if (instance.state !== "running" || actual === undefined) return spec
  const memory = actual.limits?.["memory"]
  return {
    ...(limits === undefined
      ? {}
      : {
          limits: list(limits, {
            cpu: cpu(Math.max(milliOf(actual.limits?.["cpu"]), MIN_CPU_LIMIT), limits["cpu"], MIN_CPU_LIMIT),
            memory: memory === undefined ? undefined : bytesText(memory)
          })
        }),
    ...(requests === undefined
      ? {}
      : {
          requests: list(requests, {
            cpu: cpu(milliThroughShares(milliOf(actual.requests?.["cpu"])), requests["cpu"], MIN_SHARES),
            memory: actual.requests?.["memory"]
          })
        })
  }
}
