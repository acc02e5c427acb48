/** Measures how long a node and its control plane take, from recordings of them. */
import type { ClusterEvent } from "../../event/ClusterEvent.ts"
import type { Micros } from "../../event/Instant.ts"
import { type Estimate, estimatesOf } from "./estimates.ts"
import { type IntervalName, intervalNames, intervals } from "./intervals.ts"
import { ObservedPods } from "./ObservedPod.ts"
import { type Distribution, distributionOf } from "./samples.ts"

export interface Measurement {
  readonly name: IntervalName
  readonly from: string
  readonly to: string
  readonly holds: string
  /** `undefined`: the recordings have no such case. */
  readonly distribution: Distribution | undefined
}

export interface Calibration {
  readonly pods: number
  readonly measurements: ReadonlyArray<Measurement>
  /** The durations of a profile, as far as they can be told. */
  readonly estimates: ReadonlyArray<Estimate>
}

/** Reads recordings one after the other; of each only what is measured is kept. */
export class Calibrator {
  readonly #samples: { [name in IntervalName]: ReadonlyArray<Micros> }
  #current = new ObservedPods()
  #pods = 0

  constructor() {
    this.#samples = Object.fromEntries(intervalNames.map((name) => [name, []])) as unknown as {
      [name in IntervalName]: ReadonlyArray<Micros>
    }
  }

  add(event: ClusterEvent): void {
    this.#current.add(event)
  }

  /** The end of one recording: another one has clocks and pods of its own. */
  next(): void {
    const pods = this.#current.finish()
    this.#pods += pods.length
    for (const name of intervalNames)
      this.#samples[name] = [...this.#samples[name], ...pods.flatMap((pod) => intervals[name].of(pod))]
    this.#current = new ObservedPods()
  }

  finish(): Calibration {
    this.next()
    const measurements = intervalNames.map((name): Measurement => {
      const { from, holds, to } = intervals[name]
      return { name, from, to, holds, distribution: distributionOf(this.#samples[name]) }
    })
    return { pods: this.#pods, measurements, estimates: estimatesOf(this.#samples) }
  }
}

/** Of recordings that are in memory. */
export const calibrate = (recordings: Iterable<Iterable<ClusterEvent>>): Calibration => {
  const calibrator = new Calibrator()
  for (const recording of recordings) {
    for (const event of recording) calibrator.add(event)
    calibrator.next()
  }
  return calibrator.finish()
}
