/** Field selectors as clients write them (`fields.ParseSelector`, k8s.io/apimachinery/pkg/fields/selector.go). */
import { Result } from "effect"

export interface FieldRequirement {
  readonly field: string
  readonly operator: "=" | "!="
  readonly value: string
}

/** All of them must hold: an empty one selects everything. */
export type FieldSelector = ReadonlyArray<FieldRequirement>

/** Fails with Kubernetes' own sentence, which is the message of a 400. */
export const parseFieldSelector = (text: string): Result.Result<FieldSelector, string> => {
  const requirements: FieldRequirement[] = []
  for (const term of splitTerms(text).toSorted()) {
    if (term === "") continue
    const parts = /^(.*?)(!=|==|=)(.*)$/s.exec(term)
    if (parts === null) return Result.fail(`invalid selector: '${text}'; can't understand '${term}'`)
    const [, field = "", operator, escaped = ""] = parts
    const value = unescapeValue(escaped)
    if (Result.isFailure(value)) return Result.fail(value.failure)
    // A term that names neither a field nor a value asks for nothing, not even with `!=`.
    if (field === "" && value.success === "") continue
    requirements.push({ field, operator: operator === "!=" ? "!=" : "=", value: value.success })
  }
  return Result.succeed(requirements)
}

/** At commas that no backslash stands before. */
const splitTerms = (text: string): ReadonlyArray<string> => text.match(/(?:\\.|[^,\\]|\\$)+/gsu) ?? []

/** A backslash stands before a backslash, a comma or an equals sign that belong to the value. */
const unescapeValue = (escaped: string): Result.Result<string, string> => {
  let value = ""
  const characters = [...escaped]
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] as string
    if (character === "," || character === "=") return Result.fail(unescaped(character))
    if (character !== "\\") {
      value += character
      continue
    }
    const next = characters[++i] ?? ""
    if (next === "" || !"\\,=".includes(next))
      return Result.fail(`invalid field selector: invalid escape sequence: \\${next}`)
    value += next
  }
  return Result.succeed(value)
}

/** Go writes a rune as its number. */
const unescaped = (character: string): string =>
  `invalid field selector: unescaped character in value: ${character.codePointAt(0)}`

/** The one value that a field must have (RequiresExactMatch); `undefined` if it may have several. */
export const requiredValue = (selector: FieldSelector, field: string): string | undefined =>
  selector.find((requirement) => requirement.operator === "=" && requirement.field === field)?.value

/** Whether an object is selected of which `fieldOf` says what its fields are. */
export const matchesFields = (selector: FieldSelector, fieldOf: (field: string) => string): boolean =>
  selector.every(({ field, operator, value }) => (fieldOf(field) === value) === (operator === "="))
