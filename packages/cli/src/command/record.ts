/** `kubereel record`: a real cluster, as it lives, into a reel. */

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { given, json, load, out } from "./shared.ts"

const word = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

const flag = (name: string, description: string, value = false) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(value))

export const record = Command.make(
  "record",
  {
    out: out("The reel to write, or to go on with (default: a new one, named after the context and the time)"),
    context: word("context", "NAME", "The context of the kubeconfig (default: its current one)"),
    kubeconfig: word("kubeconfig", "FILE", "The kubeconfig (default: as for kubectl)"),
    for: word("for", "DURATION", "Stop after this time (90s, 5m, 24h) instead of at Ctrl-C"),
    namespace: Flag.String("namespace").pipe(
      Flag.withAlias("n"),
      Flag.withMetavar("NAME"),
      Flag.withDescription("Record one namespace (and the nodes) instead of all of them"),
      Flag.optional
    ),
    selector: Flag.String("selector").pipe(
      Flag.withAlias("l"),
      Flag.withMetavar("LABELS"),
      Flag.withDescription("Record only pods and workloads with these labels; Events, nodes and namespaces have none"),
      Flag.optional
    ),
    resources: Flag.String("resource").pipe(
      Flag.withMetavar("NAME"),
      Flag.withDescription("Record this kind too, named as for kubectl (may be repeated)"),
      Flag.atLeast(0)
    ),
    only: flag("only", "Record nothing but what --resource names"),
    maxSize: word("max-size", "SIZE", "Remove the oldest events beyond this size of the file (500Mi, 10Gi)"),
    maxAge: word("max-age", "DURATION", "Remove events that are older than this (24h)"),
    redact: flag(
      "redact",
      "Hide literal environment values, Secrets, last-applied annotations and credentials in URLs (--no-redact keeps them)",
      true
    ),
    redactKey: word(
      "redact-key",
      "TEXT",
      "Make the marks of hidden values comparable with other reels under this text (default: a key kept in FILE.key)"
    ),
    printRbac: flag("print-rbac", "Print the least rights that recording needs, as YAML, and do nothing else"),
    printManifest: flag("print-manifest", "Print what runs this recording inside the cluster, as YAML"),
    image: word("image", "IMAGE", "The image for --print-manifest, with `kubereel` in its path"),
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
