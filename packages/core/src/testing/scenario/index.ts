/** Arbitraries of whole scenarios, as documents; free of any test runner, so that a program can draw them, too. */
export { anyClusterDocument } from "./anyCluster.ts"
export { anyScenario, anyScenarioDocument, scenarioOfDocument } from "./anyScenario.ts"
export { anyChaosDocument } from "./chaos/anyChaos.ts"
export { chaosDocument, drawnWith, seedOf } from "./chaos/chaosDocument.ts"
export type { Size } from "./chaos/Swarm.ts"
export {
  type Enumeration,
  type Scope,
  type ScopedPod,
  scopedKinds,
  scopedPods,
  smallScopes
} from "./chaos/smallScopes.ts"
