/** Numbers that may be a part of another number (`k8s.io/apimachinery/pkg/util/intstr/intstr.go`, `pkg/apis/apps/validation/validation.go`). */
import type { Json } from "../../event/Json.ts"
import { type FieldError, invalid } from "./status.ts"

const PERCENT = "[0-9]+%"
const percent = new RegExp(`^${PERCENT}$`)

const NEGATIVE = "must be greater than or equal to 0"
const NOT_PERCENT = `a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '${PERCENT}')`

const isPercent = (value: Json): value is string => typeof value === "string" && percent.test(value)

/** ValidatePositiveIntOrPercent. */
export const positiveIntOrPercent = (value: Json | undefined, field: string): ReadonlyArray<FieldError> =>
  typeof value === "string"
    ? isPercent(value)
      ? []
      : [invalid(field, value, NOT_PERCENT)]
    : typeof value === "number" && value < 0
      ? [invalid(field, value, NEGATIVE)]
      : []

/** IsNotMoreThan100Percent. */
export const notMoreThan100Percent = (value: Json | undefined, field: string): ReadonlyArray<FieldError> =>
  value !== undefined && isPercent(value) && Number.parseInt(value, 10) > 100
    ? [invalid(field, value, "must not be greater than 100%")]
    : []

/** GetScaledValueFromIntOrPercent: so many of `total`; `undefined` if the text is no percentage. */
export const scaledValue = (value: Json, total: number, round: "up" | "down"): number | undefined => {
  if (typeof value === "number") return value
  if (!isPercent(value)) return undefined
  const part = (Number.parseInt(value, 10) * total) / 100
  return round === "up" ? Math.ceil(part) : Math.floor(part)
}

/** getIntOrPercentValue: nothing of a text that is no number. */
export const amountOf = (value: Json | undefined): number => {
  const number = Number.parseInt(String(value ?? 0), 10)
  return /^[0-9]+%$|^[+-]?[0-9]+$/.test(String(value ?? 0)) ? number : 0
}
