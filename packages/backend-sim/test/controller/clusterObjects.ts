/** What a simulated cluster showed of objects beside pods. */
import { type ClusterEvent, type JsonObject, type KubernetesObject, SECOND } from "@kubereel/core"
import { scenario } from "../given.ts"

const { start } = scenario({ steps: [], until: "1s" })

export interface ObjectMoment {
  readonly seconds: number
  readonly change: string
  readonly object: KubernetesObject
}

export const objectMoments = (
  facts: ReadonlyArray<ClusterEvent>,
  kind: string,
  name?: string
): ReadonlyArray<ObjectMoment> =>
  facts.flatMap((fact) => {
    if (fact._tag !== "ObjectChanged") return []
    const object = fact.object as unknown as KubernetesObject
    if (object.kind !== kind || (name !== undefined && object.metadata.name !== name)) return []
    return [{ seconds: ((fact.observed ?? 0) - start) / SECOND, change: fact.change, object }]
  })

export const conditionOf = ({ object }: ObjectMoment, type: string): JsonObject | undefined => {
  const { conditions = [] } = object["status"] as { readonly conditions?: ReadonlyArray<JsonObject> }
  return conditions.find((condition) => condition["type"] === type)
}

export const taintKeys = ({ object }: ObjectMoment): ReadonlyArray<string> => {
  const { taints = [] } = object["spec"] as { readonly taints?: ReadonlyArray<JsonObject> }
  return taints.map(({ effect, key }) => `${String(key).replace("node.kubernetes.io/", "")}:${String(effect)}`)
}

/** The Events of a reason: when each was first written, and about what. */
export const eventMoments = (facts: ReadonlyArray<ClusterEvent>, reason: string) =>
  objectMoments(facts, "Event").flatMap(({ change, object, seconds }) =>
    object["reason"] === reason && change === "ADDED"
      ? [{ seconds, message: String(object["message"]), about: object["involvedObject"] as JsonObject, object }]
      : []
  )
