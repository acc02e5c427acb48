/** What pods use, as metrics-server tells it (`pkg/controller/podautoscaler/metrics/client.go`, `k8s.io/metrics/pkg/apis/metrics`). */
import type { Instant, Micros } from "../../../event/Instant.ts"

/** What one pod used over the `window` that ends at `timestamp`, which is in whole seconds as all of the API's times. */
export interface PodMetrics {
  readonly timestamp: Instant
  readonly window: Micros
  readonly containers: ReadonlyArray<{
    readonly name: string
    /** By the resource: thousandths of a CPU, thousandths of a byte of memory. */
    readonly usage: { readonly [resource: string]: number }
  }>
}

/** One number of one pod, in thousandths. */
export interface PodMetric {
  readonly timestamp: Instant
  readonly window: Micros
  readonly value: number
}

/** getPodMetrics and getContainerMetrics: of all its containers or, where `container` is not empty, of that one; `undefined`: it is not known. */
export const metricOf = (
  { containers, timestamp, window }: PodMetrics,
  resource: string,
  container: string
): PodMetric | undefined => {
  const counted = container === "" ? containers : containers.filter(({ name }) => name === container)
  const usages = counted.map(({ usage }) => usage[resource])
  if (usages.length === 0 || usages.includes(undefined)) return undefined
  return { timestamp, window, value: usages.reduce<number>((sum, usage) => sum + (usage ?? 0), 0) }
}
