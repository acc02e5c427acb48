/** What the shell is told. An error says it itself or is known here by name; anything else is our own defect, 70. */
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

/** The numbers of sysexits.h that we use, and 0, 1, 2 for what was found. */
export const exitCodes = {
  found: 1,
  inconclusive: 2,
  usage: 64,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  defect: 70,
  io: 74
} as const

/** Something that the user can mend: one sentence that says what, where and what to do. */
export class Complaint extends Schema.TaggedError<Complaint>()("Complaint", {
  code: Schema.Int,
  problem: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = this.code
  override get message() {
    return this.problem
  }
}

/** The command has said what it found; all that is left is the number. */
export class Verdict extends Schema.TaggedError<Verdict>()("Verdict", { code: Schema.Int }) {
  override readonly [Runtime.errorExitCode] = this.code
}

/** Errors of the ports, which know nothing of shells. */
const byName: {
  readonly [tag: string]: (error: { readonly reason?: unknown; readonly cause?: unknown }) => number | undefined
} = {
  UnusableLog: ({ reason }) =>
    reason === "Missing"
      ? exitCodes.noInput
      : reason === "Locked" || reason === "NotWritable"
        ? exitCodes.io
        : exitCodes.badData,
  DamagedLog: () => exitCodes.badData,
  IdConflict: () => exitCodes.badData,
  EventLogFailure: () => exitCodes.io,
  BackendFailure: ({ cause }) => codeOf(cause)
}

/** The number for an error; `undefined` where it is none that we know. */
export const codeOf = (error: unknown): number | undefined => {
  if (typeof error !== "object" || error === null) return undefined
  if (CliError.isCliError(error)) return Runtime.getErrorExitCode(error) === 0 ? 0 : exitCodes.usage
  if (Runtime.errorExitCode in error) return Runtime.getErrorExitCode(error)
  const tag = (error as { readonly _tag?: unknown })._tag
  return typeof tag === "string" ? byName[tag]?.(error) : undefined
}

/** What to print before leaving; `undefined` when everything has been said. */
export const lastWords = (cause: Cause.Cause<unknown>): string | undefined => {
  if (Cause.hasInterruptsOnly(cause)) return undefined
  const error = Cause.squash(cause)
  if (CliError.isCliError(error) || error instanceof Verdict) return undefined
  if (codeOf(error) !== undefined)
    return messageOf(error)
      .split("\n")
      .map((line) => `kubereel: ${line}`)
      .join("\n")
  return `kubereel: this is a defect of kubereel, not of your input; please report it with the lines below\n${Cause.pretty(cause)}`
}

const messageOf = (error: unknown): string => {
  const { message, cause } = error as { readonly message?: unknown; readonly cause?: unknown }
  if (typeof message === "string" && message !== "") return message
  return cause instanceof Error ? cause.message : String(cause ?? error)
}

let interrupted = 130

/** For a command that goes on until it is stopped: being stopped is its good end. */
export const endedByInterruption: Effect.Effect<void> = Effect.sync(() => {
  interrupted = 0
})

/** Ends the process: 130 after an interruption, as shells expect, unless the command waits for one. */
export const teardown: Runtime.Teardown = (exit, onExit) => {
  if (Exit.isSuccess(exit)) return onExit(0)
  if (Cause.hasInterruptsOnly(exit.cause)) return onExit(interrupted)
  onExit(codeOf(Cause.squash(exit.cause)) ?? exitCodes.defect)
}
