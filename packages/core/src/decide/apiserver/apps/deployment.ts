/** Deployments as the API server keeps them (`pkg/registry/apps/deployment/strategy.go`, `pkg/apis/apps/v1/defaults.go`). */
import { type JsonObject, jsonEqual } from "../../../event/Json.ts"
import { mapping, text } from "../fields.ts"
import { withStatus } from "../RestStrategy.ts"
import { withPodTemplate } from "./podTemplate.ts"

const rollingUpdate = (strategy: JsonObject): JsonObject =>
  text(strategy, "type") === "RollingUpdate"
    ? { ...strategy, rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%", ...mapping(strategy, "rollingUpdate") } }
    : strategy

const defaults = (given: JsonObject): JsonObject => {
  const spec = mapping(given, "spec")
  return {
    ...given,
    spec: {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...withPodTemplate(spec),
      strategy: rollingUpdate({ type: "RollingUpdate", ...mapping(spec, "strategy") })
    }
  }
}

export const deployment = withStatus({
  resource: { group: "apps", version: "v1", resource: "deployments", kind: "Deployment", namespaced: true },
  defaults,
  // Annotations are copied to the ReplicaSets.
  bumpsGeneration: (next, old) => !jsonEqual(next.metadata.annotations ?? {}, old.metadata.annotations ?? {})
})
