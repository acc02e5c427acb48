/** The conditions of a Node that tell of pressure (`pkg/kubelet/nodestatus/setters.go`, MemoryPressureCondition and its like; section 8). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import type { JsonObject } from "../../../event/Json.ts"

interface Words {
  readonly reason: string
  readonly message: string
  /** The Node's Event when it turns. */
  readonly event: string
}

const words: { readonly [type: string]: { readonly True: Words; readonly False: Words } } = {
  MemoryPressure: {
    True: {
      reason: "KubeletHasInsufficientMemory",
      message: "kubelet has insufficient memory available",
      event: "NodeHasInsufficientMemory"
    },
    False: {
      reason: "KubeletHasSufficientMemory",
      message: "kubelet has sufficient memory available",
      event: "NodeHasSufficientMemory"
    }
  },
  DiskPressure: {
    True: { reason: "KubeletHasDiskPressure", message: "kubelet has disk pressure", event: "NodeHasDiskPressure" },
    False: {
      reason: "KubeletHasNoDiskPressure",
      message: "kubelet has no disk pressure",
      event: "NodeHasNoDiskPressure"
    }
  },
  PIDPressure: {
    True: {
      reason: "KubeletHasInsufficientPID",
      message: "kubelet has insufficient PID available",
      event: "NodeHasInsufficientPID"
    },
    False: {
      reason: "KubeletHasSufficientPID",
      message: "kubelet has sufficient PID available",
      event: "NodeHasSufficientPID"
    }
  }
}

export interface PressureConditions {
  readonly conditions: ReadonlyArray<JsonObject>
  /** Reasons of Events about the Node, in order. */
  readonly events: ReadonlyArray<string>
}

/** A Node's conditions with the pressure that there is; `pressure`: the types that hold. */
export const pressureConditions = (
  conditions: ReadonlyArray<JsonObject>,
  pressure: ReadonlyArray<string>,
  now: Instant
): PressureConditions => {
  const events: Array<string> = []
  const types = conditions.map((condition) => String(condition["type"]))
  const missing = Object.keys(words).filter((type) => !types.includes(type))
  const next = [...conditions, ...missing.map((type): JsonObject => ({ type, status: "Unknown" }))].map((condition) => {
    const known = words[String(condition["type"])]
    if (known === undefined) return condition
    const status = pressure.includes(String(condition["type"])) ? "True" : "False"
    const { event, message, reason } = known[status]
    const turned = condition["status"] !== status
    if (turned) events.push(event)
    const time = toTime(now)
    return {
      ...condition,
      status,
      lastHeartbeatTime: time,
      ...(turned ? { lastTransitionTime: time } : {}),
      reason,
      message
    }
  })
  return { conditions: next, events }
}
