/** The second phase: whatever was done to the cluster and is not undone by its own end is undone, so that it can come to rest. */
import type { JsonObject } from "../../../event/Json.ts"
import type { Cast } from "./Cast.ts"
import type { TimedVerb } from "./faultOf.ts"
import { gateType } from "./podOf.ts"

const merge = (kind: string, name: string, body: JsonObject): JsonObject => ({
  patch: { kind, name, type: "merge", patch: body }
})

const field = (verb: JsonObject, name: string): JsonObject | undefined => verb[name] as JsonObject | undefined

/** Those of the patches to workloads that set such a field at all. */
const patched = (steps: ReadonlyArray<TimedVerb>, name: string, value: boolean | null): ReadonlyArray<JsonObject> => {
  const found = new Map<string, JsonObject>()
  for (const { verb } of steps) {
    const patch = field(verb, "patch")
    const spec = field((patch?.["patch"] ?? {}) as JsonObject, "spec")
    if (patch === undefined || spec?.[name] === undefined) continue
    found.set(String(patch["name"]), merge(String(patch["kind"]), String(patch["name"]), { spec: { [name]: value } }))
  }
  return [...found.values()]
}

const onNodes = (steps: ReadonlyArray<TimedVerb>): ReadonlyArray<JsonObject> => {
  const drained = steps.flatMap(({ verb }) => {
    const order = field(verb, "drain")
    return order === undefined ? [] : [order["node"] ?? ""]
  })
  return [...new Set(drained)].map((name) => ({ node: { name, cordon: false } }))
}

const onPods = (cast: Cast, at: number): ReadonlyArray<JsonObject> =>
  cast.pods
    .filter(({ from, until }) => from <= at && at < until)
    .flatMap(({ finalizer, name, shape }) => [
      ...(shape.spec["schedulingGates"] === undefined ? [] : [merge("Pod", name, { spec: { schedulingGates: null } })]),
      ...(shape.spec["readinessGates"] === undefined
        ? []
        : [
            {
              patch: {
                ...{ kind: "Pod", name, subresource: "status" },
                patch: { status: { conditions: [{ type: gateType, status: "True" }] } }
              }
            }
          ]),
      ...(finalizer ? [merge("Pod", name, { metadata: { finalizers: null } })] : [])
    ])

/** All at the moment at which the first phase ends (milliseconds). */
export const healing = (steps: ReadonlyArray<TimedVerb>, cast: Cast, at: number): ReadonlyArray<TimedVerb> =>
  [...onNodes(steps), ...patched(steps, "paused", null), ...patched(steps, "suspend", false), ...onPods(cast, at)].map(
    (verb) => ({ at, verb })
  )
