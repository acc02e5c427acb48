/** `kubereel check`: does what must hold in every pod's life hold in these histories. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { choice, flag, given, json, load, seed, text } from "./shared.ts"

export const check = Command.make(
  "check",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription(
        "Reels, recordings (whatever `import` reads, also compressed) or scenarios; told apart by content"
      ),
      Argument.variadic({ min: 0 })
    ),
    ...choice,
    from: text("from", "TIME", "Ask of nothing before this time, or this long after the start (16s)"),
    to: text("to", "TIME", "Read no further than this time, or this long after the start"),
    end: text(
      "end",
      "open|stopped|quiescent",
      "Whether more may come after the end (default: open); stopped: only what has time left; quiescent: nothing"
    ),
    seed,
    strict: flag("strict", "Take what is pending, or was never asked, for inconclusive (exit status 2)"),
    list: flag("list", "Print all laws, each in a sentence, and check nothing"),
    explainLaw: text("explain-law", "PATTERN", "Print what is known of a law, and check nothing"),
    json,
    junit: text("junit", "FILE", "Write the result as JUnit XML, too"),
    github: flag("github", "Print annotations for a GitHub workflow, too")
  },
  Effect.fnUntraced(function* (input) {
    const { checkHistories } = yield* load(() => import("../action/checkHistories.ts"))
    yield* checkHistories(given(input))
  })
).pipe(
  Command.withDescription(
    "Hold histories to the laws of pods' lives, or to properties of your own (exit status 1: a law is violated, 2: not all is known)"
  ),
  Command.withExamples([
    { command: "kubereel check incident.reel", description: "All laws over a recording" },
    {
      command: "kubereel check scenarios/crash-loop.yaml --law 'container/*'",
      description: "Some of them over a simulation"
    },
    { command: "kubereel check incident.reel --property mine.ts", description: "Properties of your own" }
  ])
)
