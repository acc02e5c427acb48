/** `kubereel export`: a reel in a format that others read. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { given, load, out, text } from "./shared.ts"

export const exportCommand = Command.make(
  "export",
  {
    reel: Argument.String("reel").pipe(Argument.withDescription("The reel to read")),
    format: Flag.Literals("format", ["watch", "events", "manifests", "audit", "reel", "sql"]).pipe(
      Flag.withDescription(
        "watch: a header, then one watch event a line; events: a list as of `kubectl get events -o json`; manifests: YAML of all objects at a moment; audit: lines like those of an audit log; reel: everything, one `[version,{…}]` a line, for `import`; sql: tables and views in an SQLite file, which is brought up to date if it is there"
      ),
      Flag.withDefault("watch" as const)
    ),
    at: text(
      "at",
      "TIME",
      "The moment of the manifests: 2026-11-21T08:44:30Z, or 16s after the start (default: the end)"
    ),
    out: out("Write to a file instead of stdout, replacing one of that name")
  },
  Effect.fnUntraced(function* (input) {
    const { exportReel } = yield* load(() => import("../action/exportReel.ts"))
    yield* exportReel(given(input))
  })
).pipe(
  Command.withDescription("Write what is in a reel for other tools, objects complete and exact"),
  Command.withExamples([
    { command: "kubereel export incident.reel --format watch | head -1", description: "Print the header" },
    {
      command: "kubereel export incident.reel --format manifests --at 16s",
      description: "Everything that was there sixteen seconds after the start, as YAML"
    }
  ])
)
