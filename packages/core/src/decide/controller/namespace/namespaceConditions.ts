/** What a Namespace says of its own end (`pkg/controller/namespace/deletion/status_condition_utils.go`; C-345, C-346). */
import { type Instant, toTime } from "../../../event/Instant.ts"
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { GroupResource } from "../../apiserver/status.ts"

/** What is left of one kind, or how many wait for one finalizer. */
export interface NamespaceRemains {
  readonly resources: ReadonlyArray<{ readonly resource: GroupResource; readonly count: number }>
  readonly finalizers: ReadonlyMap<string, number>
  /** Why some could not be deleted. */
  readonly errors: ReadonlyArray<string>
}

const well: ReadonlyArray<readonly [type: string, reason: string, message: string]> = [
  ["NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"],
  ["NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed"],
  [
    "NamespaceDeletionContentFailure",
    "ContentDeleted",
    "All content successfully deleted, may be waiting on finalization"
  ],
  ["NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"],
  ["NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"]
]

const listed = (items: ReadonlyArray<string>): string => [...items].sort().join(", ")

const problems = ({
  errors,
  finalizers,
  resources
}: NamespaceRemains): ReadonlyMap<string, readonly [string, string]> =>
  new Map(
    [
      {
        type: "NamespaceDeletionContentFailure",
        reason: "ContentDeletionFailed",
        told: listed(errors),
        message: `Failed to delete all resource types, ${errors.length} remaining: `
      },
      {
        type: "NamespaceContentRemaining",
        reason: "SomeResourcesRemain",
        told: listed(
          resources.map(
            ({ count, resource: { group, resource } }) => `${resource}.${group} has ${count} resource instances`
          )
        ),
        message: "Some resources are remaining: "
      },
      {
        type: "NamespaceFinalizersRemaining",
        reason: "SomeFinalizersRemain",
        told: listed([...finalizers].map(([name, count]) => `${name} in ${count} resource instances`)),
        message: "Some content in the namespace has finalizers remaining: "
      }
    ]
      .filter(({ told }) => told !== "")
      .map(({ message, reason, told, type }) => [type, [reason, `${message}${told}`]])
  )

const typeOf = (condition: Json): Json | undefined => (isJsonObject(condition) ? condition["type"] : undefined)

/** The status with its conditions as they are now; `undefined`: they are so already. */
export const namespaceConditions = (
  status: JsonObject,
  remains: NamespaceRemains,
  now: Instant
): JsonObject | undefined => {
  const conditions: Array<Json> = Array.isArray(status["conditions"]) ? [...status["conditions"]] : []
  const bad = problems(remains)
  let changed = false
  for (const [type, reason, message] of well) {
    const problem = bad.get(type)
    const told = {
      status: problem === undefined ? "False" : "True",
      reason: problem?.[0] ?? reason,
      message: problem?.[1] ?? message
    }
    const at = conditions.findIndex((condition) => typeOf(condition) === type)
    const old = conditions[at]
    const was = isJsonObject(old) ? old : {}
    if (was["status"] === told.status && was["reason"] === told.reason && was["message"] === told.message) continue
    changed = true
    const lastTransitionTime = was["status"] === told.status ? (was["lastTransitionTime"] ?? null) : toTime(now)
    const { message: text, reason: why, status: truth } = told
    conditions[at === -1 ? conditions.length : at] = {
      type,
      status: truth,
      lastTransitionTime,
      reason: why,
      message: text
    }
  }
  return changed ? { ...status, conditions } : undefined
}
