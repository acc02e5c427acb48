/** The model of a cluster, in the order in which to read it. */

// Facts.

export * from "./event/Json.ts"
export * from "./event/Instant.ts"
export * from "./event/KubernetesObject.ts"
export * from "./event/PodEvent.ts"
export * from "./event/ClusterEvent.ts"
export * from "./event/encode.ts"

// What is true.

export { type Condition, type Container, initialPod, type Overlay, type Pod } from "./state/Pod.ts"
export * from "./state/evolve.ts"
export * from "./state/parsePod.ts"

// What people look at.

export * from "./view/render.ts"
export * from "./view/derive.ts"
export * from "./view/watchLines.ts"
export * from "./view/redact.ts"

// What happens next.

// What must hold in every history.

// What the outside must offer, and what it is asked for.

export * from "./port/Scenario.ts"
export * from "./port/EventLog.ts"
export * as EventLogMemory from "./port/EventLogMemory.ts"
export * from "./port/ClusterBackend.ts"
export * from "./port/play.ts"
export * as ReplayBackend from "./port/ReplayBackend.ts"
