/** `kubereel why`: what led to a pod's fate, each link with its event. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { given, json, load, source, text } from "./shared.ts"

export const why = Command.make(
  "why",
  {
    file: source("reel"),
    pod: Argument.String("pod").pipe(Argument.withDescription("The pod: NAME or NAMESPACE/NAME")),
    at: text("at", "TIME", "What had happened until then: 2026-11-21T08:44:30Z, or 16s after the start"),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { explainPod } = yield* load(() => import("../action/explainPod.ts"))
    yield* explainPod(given(input))
  })
).pipe(
  Command.withDescription(
    "Say why a pod is on its node, or on none: the scheduler's decisions, asked again of its rules (exit status 2: not known)"
  ),
  Command.withExamples([
    {
      command: "kubereel why incident.reel web-0",
      description: "Every node's answer to the last decision about the pod"
    }
  ])
)
