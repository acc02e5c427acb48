/** The same object with all its times moved, for clients that count ages by their own clock (`kubectl describe`, `kubectl events`). */
import { isJsonObject, type Json, type JsonObject, later, type Micros, parseInstant, toMicroTime } from "@kubereel/core"

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** Text that users wrote, in which a time is no time of the object. */
const theirs = new Set(["annotations", "labels", "data", "stringData", "message", "env", "args", "command"])

const moved = (value: Json | undefined, by: Micros): Json | undefined => {
  if (typeof value === "string") {
    const at = TIME.test(value) ? parseInstant(value) : undefined
    return at === undefined ? value : toMicroTime(later(at, by))
  }
  if (Array.isArray(value)) return value.map((item) => moved(item, by) ?? null)
  return isJsonObject(value) ? shiftTimes(value, by) : value
}

/** Times stand as RFC 3339 texts under names of their own; what a user wrote stays as it is. */
export const shiftTimes = <O extends JsonObject>(object: O, by: Micros): O =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, theirs.has(key) ? value : moved(value, by)])
  ) as O
