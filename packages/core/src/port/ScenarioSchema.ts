/** The YAML document of a scenario: its fields, their types and their meaning (published as `docs/scenario.schema.json`). */
import { Schema } from "effect"
import { CheckSchema } from "./checkSchema.ts"
import { FaultStep } from "./faultSchema.ts"
import { DrainStep, NodeSchema, NodeStep } from "./nodeSchema.ts"
import {
  Body,
  CallUrl,
  Duration,
  described,
  ExitCode,
  FailureStatus,
  Labels,
  List,
  Moment,
  Name,
  NotNegative,
  Port,
  PositiveDuration,
  Quantity,
  Version
} from "./schemaParts.ts"
import { StorageSchema } from "./storageSchema.ts"
import { WatchStep } from "./watchSchema.ts"

const { Int, String: Text, optionalKey: optional } = Schema

export const signals = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, USR2: 12, TERM: 15 } as const
const Signal = Schema.Union([
  Int.pipe(
    Schema.check(Schema.makeFilter((value: number) => value >= 1 && value <= 64, { expected: "a signal from 1 to 64" }))
  ),
  Schema.Literals(Object.keys(signals) as ReadonlyArray<keyof typeof signals>)
]).pipe(Schema.annotate({ expected: "a signal: 1 to 64, HUP, INT, QUIT, KILL, USR1, USR2 or TERM" }))

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

const atLeastOne = { expected: "at least one entry" }

const callParts = {
  url: described(
    CallUrl,
    "names are looked up as the pod's dnsPolicy says, Services are reached through the rules of the pod's node"
  ),
  timeout: optional(described(PositiveDuration, "how long an answer is waited for; 1s if absent"))
}

const HttpCallSchema = Schema.Struct({
  ...callParts,
  otherwise: optional(
    described(FailureStatus, "the status that is answered if the call fails; 504 after the timeout, else 502 if absent")
  )
})

/** The parts of a run that answer somebody or use something; all optional, by name. */
const runParts = {
  execs: optional(
    List(
      Schema.Struct({
        command: Command,
        exitCode: optional(ExitCode),
        takes: optional(Duration),
        output: optional(described(Text, "what it prints; what cat and ls print when they fail if absent")),
        calls: optional(
          described(
            List(Schema.Struct(callParts)),
            "requests to others that must succeed first; if one fails the command ends with 1 and what wget says"
          )
        ),
        ...window
      })
    )
  ),
  http: optional(
    List(
      Schema.Struct({
        port: optional(Port),
        path: optional(Text),
        scheme: optional(
          described(Schema.Literals(["HTTP", "HTTPS"]), "what the server speaks; whatever it is asked in if absent")
        ),
        status: optional(Int),
        takes: optional(Duration),
        body: optional(Text),
        location: optional(described(Text, "where a redirect leads")),
        calls: optional(
          described(
            List(HttpCallSchema),
            "requests to others that must succeed first, one after the other; status below 400"
          )
        ),
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

const NeedsSchema = Schema.Struct({
  calls: List(Schema.Struct(callParts)).pipe(
    Schema.check(Schema.makeFilter((calls: ReadonlyArray<unknown>) => calls.length > 0, atLeastOne))
  ),
  every: optional(described(PositiveDuration, "how long after a failure it tries again; it exits if absent")),
  exitCode: optional(described(ExitCode, "what it exits with then; 1 if absent"))
})

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
  needs: optional(
    described(NeedsSchema, "what must succeed at the start: until then its clock stands still, and it answers nobody")
  ),
  ...runParts
})

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
      type: optional(
        described(
          Schema.Literals(["merge", "strategic", "json", "apply"]),
          "strategic if absent; apply: server-side apply"
        )
      ),
      fieldManager: optional(described(Text, "who owns the fields that it writes; kubereel if absent")),
      force: optional(described(Schema.Boolean, "with apply: takes fields that others own; false if absent")),
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
  drain: optional(described(DrainStep, "kubectl drain, with its flags")),
  fault: optional(FaultStep),
  watch: optional(described(WatchStep, "somebody's watch of the API server lags or stands still"))
}

const verbNames = Object.keys(verbs) as ReadonlyArray<keyof typeof verbs>

const StepSchema = Schema.Struct({ at: described(Duration, "since the start of the scenario"), ...verbs }).pipe(
  Schema.check(Schema.makeFilter((value: object) => count(value, verbNames) === 1, oneOf(...verbNames)))
)

const SpecSchema = Schema.Struct({
  description: optional(described(Text, "one sentence")),
  source: optional(described(Text, "the worked example it comes from")),
  namespace: optional(described(Name, "the scenario's name if absent")),
  nodes: optional(List(NodeSchema)),
  images: optional(List(ImageSchema)),
  programs: optional(described(List(ProgramSchema), "the first match wins")),
  storage: optional(described(List(StorageSchema), "the drivers of storage that the cluster has; none if absent")),
  steps: optional(List(StepSchema)),
  checks: optional(described(List(CheckSchema), "what must be true when it is over; exit status 1 if it is not")),
  until: described(Duration, "the horizon"),
  seed: optional(described(NotNegative, "of all randomness; 0 if absent")),
  kubernetes: optional(described(Version, "the version whose behaviour is simulated; v1.36.3 if absent")),
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
