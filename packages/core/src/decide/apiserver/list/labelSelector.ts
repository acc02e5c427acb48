/** Label selectors as clients write them (`labels.Parse`, k8s.io/apimachinery/pkg/labels/selector.go). */
import { Result } from "effect"
import type { Labels } from "../../client/labelSelector.ts"
import { labelValue, qualifiedName } from "../nameRules.ts"
import { type FieldError, invalid } from "../status.ts"
import { lexLabelSelector, type Token } from "./lexLabelSelector.ts"

export interface LabelRequirement {
  readonly key: string
  readonly operator: "in" | "notin" | "=" | "==" | "!=" | "gt" | "lt" | "exists" | "!"
  /** Sorted, each once. None for `exists` and `!`. */
  readonly values: ReadonlyArray<string>
}

/** All of them must hold: an empty one selects everything. */
export type LabelSelector = ReadonlyArray<LabelRequirement>

type Parsed<Value> = Result.Result<Value, string>

/** Fails with Kubernetes' own sentence, which is the message of a 400. */
export const parseLabelSelector = (text: string): Parsed<LabelSelector> => {
  const words = new Words(lexLabelSelector(text))
  const requirements: LabelRequirement[] = []
  for (;;) {
    const { kind, literal } = words.peek()
    if (kind === "end") break
    if (kind !== "identifier" && kind !== "!")
      return Result.fail(`found '${literal}', expected: !, identifier, or 'end of string'`)
    const requirement = parseRequirement(words)
    if (Result.isFailure(requirement)) return Result.fail(`unable to parse requirement: ${requirement.failure}`)
    requirements.push(requirement.success)
    const next = words.take()
    if (next.kind === "end") break
    if (next.kind !== ",") return Result.fail(`found '${next.literal}', expected: ',' or 'end of string'`)
    const after = words.peek()
    if (after.kind !== "identifier" && after.kind !== "!")
      return Result.fail(`found '${after.literal}', expected: identifier after ','`)
  }
  return Result.succeed(requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)))
}

/** The words with a place in them; where values may stand `in` and `notin` are values like others. */
class Words {
  readonly #tokens: ReadonlyArray<Token>
  #position = 0

  constructor(tokens: ReadonlyArray<Token>) {
    this.#tokens = tokens
  }

  peek(): Token {
    const token = this.peekOperator()
    return token.kind === "in" || token.kind === "notin" ? { kind: "identifier", literal: token.literal } : token
  }

  peekOperator(): Token {
    return this.#tokens[this.#position] ?? { kind: "end", literal: "" }
  }

  take(): Token {
    const token = this.peek()
    this.#position++
    return token
  }

  takeOperator(): Token {
    const token = this.peekOperator()
    this.#position++
    return token
  }
}

const operators: { readonly [kind: string]: LabelRequirement["operator"] } = {
  in: "in",
  notin: "notin",
  "=": "=",
  "==": "==",
  "!=": "!=",
  ">": "gt",
  "<": "lt"
}

const parseRequirement = (words: Words): Parsed<LabelRequirement> => {
  const first = words.take()
  const negated = first.kind === "!"
  const { kind, literal: key } = negated ? words.take() : first
  if (kind !== "identifier") return Result.fail(`found '${key}', expected: identifier`)
  const wrong = qualifiedName(key)
  if (wrong.length > 0) return Result.fail(told([invalid("<nil>", key, wrong.join("; "))]))
  const ends = ["end", ","].includes(words.peek().kind)
  if (negated || ends) return checked({ key, operator: negated ? "!" : "exists", values: [] })
  const word = words.takeOperator()
  const operator = operators[word.kind]
  if (operator === undefined) return Result.fail(`found '${word.literal}', expected: in, notin, =, ==, !=, gt, lt`)
  const values = operator === "in" || operator === "notin" ? parseValues(words) : parseExactValue(words)
  return Result.isFailure(values)
    ? Result.fail(values.failure)
    : checked({ key, operator, values: [...new Set(values.success)].sort() })
}

/** `(a, b)`; one that is left out is the empty text. */
const parseValues = (words: Words): Parsed<ReadonlyArray<string>> => {
  const open = words.take()
  if (open.kind !== "(") return Result.fail(`found '${open.literal}' expected: '('`)
  const { kind, literal } = words.peek()
  if (kind === ")") {
    words.take()
    return Result.succeed([""])
  }
  if (kind !== "identifier" && kind !== ",") return Result.fail(`found '${literal}', expected: ',', ')' or identifier`)
  const values = parseIdentifiersList(words)
  if (Result.isFailure(values)) return values
  words.take()
  return values
}

/** Ends before the `)`. */
const parseIdentifiersList = (words: Words): Parsed<ReadonlyArray<string>> => {
  const values: string[] = []
  for (;;) {
    const { kind, literal } = words.take()
    const next = words.peek()
    if (kind === "identifier") {
      values.push(literal)
      if (next.kind === ")") return Result.succeed(values)
      if (next.kind !== ",") return Result.fail(`found '${next.literal}', expected: ',' or ')'`)
    } else if (kind === ",") {
      if (values.length === 0 || next.kind === ")" || next.kind === ",") values.push("")
      if (next.kind === ")") return Result.succeed(values)
    } else return Result.fail(`found '${literal}', expected: ',', or identifier`)
  }
}

const parseExactValue = (words: Words): Parsed<ReadonlyArray<string>> => {
  const next = words.peek()
  if (next.kind === "end" || next.kind === ",") return Result.succeed([""])
  words.take()
  return next.kind === "identifier"
    ? Result.succeed([next.literal])
    : Result.fail(`found '${next.literal}', expected: identifier`)
}

/** NewRequirement: what the key and the values must be. */
const checked = (requirement: LabelRequirement): Parsed<LabelRequirement> => {
  const { key, operator, values } = requirement
  const errors = [
    ...(operator === "gt" || operator === "lt"
      ? values.flatMap((value, i) =>
          parseInt64(value) === undefined
            ? [invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer")]
            : []
        )
      : []),
    ...values.flatMap((value, i) => {
      const wrong = labelValue(value)
      return wrong.length === 0 ? [] : [invalid(`values[${i}][${key}]`, value, wrong.join("; "))]
    })
  ]
  return errors.length === 0 ? Result.succeed(requirement) : Result.fail(told(errors))
}

/** As errors that stand together are written (`utilerrors.Aggregate`). */
const told = (errors: ReadonlyArray<FieldError>): string => {
  const texts = [...new Set(errors.map(({ body, field }) => `${field}: ${body}`))]
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(", ")}]`
}

const MAX_INT64 = (1n << 63n) - 1n

/** `strconv.ParseInt(text, 10, 64)` */
const parseInt64 = (text: string): bigint | undefined => {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ""))
  return value > MAX_INT64 || value < -MAX_INT64 - 1n ? undefined : value
}

/** Whether an object with these labels is selected. */
export const matchesLabels = (selector: LabelSelector, labels: Labels = {}): boolean =>
  selector.every((requirement) => holds(requirement, labels))

const holds = ({ key, operator, values }: LabelRequirement, labels: Labels): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case "exists":
      return value !== undefined
    case "!":
      return value === undefined
    case "in":
    case "=":
    case "==":
      return value !== undefined && values.includes(value)
    case "notin":
    case "!=":
      return value === undefined || !values.includes(value)
    default: {
      const [has, wanted] = [parseInt64(value ?? ""), parseInt64(values[0] ?? "")]
      if (has === undefined || wanted === undefined) return false
      return operator === "gt" ? has > wanted : has < wanted
    }
  }
}
