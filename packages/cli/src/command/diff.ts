/** `kubereel diff`: what happened in one history and not in the other. */

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { given, json, load, seed, source, text } from "./shared.ts"

export const diff = Command.make(
  "diff",
  {
    a: source("A"),
    b: source("B"),
    tolerance: text("tolerance", "DURATION", "How far the times of the same thing may lie apart"),
    seed,
    sideBySide: Flag.Boolean("side-by-side").pipe(
      Flag.withAlias("y"),
      Flag.withDescription("Print both timelines next to each other first"),
      Flag.withDefault(false)
    ),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { diffHistories } = yield* load(() => import("../action/diffHistories.ts"))
    yield* diffHistories(given(input))
  })
).pipe(
  Command.withDescription(
    "Say what happened in one of two histories only, in another order, or at another time (exit status 1)"
  ),
  Command.withExamples([
    {
      command: "kubereel diff scenarios/crash-loop.yaml recordings/crash-loop.1.jsonl.gz",
      description: "The simulator beside a real cluster"
    }
  ])
)
