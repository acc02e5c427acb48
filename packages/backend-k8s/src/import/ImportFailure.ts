/** Why a recording cannot be read in: a sentence that says where and what to do. */
import { Runtime, Schema } from "effect"
import { Damaged, TooLong } from "./bytes.ts"

/** The file is there and is no recording, or a damaged one. Says where. */
export class BadRecording extends Schema.TaggedError<BadRecording>()("BadRecording", {
  file: Schema.String,
  line: Schema.optionalKey(Schema.Natural),
  problem: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = 65
  override get message() {
    return `${this.file}${this.line === undefined ? "" : `:${this.line}`}: ${this.problem}`
  }
}

/** The file cannot be read at all. */
export class UnreadableFile extends Schema.TaggedError<UnreadableFile>()("UnreadableFile", {
  file: Schema.String,
  reason: Schema.Literals(["Missing", "Directory", "NotPermitted", "Other"]),
  cause: Schema.Defect()
}) {
  override readonly [Runtime.errorExitCode] = this.reason === "Missing" || this.reason === "Directory" ? 66 : 74
  override get message() {
    return `${this.file}: ${problems[this.reason] ?? `cannot be read (${textOf(this.cause)})`}`
  }
}

const problems: { readonly [reason: string]: string } = {
  Missing: "no such file",
  Directory: "is a directory, and not that of a collector (must-gather, crust-gather, support bundle); name the file",
  NotPermitted: "permission denied"
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** The error of the system behind a failed read. */
export const unreadable = (file: string, cause: unknown): UnreadableFile => {
  const code = (cause as { readonly code?: unknown } | null)?.code
  const reason =
    code === "ENOENT" || code === "ENOTDIR"
      ? "Missing"
      : code === "EISDIR"
        ? "Directory"
        : code === "EACCES" || code === "EPERM"
          ? "NotPermitted"
          : "Other"
  return new UnreadableFile({ file, reason, cause })
}

/** What a reader of bytes or lines has thrown, in the words of an import. */
export const importFailure =
  (file: string, what: string) =>
  (cause: unknown): BadRecording | UnreadableFile => {
    if (cause instanceof BadRecording || cause instanceof UnreadableFile) return cause
    if (cause instanceof TooLong)
      return new BadRecording({ file, line: cause.line, problem: `${cause.message}; this is not ${what}` })
    if (cause instanceof Damaged) return new BadRecording({ file, problem: `${cause.message}; fetch the file again` })
    return unreadable(file, cause)
  }
