/** What the containers of joined nodes do: scenarios, or files that say no more than `programs` and `images`. */
import { readFile } from "node:fs/promises"
import { decodeScenario, type NodeSpec, type Program, problemText, type Scenario } from "@kubereel/core"
import { Effect, Result } from "effect"
import { isMap, parseAllDocuments } from "yaml"
import { Complaint, exitCodes } from "../exitCode.ts"
import { parseScenario, unread } from "../scenario/loadScenario.ts"

const document = (name: string, spec: unknown): unknown => ({
  apiVersion: "kubereel.dev/v1alpha1",
  kind: "Scenario",
  metadata: { name },
  spec: { until: "1s", ...(spec as object) }
})

const parts = ["programs", "images"]

/** `undefined`: it is a whole document, of whatever kind. */
const partsOf = (text: string): unknown => {
  const [first] = [...parseAllDocuments(text, { prettyErrors: false })]
  if (first === undefined || !isMap(first.contents)) return undefined
  const keys = first.contents.items.map(({ key }) => String((key as { readonly value?: unknown } | null)?.value))
  return keys.length > 0 && keys.every((key) => parts.includes(key)) ? first.toJS({ maxAliasCount: 1_000 }) : undefined
}

const decoded = (file: string, spec: unknown): Result.Result<Scenario, Complaint> =>
  Result.mapError(decodeScenario(document("programs", spec)), (problems) => {
    const texts = problems.map((problem) => `${file}: ${problemText(problem).replace(/^spec\./, "")}`)
    return new Complaint({ code: exitCodes.badData, problem: texts.join("\n") })
  })

export interface ProgramFile {
  readonly scenario: Scenario
  /** Its programs are for the pods of its namespace in the first place. */
  readonly isWhole: boolean
}

export const readPrograms = Effect.fn("readPrograms")(function* (file: string) {
  const text = yield* Effect.tryPromise({ try: () => readFile(file, "utf8"), catch: unread(file) })
  const spec = partsOf(text)
  if (spec === undefined)
    return { scenario: yield* Effect.fromResult(parseScenario(text, file)), isWhole: true } satisfies ProgramFile
  return { scenario: yield* Effect.fromResult(decoded(file, spec)), isWhole: false } satisfies ProgramFile
})

/** Those of the scenarios of that namespace; where there are none, of all files in their order. */
export const programsOf = (files: ReadonlyArray<ProgramFile>): ((namespace: string) => ReadonlyArray<Program>) => {
  const all = files.flatMap(({ scenario }) => scenario.programs)
  const own = new Map<string, ReadonlyArray<Program>>()
  for (const { isWhole, scenario } of files)
    if (isWhole) own.set(scenario.namespace, [...(own.get(scenario.namespace) ?? []), ...scenario.programs])
  return (namespace) => own.get(namespace) ?? all
}

export interface NodeWishes {
  readonly capacity: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly taints: NodeSpec["taints"]
}

/** The nodes that are to join: as a file describes one of that name, and else, or beside that, as the flags say. */
export const joiningNodes = (
  names: ReadonlyArray<string>,
  { capacity, labels, taints }: NodeWishes,
  files: ReadonlyArray<ProgramFile>
): Result.Result<ReadonlyArray<NodeSpec>, Complaint> => {
  const described = new Map(files.flatMap(({ scenario }) => scenario.nodes).map((spec) => [spec.name, spec]))
  const { pods, ...amounts } = capacity
  const wished = { ...amounts, ...(pods === undefined ? {} : { pods: Number(pods) }), labels, taints }
  const checked = decodeScenario(document("nodes", { nodes: names.map((name) => ({ name, ...wished })) }))
  if (Result.isFailure(checked)) {
    const [first] = checked.failure
    const problem =
      first === undefined ? "the nodes cannot be made" : problemText(first).replace(/^spec\.nodes\[\d+\]\.?/, "")
    return Result.fail(new Complaint({ code: exitCodes.usage, problem: `joining nodes: ${problem}` }))
  }
  return Result.succeed(
    checked.success.nodes.map((spec) => {
      const known = described.get(spec.name)
      if (known === undefined) return spec
      const given = Object.fromEntries(Object.keys(capacity).map((key) => [key, spec[key as "cpu"]]))
      return {
        ...known,
        ...given,
        labels: { ...known.labels, ...spec.labels },
        taints: [...known.taints, ...spec.taints]
      }
    })
  )
}
