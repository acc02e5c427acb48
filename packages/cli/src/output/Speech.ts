/** What is said on stderr: usage errors, warnings, progress, last words. stdout is for the answer. */
import type * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { lastWords } from "../exitCode.ts"

const sentence = (path: ReadonlyArray<string>, errors: ReadonlyArray<CliError.NonShowHelpErrors>): string => {
  const said = errors.map((error) =>
    error.message
      .trim()
      .replaceAll(/\s*\n\s*/g, " ")
      .replace(/ Did you mean this\? (.*)$/, ", did you mean $1?")
      .replace(/[.;]+$/, "")
  )
  return `${path.join(" ")}: ${said.join("; ")}; see \`${path.join(" ")} --help\``
}

/** A wrong call gets one sentence on stderr; help goes to stdout only where it was asked for. */
export const presenter: Layer.Layer<never> = CliOutput.layerPresenter({
  present: (event) => {
    switch (event._tag) {
      case "InvalidInvocation":
        return Console.error(sentence(event.commandPath, event.errors))
      case "Version":
        return Console.log(`${event.name} v${event.version}`)
      case "Help":
        return CliOutput.defaultPresenter.present(event)
    }
  }
})

export const warn = (message: string): Effect.Effect<void> => Console.error(`warning: ${message}`)

export const note = (message: string): Effect.Effect<void> => Console.error(message)

export const sayLastWords = (cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  const words = lastWords(cause)
  return words === undefined ? Effect.void : Console.error(words)
}

/** How often a progress line is redrawn, and how long nothing is said at first, in milliseconds. */
const PROGRESS_EVERY = 200
const PROGRESS_AFTER = 1_000

export interface Progress {
  /** Shows the text that it makes, if it is time for that. */
  readonly tick: (text: () => string) => void
}

/** A line that redraws itself on a terminal for anything over a second, and is wiped at the end; silent elsewhere. */
export const progress = Effect.acquireRelease(
  Effect.sync((): Progress & { readonly wipe: () => void } => {
    const { stderr } = process
    let due = performance.now() + PROGRESS_AFTER
    let drawn = false
    return {
      tick: (text) => {
        if (!stderr.isTTY || performance.now() < due) return
        due = performance.now() + PROGRESS_EVERY
        drawn = true
        stderr.write(`\r\u001b[K${text().slice(0, (stderr.columns ?? 80) - 1)}`)
      },
      wipe: () => {
        if (drawn) stderr.write("\r\u001b[K")
      }
    }
  }),
  ({ wipe }) => Effect.sync(wipe)
)
