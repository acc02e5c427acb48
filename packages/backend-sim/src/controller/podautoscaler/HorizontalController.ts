/** Makes targets as large as the load of their pods asks for (`pkg/controller/podautoscaler/horizontal.go`). */
import {
  type HPAObject,
  type HPAOutcome,
  type HPATold,
  hpaStatus,
  isHPA,
  type KubernetesObject,
  type MetricStatus,
  normalizeDesired,
  type ScalingHistory,
  SECOND,
  withHPACondition,
  withInitial,
  withScaleEvent
} from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import { type Synced, WorkQueue } from "../../client/WorkQueue.ts"
import { type ControllerContext, type ControllerTools, controllerTools, eventAbout } from "../ControllerContext.ts"
import { keyOf, splitKey } from "../keys.ts"
import { ReplicaCalculator } from "./ReplicaCalculator.ts"
import { ScaleTarget, type Target } from "./ScaleTarget.ts"

/** --horizontal-pod-autoscaler-sync-period. */
const SYNC_PERIOD = 15 * SECOND
const WORKERS = 5

const KIND = "HorizontalPodAutoscaler"

/** What one look at an autoscaler comes to. */
interface Look {
  readonly hpa: HPAObject
  conditions: HPAOutcome["conditions"]
}

interface Decision {
  readonly replicas: number
  readonly why: string
  readonly metrics: ReadonlyArray<MetricStatus> | null
}

class HorizontalController {
  readonly #tools: ControllerTools
  readonly #queue: WorkQueue
  readonly #target: ScaleTarget
  readonly #calculator: ReplicaCalculator
  readonly #histories = new Map<string, ScalingHistory>()

  constructor(tools: ControllerTools, context: ControllerContext) {
    const { engine, entity, informers } = tools
    this.#tools = tools
    this.#target = new ScaleTarget(tools)
    this.#calculator = new ReplicaCalculator(tools, context.podMetrics)
    this.#queue = new WorkQueue({ engine, entity, workers: WORKERS, sync: (key) => this.#sync(key) })
    // Whatever happens to one, it waits for its turn: NewFixedItemIntervalRateLimiter. What waits already does not wait longer.
    const enqueue = (object: KubernetesObject) => this.#queue.addAfter(keyOf(object), SYNC_PERIOD)
    informers.on(KIND, {
      added: (object) => {
        this.#calculator.register(keyOf(object))
        enqueue(object)
      },
      updated: enqueue,
      deleted: (object) => this.#calculator.forget(keyOf(object))
    })
  }

