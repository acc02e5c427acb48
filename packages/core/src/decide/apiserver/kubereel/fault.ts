/** Faults as objects: what is done to a simulated cluster from outside, for whoever would rather apply it than send a step. */
import { jsonEqual } from "../../../event/Json.ts"
import { withStatus } from "../RestStrategy.ts"
import { fieldForbidden } from "../status.ts"
import { validateObjectMeta } from "../validateObjectMeta.ts"

/** What is done is done: another fault is another object. */
export const fault = withStatus({
  resource: { group: "kubereel.dev", version: "v1alpha1", resource: "faults", kind: "Fault", namespaced: false },
  hasGeneration: false,
  validate: ({ metadata }) => validateObjectMeta(metadata),
  validateUpdate: (next, old) =>
    jsonEqual(next["spec"] ?? null, old["spec"] ?? null)
      ? []
      : [fieldForbidden("spec", "a fault does not change once it is there; delete it and make another one")]
})
