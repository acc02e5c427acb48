/** What is asked of nodes again and again. */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"

/** The status of one of a node's conditions; `undefined`: it has none of that type. */
export const nodeConditionOf = (node: KubernetesObject, type: string): string | undefined => {
  const { status } = node
  if (!isJsonObject(status) || !Array.isArray(status.conditions)) return undefined
  const condition = (status.conditions as ReadonlyArray<JsonObject>).find((one) => one.type === type)
  return typeof condition?.status === "string" ? condition.status : undefined
}

/** Its kubelet is not heard of: the node controller says so. */
export const isUnreachable = (node: KubernetesObject): boolean => nodeConditionOf(node, "Ready") === "Unknown"
