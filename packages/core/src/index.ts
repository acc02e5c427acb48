/** The model of a cluster, in the order in which to read it. */

// Facts.

export * from "./event/Json.ts"
export * from "./event/Instant.ts"
export * from "./event/KubernetesObject.ts"
export * from "./event/PodEvent.ts"
export * from "./event/ClusterEvent.ts"

// What is true.

export type { Condition, Container, Overlay, Pod } from "./state/Pod.ts"

// What people look at.

// What happens next.

// What must hold in every history.

// What the outside must offer, and what it is asked for.

export * from "./port/Scenario.ts"
export * from "./port/EventLog.ts"
export * from "./port/ClusterBackend.ts"
