/** What a file is, told from its content: its name does not matter. */
import { closeSync, openSync, readSync, statSync } from "node:fs"
import type { Recognised } from "@kubereel/backend-k8s"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

/** Names for people: they stand in sentences. */
export type Sort =
  | "reel"
  | "scenario"
  | "watch lines"
  | "an audit log"
  | "a list of objects"
  | "a recording of kwok"
  | "an archive"
  | "unknown"

export interface Sniffed {
  readonly sort: Sort
  /** How to read it, if it is somebody's recording. */
  readonly recording: Recognised | undefined
}

const reasons: { readonly [code: string]: readonly [number, string] } = {
  ENOENT: [exitCodes.noInput, "no such file"],
  ENOTDIR: [exitCodes.noInput, "no such file"],
  EACCES: [exitCodes.io, "permission denied"],
  EPERM: [exitCodes.io, "permission denied"]
}

/** A complaint about a file that cannot be opened. */
export const unopened = (file: string, cause: unknown): Complaint => {
  const { code, message } = cause as NodeJS.ErrnoException
  const [status, problem] = reasons[code ?? ""] ?? [exitCodes.io, message]
  return new Complaint({ code: status, problem: `${file}: ${problem}` })
}

const SQLITE = "SQLite format 3\0"
const SCENARIO =
  /^(?:\uFEFF)?\s*(?:(?:#.*|---.*)?\n)*\s*(?:apiVersion:\s*["']?kubereel\.dev\/|\{\s*"apiVersion"\s*:\s*"kubereel\.dev\/)/

/** What can be told without the readers of other people's formats: most commands need no more. */
const quickly = (file: string): Sort | undefined => {
  const found = statSync(file)
  if (found.isDirectory()) return undefined
  if (found.size === 0 && found.isFile()) throw new Complaint({ code: exitCodes.badData, problem: `${file}: is empty` })
  // What is no ordinary file is read once only.
  if (!found.isFile()) return undefined
  const descriptor = openSync(file, "r")
  try {
    const bytes = Buffer.alloc(4096)
    const start = bytes.subarray(0, readSync(descriptor, bytes))
    if (start.toString("latin1", 0, SQLITE.length) === SQLITE) return "reel"
    return SCENARIO.test(start.toString("utf8")) ? "scenario" : undefined
  } finally {
    closeSync(descriptor)
  }
}

const sorts = {
  watch: "watch lines",
  audit: "an audit log",
  objects: "a list of objects",
  kwok: "a recording of kwok",
  archive: "an archive",
  scenario: "scenario"
} as const

export const sniff = Effect.fn("sniff")(function* (file: string) {
  const quick = yield* Effect.try({
    try: () => quickly(file),
    catch: (cause) => (cause instanceof Complaint ? cause : unopened(file, cause))
  })
  if (quick !== undefined) return { sort: quick, recording: undefined } satisfies Sniffed
  const { recogniseFile } = yield* Effect.promise(() => import("./readRecording.ts"))
  const recording = yield* recogniseFile(file)
  const sniffed: Sniffed = {
    sort: recording.format === undefined ? "unknown" : sorts[recording.format],
    recording
  }
  return sniffed
})
