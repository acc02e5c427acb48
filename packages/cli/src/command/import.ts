/** `kubereel import`: other people's recordings into a reel. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { given, json, load, redact, text } from "./shared.ts"

export const importCommand = Command.make(
  "import",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription(
        "Watch lines, audit logs, lists, Events, kwok recordings, must-gather or support bundles; plain, gzip or zstd"
      ),
      Argument.variadic({ min: 1 })
    ),
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("FILE"),
      Flag.withDescription("The reel to write, replacing one of that name")
    ),
    format: Flag.Literals("format", ["watch", "audit", "objects", "kwok", "archive"]).pipe(
      Flag.withDescription(
        "What the files are, instead of what their content says: watch lines, audit logs, lists and Events, kwok's, archives"
      ),
      Flag.optional
    ),
    start: text("start", "TIME", "When a kwok recording began, which it does not say (default: 1970-01-01T00:00:00Z)"),
    redact,
    redactKey: text(
      "redact-key",
      "TEXT",
      "Make the marks of hidden values comparable with other imports under this text (default: a hash of the files)"
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
    },
    {
      command: "kubereel import audit-1.log audit-2.log.gz -o incident.reel",
      description: "The audit logs of two API servers of one cluster, put in order"
    },
    {
      command: "kubereel import must-gather.tar.gz -o incident.reel",
      description: "What a collector found at one moment"
    }
  ])
)
