/** `kubereel record`: a real cluster, as it lives, into a reel. */

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { choice, flag, given, json, load, out, redact, text } from "./shared.ts"

export const record = Command.make(
  "record",
  {
    out: out("The reel to write, or to go on with (default: a new one, named after the context and the time)"),
    context: text("context", "NAME", "The context of the kubeconfig (default: its current one)"),
    kubeconfig: text("kubeconfig", "FILE", "The kubeconfig (default: as for kubectl)"),
    for: text("for", "DURATION", "Stop after this time (90s, 5m, 24h) instead of at Ctrl-C"),
    namespace: text("namespace", "NAME", "Record one namespace (and the nodes) instead of all of them").pipe(
      Flag.withAlias("n")
    ),
    selector: text(
      "selector",
      "LABELS",
      "Record only pods and workloads with these labels; Events, nodes and namespaces have none"
    ).pipe(Flag.withAlias("l")),
    resources: Flag.String("resource").pipe(
      Flag.withMetavar("NAME"),
      Flag.withDescription("Record this kind too, named as for kubectl (may be repeated)"),
      Flag.atLeast(0)
    ),
    only: flag("only", "Record nothing but what --resource names"),
    maxSize: text("max-size", "SIZE", "Remove the oldest events beyond this size of the file (500Mi, 10Gi)"),
    maxAge: text("max-age", "DURATION", "Remove events that are older than this (24h)"),
    redact,
    redactKey: text(
      "redact-key",
      "TEXT",
      "Make the marks of hidden values comparable with other reels under this text (default: a key kept in FILE.key)"
    ),
    printRbac: flag("print-rbac", "Print the least rights that recording needs, as YAML, and do nothing else"),
    printManifest: flag("print-manifest", "Print what runs this recording inside the cluster, as YAML"),
    image: text("image", "IMAGE", "The image for --print-manifest, with `kubereel` in its path"),
    check: flag(
      "check",
      "Check what is recorded, and tell at once what breaks a law; verdicts go to FILE.verdicts.jsonl"
    ),
    ...choice,
    json
  },
  Effect.fnUntraced(function* (input) {
    const { recordCluster } = yield* load(() => import("../action/recordCluster.ts"))
    yield* recordCluster(given(input))
  })
).pipe(
  Command.withDescription("Record a cluster until Ctrl-C; what could not be seen is in the reel as a gap"),
  Command.withExamples([
    { command: "kubereel record -o cluster.reel", description: "The cluster of the current context" },
    { command: "kubereel record -n shop --for 10m", description: "One namespace, for ten minutes" },
    {
      command: "kubereel record --print-rbac | kubectl apply -f -",
      description: "Make a service account that may record"
    }
  ])
)
