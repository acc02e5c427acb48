/** How large an autoscaler's target should be by each of its metrics, and by all (`pkg/controller/podautoscaler/horizontal.go`, computeReplicasForMetrics). */
import {
  calculateRequests,
  failedMetric,
  type HPAObject,
  type HPATold,
  isPod,
  type Json,
  type MetricFailure,
  type MetricSpec,
  type MetricStatus,
  metricName,
  metricOf,
  metricStatus,
  milliValue,
  type PodMetric,
  type PodObject,
  type Proposal,
  parseQuantity,
  type ResourceMetric,
  resourceMetricOf,
  selects,
  unservedMetric
} from "@kubereel/core"
import { Result } from "effect"
import type { Course } from "../../client/Course.ts"
import { type ControllerContext, type ControllerTools, eventAbout } from "../ControllerContext.ts"
import { keyOf } from "../keys.ts"
import type { Target } from "./ScaleTarget.ts"

/** --horizontal-pod-autoscaler-tolerance. */
const TOLERANCE = 0.1

const NAMESPACE = "namespace"

interface Failure {
  /** Of ScalingActive. */
  readonly told: HPATold
  readonly whole: string
}

interface Proposed {
  readonly replicas: number
  readonly name: string
  readonly status: MetricStatus
}

export interface Computed {
  /** `undefined`: nothing can be said. */
  readonly replicas: number | undefined
  readonly metric: string
  readonly statuses: ReadonlyArray<MetricStatus> | null
  readonly active: HPATold
  /** What did not work, in one sentence; some of the metrics may have. */
  readonly failure: string | undefined
}

const inactive = (reason: string, message: string): HPATold => ({
  type: "ScalingActive",
  status: "False",
  reason,
  message
})

const thousandths = (text: string): number => {
  const quantity = parseQuantity(text)
  return quantity === undefined ? 0 : Number(milliValue(quantity))
}

const share = (text: string | undefined): number => {
  const quantity = text === undefined ? undefined : parseQuantity(text)
  return quantity === undefined ? TOLERANCE : Number(quantity.nano) / 1e9
}

export class ReplicaCalculator {
  readonly #tools: ControllerTools
  readonly #metrics: ControllerContext["podMetrics"]
  /** Whom each autoscaler selects, as far as it has looked; `undefined`: nobody yet. */
  readonly #selectors = new Map<string, Json | undefined>()

  constructor(tools: ControllerTools, metrics: ControllerContext["podMetrics"]) {
    this.#tools = tools
    this.#metrics = metrics
    tools.informers.index("Pod", NAMESPACE, ({ metadata }) => [metadata.namespace ?? ""])
  }

  /** An autoscaler that selects nothing until it is looked at. */
  register(key: string): void {
    if (!this.#selectors.has(key)) this.#selectors.set(key, undefined)
  }

  forget(key: string): void {
    this.#selectors.delete(key)
  }

  *compute(hpa: HPAObject, target: Target): Course<Computed> {
    const pods = this.#podsOf(hpa, target)
    const wrong = this.#wrongSelector(hpa, target, pods)
    if (wrong !== undefined)
      return { replicas: undefined, metric: "", statuses: null, active: wrong.told, failure: wrong.whole }
    const { metrics: specs = [] } = hpa.spec
    const [statuses, failures]: [Array<MetricStatus>, Array<Failure>] = [[], []]
    let best: Proposed | undefined
    for (const spec of specs) {
      const proposed = yield* this.#ofMetric(hpa, spec, target.replicas, pods)
      statuses.push("status" in proposed ? proposed.status : { type: "" })
      if (!("status" in proposed)) failures.push(proposed)
      else if (best === undefined || best.replicas === 0 || proposed.replicas > best.replicas) best = proposed
    }
    return summed(statuses, failures, best, target.replicas)
  }

  #podsOf({ metadata }: HPAObject, { selector }: Target): ReadonlyArray<PodObject> {
    return this.#tools.informers
      .byIndex("Pod", NAMESPACE, metadata.namespace ?? "")
      .filter(isPod)
      .filter(({ metadata: { labels } }) => selects(selector, labels))
  }

  /** validateAndParseSelector: pods have one autoscaler at most. */
  #wrongSelector(hpa: HPAObject, target: Target, pods: ReadonlyArray<PodObject>): Failure | undefined {
    if (target.selectorText === "") {
      this.#warn(hpa, "SelectorRequired", "selector is required")
      const told = inactive("InvalidSelector", "the HPA target's scale is missing a selector")
      return { told, whole: "selector is required" }
    }
    const key = keyOf(hpa)
    if (this.#selectors.has(key)) this.#selectors.set(key, target.selector)
    const namespace = `${hpa.metadata.namespace ?? ""}/`
    const selecting = [...this.#selectors].filter(
      ([one, selector]) => one.startsWith(namespace) && pods.some(({ metadata }) => selects(selector, metadata.labels))
    )
    if (selecting.length <= 1) return undefined
    const names = selecting.map(([one]) => one).sort()
    const whole = `pods by selector ${target.selectorText} are controlled by multiple HPAs: [${names.join(" ")}]`
    this.#warn(hpa, "AmbiguousSelector", whole)
    return { told: inactive("AmbiguousSelector", whole), whole }
  }

