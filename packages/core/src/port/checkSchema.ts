/** `spec.checks`: what must be true when a scenario is over. */
import { Schema } from "effect"
import { type Check, lawIds } from "../property/expected.ts"
import { Body, described, ExitCode, Labels, List, NotNegative } from "./schemaParts.ts"

const { Boolean: YesOrNo, Literals, optionalKey: optional, Record: record, String: Text, Struct } = Schema

const end = {
  reason: optional(Text),
  exitCode: optional(ExitCode),
  message: optional(described(Text, "a part of the message"))
}

const ContainerExpectation = Struct({
  state: optional(Literals(["waiting", "running", "terminated"])),
  ...end,
  ready: optional(YesOrNo),
  restartCount: optional(NotNegative),
  last: optional(described(Struct(end), "of the instance before"))
})

const EventExpectation = Struct({
  reason: Text,
  type: optional(Literals(["Normal", "Warning"])),
  container: optional(Text),
  message: optional(described(Text, "a part of the message")),
  minCount: optional(described(NotNegative, "1 if absent, or 0 where maxCount is 0")),
  maxCount: optional(NotNegative)
})

const fields = {
  pod: optional(described(Text, "a pod's name; of several lives the last")),
  kind: optional(described(Text, "instead of pod: the kind of other objects, as in their manifests")),
  name: optional(described(Text, "the object's name; of several lives the last")),
  selector: optional(described(Labels, "instead of a name: all that are there in the end and carry these labels")),
  namespace: optional(described(Text, "the scenario's if absent; objects that belong to none are found without")),
  gone: optional(described(YesOrNo, "it was deleted; the rest is then about how it was last seen")),
  count: optional(described(NotNegative, "how many objects the selector finds")),
  has: optional(
    described(
      Body,
      "parts of the object: mappings need only hold these fields, lists an entry for each of these; null: absent"
    )
  ),
  phase: optional(Literals(["Pending", "Running", "Succeeded", "Failed", "Unknown"])),
  reason: optional(Text),
  conditions: optional(described(record(Text, Literals(["True", "False", "Unknown"])), "status by type")),
  containers: optional(described(record(Text, ContainerExpectation), "by name")),
  events: optional(List(EventExpectation))
}

const always = ["namespace"]
const shapes: ReadonlyArray<{ readonly needs: ReadonlyArray<string>; readonly may: ReadonlyArray<string> }> = [
  { needs: ["pod"], may: ["gone", "phase", "reason", "conditions", "containers", "events"] },
  { needs: ["kind", "name"], may: ["gone", "has", "events"] },
  { needs: ["kind", "selector"], may: ["count", "has"] }
]

const expected =
  "pod with gone, phase, reason, conditions, containers, events; or kind and name with gone, has, events; or kind and selector with count, has"

const ExpectationSchema = Struct(fields).pipe(
  Schema.check(
    Schema.makeFilter(
      (value: object) =>
        shapes.some(({ may, needs }) => {
          const keys = Object.keys(value)
          return (
            needs.every((key) => keys.includes(key)) && keys.every((key) => [...always, ...needs, ...may].includes(key))
          )
        }),
      { expected }
    )
  )
)

const Law = Text.pipe(
  Schema.check(
    Schema.makeFilter((value: string) => lawIds.includes(value), { expected: `one of ${lawIds.join(", ")}` })
  )
)

export const CheckSchema = Schema.Union([Law, ExpectationSchema]).pipe(
  Schema.annotate({
    expected: `the id of a law (${lawIds.join(", ")}), or what is expected of a pod: {pod, phase, …}, or of other objects: {kind, name, has, …}`
  })
)

const inNamespace = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace })

/** What the schema has accepted. */
export const checkOf = (check: typeof CheckSchema.Type): Check => {
  if (typeof check === "string") return { law: check }
  const { count, has, kind = "", name, namespace, pod, selector, ...rest } = check
  if (pod !== undefined) return { pod, ...inNamespace(namespace), ...rest }
  const common = { kind, ...inNamespace(namespace), ...(has === undefined ? {} : { has }) }
  if (selector !== undefined) return { ...common, selector, ...(count === undefined ? {} : { count }) }
  const { events, gone } = rest
  return {
    ...common,
    name: name ?? "",
    ...(gone === undefined ? {} : { gone }),
    ...(events === undefined ? {} : { events })
  }
}
