/** `kubereel calibrate`: how long a node takes, from recordings of it. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { given, json, load, out } from "./shared.ts"

export const calibrate = Command.make(
  "calibrate",
  {
    files: Argument.String("reel").pipe(
      Argument.withDescription("A reel or a file of watch lines (also compressed), each of one cluster"),
      Argument.variadic({ min: 1 })
    ),
    out: out("Write the profile as JSON; a scenario names the file under spec.nodes[].profile"),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { calibrateFiles } = yield* load(() => import("../action/calibrateFiles.ts"))
    yield* calibrateFiles(given(input))
  })
).pipe(
  Command.withDescription(
    "Measure how long a node and its control plane take, for simulations of them (exit status 2: nothing to measure)"
  ),
  Command.withExamples([
    { command: "kubereel calibrate recordings/*.jsonl.gz", description: "Print what was measured" },
    {
      command: "kubereel calibrate monday.reel tuesday.reel -o my-node.json",
      description: "Keep it for scenarios with `nodes: [{name: n, profile: my-node.json}]`"
    }
  ])
)