  *#ofMetric(
    hpa: HPAObject,
    spec: MetricSpec,
    current: number,
    pods: ReadonlyArray<PodObject>
  ): Course<Proposed | Failure> {
    const metric = resourceMetricOf(spec)
    if (metric === undefined) return this.#failed(hpa, unservedMetric(spec, hpa.metadata.namespace ?? ""))
    const metrics = yield* this.#fetch(pods, metric)
    const proposal = this.#propose(hpa, metric, current, { pods, metrics })
    if (Result.isSuccess(proposal)) {
      const { success } = proposal
      return { replicas: success.replicas, name: metricName(metric), status: metricStatus(metric, success) }
    }
    return this.#failed(hpa, failedMetric(metric, proposal.failure))
  }

  /** One request to the metrics API, for all pods. `undefined`: there is nothing of any of them. */
  *#fetch(
    pods: ReadonlyArray<PodObject>,
    { container, resource }: ResourceMetric
  ): Course<ReadonlyMap<string, PodMetric> | undefined> {
    const found = yield* this.#tools.client.proxied(() =>
      pods.flatMap((pod) => {
        const metrics = this.#metrics(pod)
        return metrics === undefined ? [] : [{ name: pod.metadata.name, metrics }]
      })
    )
    if (found.length === 0) return undefined
    return new Map(
      found.flatMap(({ metrics, name }) => {
        const metric = metricOf(metrics, resource, container)
        return metric === undefined ? [] : [[name, metric]]
      })
    )
  }

  #propose(
    hpa: HPAObject,
    { container, resource, target }: ResourceMetric,
    currentReplicas: number,
    { metrics, pods }: { metrics: ReadonlyMap<string, PodMetric> | undefined; pods: ReadonlyArray<PodObject> }
  ): Result.Result<Proposal, string> {
    if (metrics === undefined)
      return Result.fail(
        `unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`
      )
    const { decide, engine, release } = this.#tools
    const { averageUtilization: utilization = 0, averageValue } = target
    const requests = () => calculateRequests(pods, resource, container, release.gates.PodLevelResources)
    return decide.proposeReplicas(
      { pods, metrics, resource, currentReplicas, tolerances: this.#tolerances(hpa), now: engine.now },
      averageValue === undefined ? { utilization, requests } : { usage: thousandths(averageValue) }
    )
  }

  /** tolerancesForHpa. */
  #tolerances({ spec }: HPAObject): { readonly scaleDown: number; readonly scaleUp: number } {
    const { behavior } = spec
    if (behavior === undefined || !this.#tools.release.gates.HPAConfigurableTolerance)
      return { scaleDown: TOLERANCE, scaleUp: TOLERANCE }
    return { scaleDown: share(behavior.scaleDown.tolerance), scaleUp: share(behavior.scaleUp.tolerance) }
  }

  /** getUnableComputeReplicaCountCondition. */
  #failed(hpa: HPAObject, { reason, whole, why }: MetricFailure): Failure {
    this.#warn(hpa, reason, why)
    return { told: inactive(reason, `the HPA was unable to compute the replica count: ${why}`), whole }
  }

  #warn(hpa: HPAObject, reason: string, message: string): void {
    this.#tools.events.record(eventAbout(hpa, "Warning", reason, message))
  }
}

/** Who would shrink a target does so only if all of its metrics say so. */
const summed = (
  statuses: ReadonlyArray<MetricStatus>,
  failures: ReadonlyArray<Failure>,
  best: Proposed | undefined,
  current: number
): Computed => {
  const [first] = failures
  const failure =
    first === undefined
      ? undefined
      : `invalid metrics (${failures.length} invalid out of ${statuses.length}), first error is: ${first.whole}`
  if (best === undefined || (first !== undefined && best.replicas < current)) {
    const active = first?.told ?? inactive("", "")
    return { replicas: undefined, metric: "", statuses, active, failure }
  }
  const message = `the HPA was able to successfully calculate a replica count from ${best.name}`
  const active: HPATold = { type: "ScalingActive", status: "True", reason: "ValidMetricFound", message }
  return { replicas: best.replicas, metric: best.name, statuses, active, failure }
}
