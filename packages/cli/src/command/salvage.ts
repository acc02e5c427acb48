/** `kubereel salvage`: what is left of a damaged reel. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { given, json, load } from "./shared.ts"

export const salvage = Command.make(
  "salvage",
  {
    reel: Argument.String("reel").pipe(Argument.withDescription("The damaged reel; it is left as it is")),
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("FILE"),
      Flag.withDescription("The reel to write, replacing one of that name")
    ),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { salvageReel } = yield* load(() => import("../action/salvageReel.ts"))
    yield* salvageReel(given(input))
  })
).pipe(
  Command.withDescription(
    "Copy what can be read of a damaged reel into a new one, with a gap in the place of what cannot"
  ),
  Command.withExamples([
    {
      command: "kubereel salvage torn.reel -o saved.reel",
      description: "Also where the file is cut off, or its -wal is missing"
    }
  ])
)
