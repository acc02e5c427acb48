/** `kubereel serve`: the Kubernetes API over a recording, at any moment of it. */

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { flag, given, json, listen, load, port, source, text } from "./shared.ts"

export const serve = Command.make(
  "serve",
  {
    file: source("file"),
    port,
    listen,
    kubeconfig: text(
      "kubeconfig",
      "FILE",
      "Where to write the kubeconfig, once the server answers (default: the recording's name, with .kubeconfig)"
    ),
    marks: Flag.String("mark").pipe(
      Flag.withMetavar("NAME=TIME"),
      Flag.withDescription("Give a moment a name, and a context in the kubeconfig (may be repeated)"),
      Flag.atLeast(0)
    ),
    shiftTimes: flag(
      "shift-times",
      "Move all times so that the moment is now, for clients that count ages by their own clock (kubectl describe)"
    ),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { serveHistory } = yield* load(() => import("../action/serveHistory.ts"))
    return yield* serveHistory(given(input))
  })
).pipe(
  Command.withDescription(
    "Serve the Kubernetes API of a recording until Ctrl-C: kubectl, k9s and other clients look at any moment of it"
  ),
  Command.withExamples([
    { command: "kubereel serve incident.reel", description: "Then: kubectl --kubeconfig incident.kubeconfig get pods" },
    {
      command: "kubereel serve incident.reel --mark alert=2026-11-21T12:03:17Z",
      description: "Then: kubectl --kubeconfig incident.kubeconfig --context alert get pods"
    }
  ])
)
