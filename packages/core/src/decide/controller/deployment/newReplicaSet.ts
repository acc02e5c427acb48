/** The ReplicaSet that a Deployment makes for its template (`pkg/controller/deployment/sync.go`, getNewReplicaSet; C-273). */
import type { JsonObject } from "../../../event/Json.ts"
import { mapping } from "../../apiserver/fields.ts"
import { computeHash } from "../computeHash.ts"
import { controllerRef } from "../podOfTemplate.ts"
import type { DeploymentObject, ReplicaSetObject } from "./Deployment.ts"
import { HASH_LABEL } from "./replicaSets.ts"
import { maxRevision, newReplicaSetAnnotations } from "./revision.ts"
import { newReplicas } from "./scaling.ts"

/** DNS1123SubdomainMaxLength. */
const NAME_LENGTH = 253

/** generateReplicaSetName: the Deployment's name, cut if need be, and the hash. */
export const replicaSetName = (deployment: string, hash: string): string =>
  `${deployment.slice(0, NAME_LENGTH - 1 - hash.length)}-${hash}`

/** With as many replicas as the roll-out allows at once. */
export const newReplicaSet = (deployment: DeploymentObject, old: ReadonlyArray<ReplicaSetObject>): ReplicaSetObject => {
  const { metadata, spec, status } = deployment
  const hash = computeHash(spec.template, status.collisionCount)
  const ofTemplate = mapping(spec.template, "metadata")
  const labels = { ...mapping(ofTemplate, "labels"), [HASH_LABEL]: hash } as { readonly [key: string]: string }
  const selector = { ...spec.selector, matchLabels: { ...mapping(spec.selector, "matchLabels"), [HASH_LABEL]: hash } }
  const template: JsonObject = { ...spec.template, metadata: { ...ofTemplate, labels } }
  return {
    kind: "ReplicaSet",
    apiVersion: "apps/v1",
    metadata: {
      name: replicaSetName(metadata.name, hash),
      namespace: metadata.namespace ?? "",
      ownerReferences: [controllerRef(deployment)],
      labels,
      annotations: newReplicaSetAnnotations(deployment, undefined, maxRevision(old) + 1n) ?? {}
    },
    spec: {
      replicas: newReplicas(deployment, old, 0),
      minReadySeconds: spec.minReadySeconds ?? 0,
      selector,
      template
    },
    status: {}
  }
}
