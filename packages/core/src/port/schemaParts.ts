/** What the fields of a scenario's document are made of: durations, quantities, names. */
import { Schema } from "effect"
import { NEWEST_MINOR, OLDEST_MINOR, releaseOf } from "../decide/kubelet/featureGates.ts"
import { parseCallUrl } from "../decide/kubelet/httpGet.ts"
import { parseDuration } from "../event/duration.ts"
import { parseInstant } from "../event/Instant.ts"
import { parseQuantity } from "../event/Quantity.ts"

const { Int, Record: record, String: Text } = Schema

/** A check whose failure says what was expected. */
export const text = (identifier: string, expected: string, holds: (value: string) => boolean, pattern?: string) =>
  Text.pipe(
    Schema.check(Schema.makeFilter((value: string) => holds(value), { expected })),
    Schema.annotate({ identifier, expected, description: expected, ...(pattern === undefined ? {} : { pattern }) })
  )

export const Duration = text(
  "Duration",
  'a duration such as "500ms" or "1m30s"',
  (value) => (parseDuration(value) ?? -1) >= 0
)
export const PositiveDuration = text(
  "PositiveDuration",
  'a duration above zero such as "500ms" or "1m30s"',
  (value) => (parseDuration(value) ?? -1) > 0
)
export const CallUrl = text(
  "CallUrl",
  'a URL such as "http://backend:8080/healthz" or "tcp://db:5432"',
  (value) => parseCallUrl(value) !== undefined
)
const QuantityText = text(
  "Quantity",
  'a quantity such as "500m" or "2Gi"',
  (value) => parseQuantity(value) !== undefined
)
export const Moment = text(
  "Moment",
  'a time such as "2026-01-01T00:00:00Z"',
  (value) => parseInstant(value) !== undefined
)
export const Version = text(
  "Version",
  `a version of Kubernetes from 1.${OLDEST_MINOR} to 1.${NEWEST_MINOR}, such as "1.34" or "v1.36.3"`,
  (value) => releaseOf(value) !== undefined
)
export const Name = text("Name", "a lower-case name of letters, digits and '-', at most 63 characters", (value) =>
  /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value)
)
export const Quantity = Schema.Union([Int, QuantityText]).pipe(
  Schema.annotate({ expected: 'a quantity such as 2, "500m" or "2Gi"' })
)
export const NotNegative = Int.pipe(
  Schema.check(Schema.makeFilter((value: number) => value >= 0, { expected: "a whole number that is not negative" }))
)
export const ExitCode = Int.pipe(
  Schema.check(
    Schema.makeFilter((value: number) => value >= 0 && value <= 255, { expected: "an exit code from 0 to 255" })
  )
)
export const Port = Int.pipe(
  Schema.check(
    Schema.makeFilter((value: number) => value >= 1 && value <= 65_535, { expected: "a port from 1 to 65535" })
  )
)
export const FailureStatus = Int.pipe(
  Schema.check(
    Schema.makeFilter((value: number) => value >= 400 && value <= 599, { expected: "an HTTP status from 400 to 599" })
  )
)
export const Labels = record(Text, Text)
export const Body = record(Text, Schema.Json)
export const List = <S extends Schema.Constraint>(item: S) => Schema.Array(item)
export const described = <S extends Schema.Top>(schema: S, description: string) =>
  schema.pipe(Schema.annotateKey({ description }))
