/** `kubereel import`: other people's recordings into a reel. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { given, json, load } from "./shared.ts"

export const importCommand = Command.make(
  "import",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("A file of watch lines: plain, gzip or zstd"),
      Argument.variadic({ min: 1 })
    ),
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("FILE"),
      Flag.withDescription("The reel to write, replacing one of that name")
    ),
    redact: Flag.Boolean("redact").pipe(
      Flag.withDescription(
        "Hide literal environment values, Secrets, last-applied annotations and credentials in URLs (--no-redact keeps them)"
      ),
      Flag.withDefault(true)
    ),
    redactKey: Flag.String("redact-key").pipe(
      Flag.withMetavar("TEXT"),
      Flag.withDescription(
        "Make the marks of hidden values comparable with other imports under this text (default: a hash of the files)"
      ),
      Flag.optional
    ),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { importFiles } = yield* load(() => import("../action/importFiles.ts"))
    yield* importFiles(given(input))
  })
).pipe(
  Command.withDescription("Read recordings of a real cluster into a reel, without their secrets"),
  Command.withExamples([
    {
      command: "kubereel import watch.jsonl.gz -o incident.reel",
      description: "Lines of `kubectl get pods -A -w --output-watch-events -o json`"
    }
  ])
)
