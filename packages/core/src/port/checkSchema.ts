/** `spec.checks`: what must be true when a scenario is over. */
import { Schema } from "effect"
import { lawIds } from "../property/check.ts"
import { described, ExitCode, List, NotNegative } from "./schemaParts.ts"

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

const ExpectationSchema = Struct({
  pod: described(Text, "its name; of several lives the last"),
  namespace: optional(described(Text, "the scenario's if absent")),
  gone: optional(described(YesOrNo, "it was deleted; the rest is then about how it was last seen")),
  phase: optional(Literals(["Pending", "Running", "Succeeded", "Failed", "Unknown"])),
  reason: optional(Text),
  conditions: optional(described(record(Text, Literals(["True", "False", "Unknown"])), "status by type")),
  containers: optional(described(record(Text, ContainerExpectation), "by name")),
  events: optional(List(EventExpectation))
})

const Law = Text.pipe(
  Schema.check(
    Schema.makeFilter((value: string) => lawIds.includes(value), { expected: `one of ${lawIds.join(", ")}` })
  )
)

export const CheckSchema = Schema.Union([Law, ExpectationSchema]).pipe(
  Schema.annotate({ expected: `the id of a law (${lawIds.join(", ")}), or what is expected of a pod: {pod, phase, …}` })
)
