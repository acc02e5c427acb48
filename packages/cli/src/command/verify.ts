/** `kubereel verify`: is everything in a reel what was written. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { given, json, load } from "./shared.ts"

export const verify = Command.make(
  "verify",
  { reel: Argument.String("reel").pipe(Argument.withDescription("The reel to check")), json },
  Effect.fnUntraced(function* (input) {
    const { verifyReel } = yield* load(() => import("../action/verifyReel.ts"))
    yield* verifyReel(given(input))
  })
).pipe(
  Command.withDescription(
    "Check every event of a reel against its checksum and the hash chain; name the first bad one (exit status 1)"
  ),
  Command.withExamples([
    { command: "kubereel verify incident.reel", description: "Print the head hash of a sound reel" }
  ])
)
