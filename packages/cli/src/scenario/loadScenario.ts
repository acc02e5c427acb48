/** A scenario from its file: every problem with the line and the column where it stands. */
import { readFile } from "node:fs/promises"
import { decodeScenario, problemText, type Scenario, type ScenarioProblem } from "@kubereel/core"
import { Effect, Result } from "effect"
import { type Document, isMap, isPair, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from "yaml"
import { UnusableFile } from "../UnusableFile.ts"

const MAX_PROBLEMS = 20

const unfit = (...problems: ReadonlyArray<string>): UnusableFile => new UnusableFile({ reason: "unfit", problems })

/** What stands at a path: the pair of a field, the node of an entry; where that is missing, what it should stand in. */
const find = (document: Document, path: ScenarioProblem["path"]): Node | Pair | null => {
  let [found, inside]: readonly [Node | Pair | null, unknown] = [document.contents, document.contents]
  for (const part of path) {
    if (isMap(inside)) {
      const pair: Pair | undefined = inside.items.find(
        ({ key }) => String((key as { readonly value?: unknown } | null)?.value) === part
      )
      if (pair === undefined) return found
      ;[found, inside] = [pair, pair.value]
    } else if (isSeq(inside)) {
      const item = inside.items[Number(part)]
      if (item === undefined) return found
      ;[found, inside] = [item as Node, item]
    } else return found
  }
  return found
}

/** An unknown or missing field is shown where its name is (or should be), a wrong value where the value is. */
const offsetOf = (at: Node | Pair | null, problem: string): number => {
  const node = (isPair(at) ? (problem.startsWith("got") && at.value !== null ? at.value : at.key) : at) as Node | null
  return node?.range?.[0] ?? 0
}

/** The problems in the order of the file, each with its place. */
const located = (file: string, document: Document, lines: LineCounter, problems: ReadonlyArray<ScenarioProblem>) =>
  problems
    .map((problem) => ({ problem, offset: offsetOf(find(document, problem.path), problem.problem) }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, problem }) => {
      const { col, line } = lines.linePos(offset)
      return `${file}:${line}:${col}: ${problemText(problem)}`
    })

/** A document of another kind than a scenario, where it is worth a word of its own. */
const otherKind = (file: string, value: unknown): string | undefined => {
  const { apiVersion, kind } = (typeof value === "object" && value !== null ? value : {}) as {
    readonly [field: string]: unknown
  }
  if (typeof kind !== "string" || typeof apiVersion !== "string" || apiVersion.startsWith("kubereel.dev/"))
    return undefined
  return `${file}: this is a manifest (kind ${kind}), not a scenario; put it under "spec.steps[0].apply" of a document with "kind: Scenario", "apiVersion: kubereel.dev/v1alpha1", "metadata.name" and "spec.until"`
}

/** Input of other commands, taken for a scenario. */
const otherFormat = (file: string, text: string): string | undefined => {
  if (text.startsWith("SQLite format 3\0"))
    return `${file}: this is a reel, not a scenario; "kubereel show ${file}" shows it`
  if (/^\{"(?:observedAt|scenario|type|object)"/.test(text))
    return `${file}: these are watch lines, not a scenario; "kubereel import ${file}" reads them`
  return undefined
}

const readYaml = (file: string, text: string, lines: LineCounter): Result.Result<Document, UnusableFile> => {
  if (text.trim() === "")
    return Result.fail(unfit(`${file}: the file is empty; a scenario begins with "apiVersion: kubereel.dev/v1alpha1"`))
  const foreign = otherFormat(file, text)
  if (foreign !== undefined) return Result.fail(unfit(foreign))
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })]
  const [document, second] = documents
  const errors = documents.flatMap((part) => part.errors)
  if (errors.length > 0) {
    return Result.fail(
      unfit(
        ...errors.slice(0, MAX_PROBLEMS).map(({ message, pos }) => {
          const { col, line } = lines.linePos(pos[0])
          return `${file}:${line}:${col}: this is not YAML: ${message.replaceAll(/\s*\n\s*/g, " ")}`
        })
      )
    )
  }
  if (document === undefined || document.contents === null) {
    return Result.fail(
      unfit(`${file}: there is nothing in it but comments; a scenario begins with "apiVersion: kubereel.dev/v1alpha1"`)
    )
  }
  if (second !== undefined) {
    const { line } = lines.linePos(second.range?.[0] ?? 0)
    return Result.fail(
      unfit(
        otherKind(file, document.toJS()) ??
          `${file}:${line}: a second document begins here; a scenario is one document in a file of its own`
      )
    )
  }
  return Result.succeed(document)
}

/** Anchors that multiply without end are refused by the parser when they are resolved. */
const toValue = (file: string, document: Document): Result.Result<unknown, UnusableFile> =>
  Result.try({
    try: () => document.toJS({ maxAliasCount: 1_000 }) as unknown,
    catch: (cause) => unfit(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`)
  })

/** The scenario in a text; `file` is how its problems call it. */
export const parseScenario = (text: string, file: string): Result.Result<Scenario, UnusableFile> => {
  const lines = new LineCounter()
  const read = readYaml(file, text, lines)
  if (Result.isFailure(read)) return Result.fail(read.failure)
  const value = toValue(file, read.success)
  if (Result.isFailure(value)) return Result.fail(value.failure)
  const foreign = otherKind(file, value.success)
  if (foreign !== undefined) return Result.fail(unfit(foreign))
  const decoded = decodeScenario(value.success)
  if (Result.isSuccess(decoded)) return Result.succeed(decoded.success)
  const problems = located(file, read.success, lines, decoded.failure).slice(0, MAX_PROBLEMS)
  const more = decoded.failure.length - problems.length
  return Result.fail(unfit(...problems, ...(more > 0 ? [`${file}: and ${more} more`] : [])))
}

export const unread =
  (file: string) =>
  (cause: unknown): UnusableFile => {
    const code = (cause as { readonly code?: unknown } | undefined)?.code
    if (code === "ENOENT" || code === "ENOTDIR")
      return new UnusableFile({ reason: "missing", problems: [`${file}: there is no such file`] })
    if (code === "EISDIR")
      return new UnusableFile({ reason: "missing", problems: [`${file}: is a directory; name the file`] })
    return new UnusableFile({
      reason: "unreadable",
      problems: [`${file}: it cannot be read (${cause instanceof Error ? cause.message : String(cause)})`]
    })
  }

/** Reads and checks a scenario's file. */
export const loadScenario = Effect.fn("loadScenario")(function* (file: string) {
  const text = yield* Effect.tryPromise({ try: () => readFile(file, "utf8"), catch: unread(file) })
  return yield* Effect.fromResult(parseScenario(text, file))
})
