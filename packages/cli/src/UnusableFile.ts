/** A file that is missing (66), cannot be read (74), or is not what it should be (65). */
import { Runtime, Schema } from "effect"
import { exitCodes } from "./exitCode.ts"

const code = { missing: exitCodes.noInput, unreadable: exitCodes.io, unfit: exitCodes.badData } as const

export class UnusableFile extends Schema.TaggedError<UnusableFile>()("UnusableFile", {
  reason: Schema.Literals(["missing", "unreadable", "unfit"]),
  /** One sentence each: file, line and column where they are known, what is wrong, what to do. Never empty. */
  problems: Schema.Array(Schema.String)
}) {
  override readonly [Runtime.errorExitCode] = code[this.reason]
  override get message() {
    return this.problems.join("\n")
  }
}
