/** What the API server refuses in tolerations (`pkg/apis/core/validation/validation.go`, ValidateTolerations; C-103). */
import type { JsonObject } from "../../event/Json.ts"
import { integer, numbered, text } from "./fields.ts"
import { labelValue, qualifiedName } from "./nameRules.ts"
import { type FieldError, invalid, notSupported } from "./status.ts"

const operators = ["Equal", "Exists"]
/** Known, and behind a feature gate that is off (TaintTolerationComparisonOperators). */
const comparisons = ["Lt", "Gt"]
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

export const validateTolerations = (
  tolerations: ReadonlyArray<JsonObject>,
  path = "spec.tolerations"
): ReadonlyArray<FieldError> =>
  numbered(tolerations, path).flatMap(({ at, item }) => {
    const [key, operator, value, effect] = [
      text(item, "key"),
      text(item, "operator"),
      text(item, "value"),
      text(item, "effect")
    ]
    const wrongValue = operator === "" || operator === "Equal" ? labelValue(value) : []
    return [
      ...(key === "" ? [] : qualifiedName(key).map((message) => invalid(`${at}.key`, key, message))),
      ...(key === "" && operator !== "Exists"
        ? [
            invalid(
              `${at}.operator`,
              operator,
              'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            )
          ]
        : []),
      ...(integer(item, "tolerationSeconds") !== undefined && effect !== "NoExecute"
        ? [invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
        : []),
      ...(wrongValue.length === 0 ? [] : [invalid(`${at}.operator`, value, wrongValue.join(";"))]),
      ...(operator === "Exists" && value !== ""
        ? [invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'")]
        : []),
      ...(["", ...operators].includes(operator)
        ? []
        : [
            notSupported(
              `${at}.operator`,
              operator,
              comparisons.includes(operator) ? [...operators, ...comparisons] : operators
            )
          ]),
      ...(effect === "" || effects.includes(effect) ? [] : [notSupported(`${at}.effect`, effect, effects)])
    ]
  })
