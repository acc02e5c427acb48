/** The YAML document of a scenario: its fields, their types and their meaning (published as `docs/scenario.schema.json`). */
import { Schema } from "effect"
import { parseDuration } from "../event/duration.ts"
import { parseInstant, SECOND } from "../event/Instant.ts"
import { parseQuantity } from "../event/Quantity.ts"

const { Int, Record: record, String: Text, optionalKey: optional } = Schema

/** A check whose failure says what was expected. */
const text = (identifier: string, expected: string, holds: (value: string) => boolean, pattern?: string) =>
  Text.pipe(
    Schema.check(Schema.makeFilter((value: string) => holds(value), { expected })),
    Schema.annotate({ identifier, expected, description: expected, ...(pattern === undefined ? {} : { pattern }) })
  )

const Duration = text("Duration", 'a duration such as "500ms" or "1m30s"', (value) => (parseDuration(value) ?? -1) >= 0)
const QuantityText = text(
  "Quantity",
  'a quantity such as "500m" or "2Gi"',
  (value) => parseQuantity(value) !== undefined
)
const Moment = text("Moment", 'a time such as "2026-01-01T00:00:00Z"', (value) => parseInstant(value) !== undefined)
const Name = text("Name", "a lower-case name of letters, digits and '-', at most 63 characters", (value) =>
  /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value)
)
const Quantity = Schema.Union([Int, QuantityText]).pipe(
  Schema.annotate({ expected: 'a quantity such as 2, "500m" or "2Gi"' })
)
const NotNegative = Int.pipe(
  Schema.check(Schema.makeFilter((value: number) => value >= 0, { expected: "a whole number that is not negative" }))
)
const ExitCode = Int.pipe(
  Schema.check(
    Schema.makeFilter((value: number) => value >= 0 && value <= 255, { expected: "an exit code from 0 to 255" })
  )
)
const Port = Int.pipe(
  Schema.check(
    Schema.makeFilter((value: number) => value >= 1 && value <= 65_535, { expected: "a port from 1 to 65535" })
  )
)
const Labels = record(Text, Text)
const Body = record(Text, Schema.Json)
const List = <S extends Schema.Constraint>(item: S) => Schema.Array(item)
const described = <S extends Schema.Top>(schema: S, description: string) =>
  schema.pipe(Schema.annotateKey({ description }))

export const signals = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, USR2: 12, TERM: 15 } as const
const Signal = Schema.Union([
  Int.pipe(
    Schema.check(Schema.makeFilter((value: number) => value >= 1 && value <= 64, { expected: "a signal from 1 to 64" }))
  ),
  Schema.Literals(Object.keys(signals) as ReadonlyArray<keyof typeof signals>)
]).pipe(Schema.annotate({ expected: "a signal: 1 to 64, HUP, INT, QUIT, KILL, USR1, USR2 or TERM" }))

const RestartPeriod = text("RestartPeriod", "a duration from 1s to 300s", (value) => {
  const period = parseDuration(value) ?? 0
  return period >= SECOND && period <= 300 * SECOND
})

/** KubeletConfiguration (`kubelet.config.k8s.io/v1beta1`), as far as the simulator acts upon it. */
const KubeletSchema = Schema.Struct({
  serializeImagePulls: optional(described(Schema.Boolean, "true if absent, unless maxParallelImagePulls is above 1")),
  maxParallelImagePulls: optional(NotNegative),
  registryPullQPS: optional(described(NotNegative, "5 if absent; 0 is no limit")),
  registryBurst: optional(described(NotNegative, "10 if absent")),
  crashLoopBackOff: optional(Schema.Struct({ maxContainerRestartPeriod: optional(RestartPeriod) }))
}).pipe(
  Schema.check(
    Schema.makeFilter(
      (value: { readonly serializeImagePulls?: boolean; readonly maxParallelImagePulls?: number }) =>
        value.serializeImagePulls !== true || (value.maxParallelImagePulls ?? 1) <= 1,
      { expected: "maxParallelImagePulls above 1 only without serializeImagePulls" }
    )
  )
)