  *#sync(key: string): Course<Synced> {
    const found = this.#tools.informers.get(KIND, ...splitKey(key))
    if (found === undefined || !isHPA(found)) {
      this.#histories.delete(key)
      return undefined
    }
    yield* this.#reconcile({ hpa: found, conditions: found.status.conditions ?? [] }, key)
    return { after: SYNC_PERIOD }
  }

  *#reconcile(look: Look, key: string): Course {
    const { hpa } = look
    const target = yield* this.#target.find(hpa)
    if (typeof target === "string") {
      this.#warn(hpa, "FailedGetScale", target)
      const message = `the HPA controller was unable to get the target's current scale: ${target}`
      this.#tell(look, { type: "AbleToScale", status: "False", reason: "FailedGetScale", message })
      return yield* this.#writeStatus(look, hpa.status)
    }
    const got = "the HPA controller was able to get the target's current scale"
    this.#tell(look, { type: "AbleToScale", status: "True", reason: "SucceededGetScale", message: got })
    const history = withInitial(this.#histories.get(key), target.replicas, this.#tools.engine.now)
    this.#histories.set(key, history)
    const decision = this.#ofBounds(look, target.replicas) ?? (yield* this.#ofMetrics(look, target, key))
    if (decision !== undefined) yield* this.#carryOut(look, target, decision, key)
  }

  /** What does not depend on any metric. */
  #ofBounds(look: Look, current: number): Decision | undefined {
    const { maxReplicas, minReplicas = 1 } = look.hpa.spec
    if (current === 0) {
      const message = "scaling is disabled since the replica count of the target is zero"
      this.#tell(look, { type: "ScalingActive", status: "False", reason: "ScalingDisabled", message })
      return { replicas: 0, why: "", metrics: null }
    }
    if (current > maxReplicas)
      return { replicas: maxReplicas, why: "Current number of replicas above Spec.MaxReplicas", metrics: null }
    return current < minReplicas
      ? { replicas: minReplicas, why: "Current number of replicas below Spec.MinReplicas", metrics: null }
      : undefined
  }

  /** `undefined`: there is nothing to go by, and it has been said. */
  *#ofMetrics(look: Look, target: Target, key: string): Course<Decision | undefined> {
    const { hpa } = look
    const { active, failure, metric, replicas, statuses } = yield* this.#calculator.compute(hpa, target)
    this.#tell(look, active)
    const current = target.replicas
    if (replicas === undefined) {
      yield* this.#writeStatus(look, { currentReplicas: current, currentMetrics: statuses })
      this.#warn(hpa, "FailedComputeMetricsReplicas", failure ?? "")
      return undefined
    }
    const desired = Math.max(replicas, 0)
    const why = desired > current ? `${metric} above target` : desired < current ? "All metrics below target" : ""
    const known = this.#histories.get(key) ?? withInitial(undefined, current, this.#tools.engine.now)
    const {
      ableToScale,
      desired: next,
      history,
      limited
    } = normalizeDesired(this.#desire(hpa, current, desired), known)
    this.#histories.set(key, history)
    this.#tell(look, { type: "AbleToScale", status: "True", ...ableToScale })
    const { is, ...said } = limited
    this.#tell(look, { type: "ScalingLimited", status: is ? "True" : "False", ...said })
    return { replicas: next, why, metrics: statuses }
  }

  #desire({ spec }: HPAObject, current: number, desired: number) {
    const { behavior, maxReplicas: max, minReplicas: min = 1 } = spec
    return { current, desired, min, max, behavior, now: this.#tools.engine.now }
  }

  *#carryOut(look: Look, target: Target, { metrics, replicas, why }: Decision, key: string): Course {
    const { hpa } = look
    const current = target.replicas
    const counts = { currentReplicas: current, currentMetrics: metrics }
    if (replicas === current) return yield* this.#writeStatus(look, { ...counts, desiredReplicas: current })
    const refusal = yield* this.#target.resize(target, replicas)
    if (refusal !== undefined) {
      this.#warn(hpa, "FailedRescale", `New size: ${replicas}; reason: ${why}; error: ${refusal}`)
      const message = `the HPA controller was unable to update the target scale: ${refusal}`
      this.#tell(look, { type: "AbleToScale", status: "False", reason: "FailedUpdateScale", message })
      return yield* this.#writeStatus(look, counts)
    }
    const message = `the HPA controller was able to update the target scale to ${replicas}`
    this.#tell(look, { type: "AbleToScale", status: "True", reason: "SucceededRescale", message })
    this.#tools.events.record(eventAbout(hpa, "Normal", "SuccessfulRescale", `New size: ${replicas}; reason: ${why}`))
    const history = this.#histories.get(key)
    if (history !== undefined)
      this.#histories.set(key, withScaleEvent(history, this.#desire(hpa, current, replicas), replicas))
    yield* this.#writeStatus(look, { ...counts, desiredReplicas: replicas }, true)
  }

  #tell(look: Look, told: HPATold): void {
    look.conditions = withHPACondition(look.conditions, told, this.#tools.engine.now)
  }

  #warn(hpa: HPAObject, reason: string, message: string): void {
    this.#tools.events.record(eventAbout(hpa, "Warning", reason, message))
  }

  /** updateStatusIfNeeded. What `counts` does not name stays. */
  *#writeStatus(look: Look, counts: Partial<HPAObject["status"]>, rescaled = false): Course {
    const { conditions, hpa } = look
    const { currentMetrics: metrics = null, currentReplicas = 0, desiredReplicas } = counts
    const status = hpaStatus(hpa, {
      ...{ conditions, currentReplicas, metrics },
      desiredReplicas: desiredReplicas ?? hpa.status.desiredReplicas,
      rescaled: rescaled ? this.#tools.engine.now : undefined
    })
    if (status === undefined) return
    const refusal = refusalOf(yield* this.#tools.client.update({ ...hpa, status }, "status"))
    if (refusal !== undefined) this.#warn(hpa, "FailedUpdateStatus", refusal.message ?? "")
  }
}

export const startHorizontalController = (context: ControllerContext): void => {
  new HorizontalController(controllerTools(context, "podautoscaler", "horizontal-pod-autoscaler"), context)
}
