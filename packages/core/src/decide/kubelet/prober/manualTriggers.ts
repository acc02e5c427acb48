/**
 * Whose readiness a generated status wants to know at once (`pkg/kubelet/prober/prober_manager.go`, UpdatePodStatus; K-158, T-14): every
 * container that runs and has started and is probed, but is not known to be ready.
 */
import type { Container } from "../../../state/Pod.ts"
import type { ProbeResults } from "./ProbeResults.ts"

export const manualTriggers = (containers: ReadonlyArray<Container>, probes: ProbeResults): ReadonlyArray<string> =>
  containers
    .filter(
      ({ containerID = "", kind, name, started, state }) =>
        kind !== "ephemeral" &&
        started === true &&
        state?._tag === "Running" &&
        probes.hasWorker("readiness", name) &&
        probes.get("readiness", containerID.replace(/^[^:]*:\/\//, "")) !== "Success"
    )
    .map(({ name }) => name)
