/** `kubereel clock`: the clock of a cluster that `kubereel up` runs. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { given, json, load, text } from "./shared.ts"

export const clock = Command.make(
  "clock",
  {
    order: Argument.String("order").pipe(Argument.withDescription("status, pause, resume, step, speed, jump or until")),
    value: Argument.String("value").pipe(
      Argument.withDescription("step: a duration; speed: a number or max; jump: a time; until: ready"),
      Argument.optional
    ),
    within: text("within", "DURATION", "With until: at most so much of the cluster's time (default 1h)"),
    kubeconfig: text("kubeconfig", "FILE", "The one that `kubereel up` wrote (default kubereel.kubeconfig)"),
    context: text("context", "NAME", "The context of the kubeconfig (default: its current one)"),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { steerClock } = yield* load(() => import("../action/steerClock.ts"))
    yield* steerClock(given(input))
  })
).pipe(
  Command.withDescription(
    "Read and steer the clock of a cluster that `kubereel up` runs (exit status 1: not ready in time)"
  ),
  Command.withExamples([
    { command: "kubereel clock pause", description: "Time stands still; requests are answered" },
    { command: "kubereel clock step 30s", description: "Half a minute, as fast as it goes" },
    {
      command: "kubereel clock speed 100",
      description: "A hundred times as fast as the wall's clock; max: as it goes"
    },
    { command: "kubereel clock until ready", description: "Until all that was asked for is there and ready" }
  ])
)
