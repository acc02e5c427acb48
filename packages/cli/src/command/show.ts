/** `kubereel show`: what happened, as a timeline; what was true, at a moment. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { given, json, load, source, text } from "./shared.ts"

export const show = Command.make(
  "show",
  {
    file: source("reel"),
    pod: Argument.String("pod").pipe(
      Argument.withDescription("Only this pod: NAME or NAMESPACE/NAME"),
      Argument.optional
    ),
    at: text("at", "TIME", "The pods as they were then: 2026-11-21T08:44:30Z, or 16s after the start"),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { showHistory } = yield* load(() => import("../action/showHistory.ts"))
    yield* showHistory(given(input))
  })
).pipe(
  Command.withDescription("Print the timeline of a reel, or the state of its pods at a moment"),
  Command.withExamples([
    { command: "kubereel show incident.reel web-0", description: "The life of one pod" },
    {
      command: "kubereel show incident.reel --at 16s",
      description: "`kubectl get pods`, sixteen seconds after the start"
    }
  ])
)
