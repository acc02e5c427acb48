/**
 * In which states pods were when something was done to the cluster: the cells of a matrix that a campaign fills. What was never
 * done to a pod in some state has not been tested there.
 */
import {
  asObject,
  type ClusterEvent,
  type Instant,
  isJsonObject,
  isPod,
  later,
  type PodObject,
  type Scenario
} from "@kubereel/core"
import { disturbancesOf } from "./disturbances.ts"
import { podState } from "./podState.ts"

interface Disturbed {
  readonly at: Instant
  readonly what: ReadonlyArray<string>
}

export class DisturbanceMatrix {
  readonly #coming: Array<Disturbed>
  readonly #pods = new Map<string, PodObject>()
  /** `power off × ready`. */
  readonly cells = new Set<string>()

  constructor(scenario: Scenario, start: Instant) {
    this.#coming = scenario.steps.map(({ at, intention }) => ({
      at: later(start, at),
      what: disturbancesOf(intention)
    }))
  }

  /** The events of the scenario's history, in their order. */
  see(event: ClusterEvent): void {
    if (event.observed !== undefined) this.#reach(event.observed)
    if (event._tag !== "ObjectChanged" || !isJsonObject(event.object) || event.object.kind !== "Pod") return
    const object = asObject(event.object)
    if (!isPod(object)) return
    const uid = object.metadata.uid ?? ""
    if (event.change === "DELETED") this.#pods.delete(uid)
    else this.#pods.set(uid, object)
  }

  /** What is done at a moment meets pods as they were before it. */
  #reach(now: Instant): void {
    for (let next = this.#coming[0]; next !== undefined && next.at < now; next = this.#coming[0]) {
      this.#coming.shift()
      for (const what of next.what) {
        for (const pod of this.#pods.values()) this.cells.add(`${what} × ${podState(pod)}`)
      }
    }
  }
}
