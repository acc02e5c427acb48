/** `kubereel run`: scenarios on the simulated cluster. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { given, json, load, out, seed } from "./shared.ts"

export const run = Command.make(
  "run",
  {
    scenarios: Argument.String("scenario").pipe(
      Argument.withDescription("A YAML document of kind Scenario"),
      Argument.variadic({ min: 1 })
    ),
    out: out("Write a reel, replacing one of that name"),
    seed,
    until: Flag.String("until").pipe(
      Flag.withMetavar("DURATION"),
      Flag.withDescription("Stop after this time of the cluster (90s, 5m), instead of the scenario's own horizon"),
      Flag.optional
    ),
    start: Flag.String("start").pipe(
      Flag.withMetavar("TIME"),
      Flag.withDescription("The cluster's clock at the beginning (default 2026-01-01T00:00:00Z)"),
      Flag.optional
    ),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { runScenarios } = yield* load(() => import("../action/runScenarios.ts"))
    yield* runScenarios(given(input))
  })
).pipe(
  Command.withDescription(
    "Simulate scenarios in virtual time and print what happened (exit status 1: a check of theirs does not hold)"
  ),
  Command.withExamples([
    { command: "kubereel run scenarios/crash-loop.yaml", description: "Print the timeline" },
    {
      command: "kubereel run scenarios/crash-loop.yaml --seed 7 -o loop.reel",
      description: "Keep the history of one seed"
    }
  ])
)
