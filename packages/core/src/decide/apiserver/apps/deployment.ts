/** Deployments as the API server keeps them (`pkg/registry/apps/deployment/strategy.go`, `pkg/apis/apps/v1/defaults.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { mapping, text } from "../fields.ts"
import { withStatus } from "../RestStrategy.ts"
import { dropTerminatingReplicas, filled, withPodTemplate } from "./podTemplate.ts"
import { validateDeployment, validateDeploymentStatus, validateDeploymentUpdate } from "./validateDeployment.ts"

const strategyOf = (given: JsonObject): JsonObject => {
  const strategy = { ...given, type: text(given, "type") || "RollingUpdate" }
  if (strategy.type !== "RollingUpdate") return strategy
  return {
    ...strategy,
    rollingUpdate: filled(mapping(given, "rollingUpdate"), { maxUnavailable: "25%", maxSurge: "25%" })
  }
}

/** SetDefaults_Deployment. */
const defaults = (given: JsonObject): JsonObject => {
  const spec = withPodTemplate(mapping(given, "spec"))
  return {
    ...given,
    spec: {
      ...filled(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
      strategy: strategyOf(mapping(spec, "strategy"))
    }
  }
}

export const deployment = withStatus({
  resource: { group: "apps", version: "v1", resource: "deployments", kind: "Deployment", namespaced: true },
  defaults,
  dropStatus: dropTerminatingReplicas,
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  validateStatus: validateDeploymentStatus,
  // Annotations are copied to the ReplicaSets.
  bumpsGeneration: (next, old) => !jsonEqual(next.metadata.annotations ?? {}, old.metadata.annotations ?? {})
})
