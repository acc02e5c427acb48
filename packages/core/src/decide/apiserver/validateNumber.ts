/** Numbers that may not be negative (`k8s.io/apimachinery/pkg/api/validation/generic.go`, ValidateNonnegativeField). */
import type { Json } from "../../event/Json.ts"
import { type FieldError, invalid } from "./status.ts"

export const nonNegative = (value: Json | undefined, at: string): ReadonlyArray<FieldError> =>
  typeof value === "number" && value < 0 ? [invalid(at, value, "must be greater than or equal to 0")] : []