const NodeSchema = Schema.Struct({
  name: Text,
  cpu: optional(described(Quantity, "cores; 4 if absent")),
  memory: optional(described(Quantity, "bytes; 8Gi if absent")),
  pods: optional(described(NotNegative, "how many pods fit; 110 if absent")),
  labels: optional(Labels),
  taints: optional(
    List(
      Schema.Struct({
        key: Text,
        value: optional(Text),
        effect: Schema.Literals(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      })
    )
  ),
  profile: optional(
    described(
      Text,
      "how long its kubelet and runtime take: rig (if absent), zero, slow-disk, or a file of `kubereel calibrate -o`"
    )
  ),
  kubelet: optional(described(KubeletSchema, "the configuration of its kubelet"))
})

const ImageSchema = Schema.Struct({
  image: described(Text, "a glob over image names"),
  present: optional(described(Schema.Boolean, "already on every node; false if absent")),
  pull: optional(described(Duration, "how long a pull takes")),
  size: optional(described(Quantity, "bytes")),
  error: optional(
    described(
      Schema.Literals(["NotFound", "Unauthorized", "Unavailable", "RateLimited"]),
      "what its registry answers; Unauthorized: to pods without a pull secret for that registry"
    )
  ),
  user: optional(described(Text, "the user that the image names; root if absent"))
})

const window = { from: optional(Duration), until: optional(Duration) }
const Command = Schema.Union([Text, List(Text)]).pipe(
  Schema.annotate({ expected: "a command: a text or a list of texts" })
)

/** The parts of a run that answer somebody or use something; all optional, by name. */
const runParts = {
  execs: optional(
    List(
      Schema.Struct({
        command: Command,
        exitCode: optional(ExitCode),
        takes: optional(Duration),
        output: optional(described(Text, "what it prints; what cat and ls print when they fail if absent")),
        ...window
      })
    )
  ),
  http: optional(
    List(
      Schema.Struct({
        port: optional(Port),
        path: optional(Text),
        status: optional(Int),
        takes: optional(Duration),
        body: optional(Text),
        location: optional(described(Text, "where a redirect leads")),
        ...window
      })
    )
  ),
  tcp: optional(List(Schema.Struct({ port: Port, ...window }))),
  grpc: optional(
    List(
      Schema.Struct({
        port: optional(Port),
        service: optional(Text),
        status: optional(Text),
        takes: optional(Duration),
        ...window
      })
    )
  ),
  log: optional(List(Schema.Struct({ at: Duration, line: Text }))),
  writes: optional(List(Schema.Struct({ at: Duration, volume: Text, size: Quantity }))),
  memory: optional(List(Schema.Struct({ at: Duration, usage: Quantity }))),
  cpu: optional(List(Schema.Struct({ at: Duration, usage: Quantity })))
}

const OnTerm = Schema.Union([
  Schema.Literal("ignore"),
  Schema.Struct({ exitAfter: optional(Duration), exitCode: optional(ExitCode) })
]).pipe(Schema.annotate({ expected: "ignore, or {exitAfter, exitCode}" }))

const RunSchema = Schema.Struct({
  exitAfter: optional(described(Duration, "runs until TERM if absent")),
  exitCode: optional(ExitCode),
  oom: optional(described(Schema.Boolean, "it is killed for lack of memory when it exits")),
  startError: optional(described(Text, "the runtime cannot start it, with this message")),
  onTerm: optional(described(OnTerm, "what TERM does; it dies of it (143) if absent")),
  terminationMessage: optional(Text),
  ...runParts
})

const atLeastOne = { expected: "at least one entry" }

const ProgramSchema = Schema.Struct({
  match: optional(Schema.Struct({ pod: optional(Text), container: optional(Text), image: optional(Text) })),
  runs: described(
    List(RunSchema).pipe(
      Schema.check(Schema.makeFilter((runs: ReadonlyArray<unknown>) => runs.length > 0, atLeastOne))
    ),
    "the n-th start of a container uses the n-th run; the last one repeats"
  )
})

const namespaced = { namespace: optional(Text) }
const oneOf = (...names: ReadonlyArray<string>) => ({ expected: `exactly one of ${names.join(", ")}` })
const count = (value: object, names: ReadonlyArray<string>): number =>
  names.filter((name) => Object.hasOwn(value, name)).length

const DeleteSchema = Schema.Struct({
  kind: Text,
  ...namespaced,
  name: optional(Text),
  selector: optional(described(Labels, "instead of a name: labels")),
  pick: optional(Schema.Literals(["all", "oldest", "newest"])),
  gracePeriodSeconds: optional(Int),
  propagationPolicy: optional(Schema.Literals(["Background", "Foreground", "Orphan"]))
}).pipe(
  Schema.check(
    Schema.makeFilter((value: object) => count(value, ["name", "selector"]) === 1, oneOf("name", "selector"))
  )
)

const NodeStep = Schema.Struct({
  name: Text,
  kubelet: optional(Schema.Literals(["stop", "start", "restart"])),
  cordon: optional(Schema.Boolean),
  power: optional(Schema.Literals(["off", "on"])),
  network: optional(Schema.Literals(["cut", "heal"])),
  pressure: optional(Schema.Union([Schema.Boolean, Text, List(Text)]))
})

const verbs = {
  apply: optional(
    described(
      Schema.Union([Body, List(Body)]).pipe(Schema.annotate({ expected: "a manifest or a list of manifests" })),
      "a manifest or a list of manifests"
    )
  ),
  delete: optional(DeleteSchema),
  patch: optional(
    Schema.Struct({
      kind: Text,
      ...namespaced,
      name: Text,
      subresource: optional(Text),
      type: optional(Schema.Literals(["merge", "strategic", "json"])),
      patch: Schema.Json
    })
  ),
  scale: optional(Schema.Struct({ kind: Text, ...namespaced, name: Text, replicas: NotNegative })),
  evict: optional(Schema.Struct({ pod: Text, ...namespaced, gracePeriodSeconds: optional(Int) })),
  exec: optional(Schema.Struct({ pod: Text, ...namespaced, container: optional(Text), command: Command })),
  kill: optional(
    Schema.Struct({
      pod: Text,
      ...namespaced,
      container: described(Text, "(sandbox) is the pod's sandbox"),
      signal: optional(Signal)
    })
  ),
  node: optional(NodeStep),
  fault: optional(Body)
}

const verbNames = Object.keys(verbs) as ReadonlyArray<keyof typeof verbs>

const StepSchema = Schema.Struct({ at: described(Duration, "since the start of the scenario"), ...verbs }).pipe(
  Schema.check(Schema.makeFilter((value: object) => count(value, verbNames) === 1, oneOf(...verbNames)))
)

const CheckSchema = Schema.Union([Text, Body]).pipe(
  Schema.annotate({ expected: "the id of a property, or an expectation" })
)

const SpecSchema = Schema.Struct({
  description: optional(described(Text, "one sentence")),
  source: optional(described(Text, "the worked example it comes from")),
  namespace: optional(described(Name, "the scenario's name if absent")),
  nodes: optional(List(NodeSchema)),
  images: optional(List(ImageSchema)),
  programs: optional(described(List(ProgramSchema), "the first match wins")),
  steps: optional(List(StepSchema)),
  checks: optional(List(CheckSchema)),
  until: described(Duration, "the horizon"),
  seed: optional(described(NotNegative, "of all randomness; 0 if absent")),
  kubernetes: optional(described(Text, "the version")),
  start: optional(described(Moment, "the moment of at: 0s in a simulation; 2026-01-01T00:00:00Z if absent"))
})

/** A whole document. */
export const ScenarioDocument = Schema.Struct({
  apiVersion: Schema.Literal("kubereel.dev/v1alpha1"),
  kind: Schema.Literal("Scenario"),
  metadata: Schema.Struct({ name: Name, labels: optional(Labels), annotations: optional(Labels) }),
  spec: SpecSchema
})
export interface ScenarioDocument extends Schema.Struct.Type<typeof ScenarioDocument.fields> {}

/** The published JSON Schema, for editors. */
export const scenarioJsonSchema = () => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(ScenarioDocument, {
    onExcessProperty: "error",
    generateDescriptions: true
  })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kubereel scenario",
    ...schema,
    $defs: definitions
  }
}
