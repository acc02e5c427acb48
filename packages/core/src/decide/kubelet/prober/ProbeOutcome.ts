/** What one probe came to (`pkg/probe/probe.go`, Result), and the Event that it makes (`pkg/kubelet/prober/prober.go`, probe; K-155, K-157, T-17; section 4.3). */
import type { ProbeResult, ProbeType } from "./ProbeResults.ts"

export type ProbeOutcome =
  | { readonly _tag: "Success" }
  | { readonly _tag: "Warning"; readonly output: string }
  | { readonly _tag: "Failure"; readonly output: string }
  /** The probe itself did not work: nothing is counted. */
  | { readonly _tag: "Error"; readonly error: string }

export interface ProbeEvent {
  readonly reason: "Unhealthy" | "ProbeWarning"
  readonly message: string
}

const titles = { liveness: "Liveness", readiness: "Readiness", startup: "Startup" } as const

/** Always a Warning about the container; a plain success makes none. */
export const probeEvent = (type: ProbeType, outcome: ProbeOutcome): ProbeEvent | undefined => {
  const title = titles[type]
  switch (outcome._tag) {
    case "Success":
      return undefined
    case "Warning":
      return { reason: "ProbeWarning", message: `${title} probe warning: ${outcome.output}` }
    case "Failure":
      return { reason: "Unhealthy", message: `${title} probe failed: ${outcome.output}` }
    case "Error":
      return {
        reason: "Unhealthy",
        message: `${title} probe errored and resulted in unknown state: ${outcome.error}`
      }
  }
}

/** What is counted: a warning is a success; an error is nothing (`undefined`). */
export const countedResult = (outcome: ProbeOutcome): ProbeResult | undefined => {
  switch (outcome._tag) {
    case "Success":
    case "Warning":
      return "Success"
    case "Failure":
      return "Failure"
    case "Error":
      return undefined
  }
}
