/** Why a document is no scenario, in words: what Effect's issues say, with field paths and the nearest known names. */
import type { SchemaAST, SchemaIssue } from "effect"
import { got, type ManifestProblem } from "../decide/apiserver/manifestProblems.ts"
import { nearest } from "../event/nearest.ts"

/** One thing that is wrong with a document: where, what, and where it can be said, what would be right. */
export type ScenarioProblem = ManifestProblem

/** `spec.steps[0].at`, as in Kubernetes' own messages. */
export const fieldPath = (path: ReadonlyArray<string | number>): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number"
        ? `${text}[${part}]`
        : /^[\w-]+$/.test(part)
          ? `${text}${text === "" ? "" : "."}${part}`
          : `${text}[${JSON.stringify(part)}]`,
    ""
  )

/** One sentence: `spec.steps[0].at: got 5, expected a duration such as "500ms"`. */
export const problemText = ({ expected, nearest: near, path, problem }: ScenarioProblem): string =>
  [
    `${path.length === 0 ? "the document" : fieldPath(path)}: ${problem}`,
    ...(near === undefined ? (expected === undefined ? [] : [`expected ${expected}`]) : [`did you mean "${near}"?`])
  ].join(", ")

const own = (annotations: SchemaAST.AST["annotations"]): string | undefined =>
  typeof annotations?.["expected"] === "string" ? annotations["expected"] : undefined

/** What a schema accepts, in a few words. */
const expectation = (ast: SchemaAST.AST): string => {
  const said =
    own(ast.annotations) ?? ast.checks?.map((check) => own(check.annotations)).find((text) => text !== undefined)
  if (said !== undefined && said !== "an integer") return said
  switch (ast._tag) {
    case "String":
      return "a text"
    case "Number":
      return "a whole number"
    case "Boolean":
      return "true or false"
    case "Literal":
      return JSON.stringify(ast.literal)
    case "Arrays":
      return "a list"
    case "Objects":
      return ast.propertySignatures.length === 0
        ? "a mapping"
        : `a mapping with ${ast.propertySignatures.map(({ name }) => String(name)).join(", ")}`
    case "Union": {
      const members = ast.types.map(expectation)
      return `${members.slice(0, -1).join(", ")}${members.length > 1 ? " or " : ""}${members.at(-1) ?? ""}`
    }
    default:
      return "another value"
  }
}

const at = (document: unknown, path: ReadonlyArray<string | number>): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<string | number, unknown>>)[part]
        : undefined,
    document
  )

interface Place {
  readonly path: ReadonlyArray<string | number>
  /** The schema of the mapping whose field this is. */
  readonly parent: SchemaAST.AST | undefined
  /** What is expected here, said by the nearest schema around that says it. */
  readonly expected: string | undefined
}

const namesOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Objects" ? ast.propertySignatures.map(({ name }) => String(name)) : []

const ofMissing = (place: Place): ScenarioProblem => {
  const name = String(place.path.at(-1))
  const field =
    place.parent?._tag === "Objects"
      ? place.parent.propertySignatures.find((signature) => signature.name === name)
      : undefined
  return { path: place.path, problem: "missing", ...(field === undefined ? {} : { expected: expectation(field.type) }) }
}

const ofUnknown = (path: Place["path"], ast: SchemaAST.AST): ScenarioProblem => {
  const near = nearest(String(path.at(-1)), namesOf(ast))
  return near === undefined
    ? {
        path,
        problem: "unknown field",
        ...(namesOf(ast).length === 0 ? {} : { expected: `one of ${namesOf(ast).join(", ")}` })
      }
    : { path, problem: "unknown field", nearest: near }
}

const ofUnion = (document: unknown, issue: SchemaIssue.AnyOf, place: Place): ReadonlyArray<ScenarioProblem> => {
  const value = at(document, place.path)
  const composite = typeof value === "object" && value !== null
  const inside = issue.issues.filter(
    (member) => member._tag === "Composite" || member._tag === "Filter" || member._tag === "AnyOf"
  )
  return composite && inside.length === 1 && inside[0] !== undefined
    ? walk(document, inside[0], { ...place, expected: undefined })
    : [{ path: place.path, problem: `got ${got(value)}`, expected: expectation(issue.ast) }]
}

const walk = (document: unknown, issue: SchemaIssue.Issue, place: Place): ReadonlyArray<ScenarioProblem> => {
  switch (issue._tag) {
    case "Pointer":
      return walk(document, issue.issue, {
        ...place,
        path: [...place.path, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))]
      })
    case "Composite":
      return issue.issues.flatMap((inner) =>
        walk(document, inner, { path: place.path, parent: issue.ast, expected: undefined })
      )
    case "MissingKey":
      return [ofMissing(place)]
    case "UnexpectedKey":
      return [ofUnknown(place.path, issue.ast)]
    case "AnyOf":
      return ofUnion(document, issue, place)
    case "Filter": {
      const expected = own(issue.filter.annotations) ?? place.expected
      return [
        {
          path: place.path,
          problem: `got ${got(at(document, place.path))}`,
          ...(expected === undefined ? {} : { expected })
        }
      ]
    }
    case "Encoding":
      return walk(document, issue.issue, place)
    case "InvalidType":
      return [{ path: place.path, problem: `got ${got(at(document, place.path))}`, expected: expectation(issue.ast) }]
    case "InvalidValue":
    case "Forbidden":
    case "OneOf":
      return [
        {
          path: place.path,
          problem: `got ${got(at(document, place.path))}`,
          ...(place.expected === undefined ? {} : { expected: place.expected })
        }
      ]
  }
}

/** All problems that an issue speaks of. Never empty. */
export const scenarioProblems = (document: unknown, issue: SchemaIssue.Issue): ReadonlyArray<ScenarioProblem> =>
  walk(document, issue, { path: [], parent: undefined, expected: undefined })
