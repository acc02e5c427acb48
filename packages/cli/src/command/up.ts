/** `kubereel up`: a simulated cluster that lives, behind the Kubernetes API. */

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { flag, given, json, listen, load, out, port, redact, seed, text } from "./shared.ts"

export const up = Command.make(
  "up",
  {
    files: Flag.String("filename").pipe(
      Flag.withAlias("f"),
      Flag.withMetavar("FILE"),
      Flag.withDescription(
        "Manifests that are applied before the cluster answers, a scenario whose nodes, programs and steps it has, or just programs and images (may be repeated)"
      ),
      Flag.atLeast(0)
    ),
    nodes: Flag.Int("nodes").pipe(
      Flag.withDescription("How many nodes there are, node-1 and so on (default 3, or the scenario's own)"),
      Flag.optional
    ),
    nodeCapacity: text("node-capacity", "LIST", "What each of them has: cpu=4,memory=8Gi,pods=110"),
    speed: text("speed", "N", "How much faster than the wall's clock time passes, or max (default 10)"),
    paused: flag("paused", "The clock stands still until `kubereel clock resume`"),
    seed,
    start: text("start", "TIME", "The cluster's clock at the beginning (default: now)"),
    port,
    listen,
    kubeconfig: text(
      "kubeconfig",
      "FILE",
      "Where to write the kubeconfig, once the server answers (default kubereel.kubeconfig)"
    ),
    out: out("The reel to write (default: a new one, named after the time)"),
    redact,
    json
  },
  Effect.fnUntraced(function* (input) {
    const { bringUp } = yield* load(() => import("../action/bringUp.ts"))
    return yield* bringUp(given(input))
  })
).pipe(
  Command.withDescription(
    "Simulate a cluster that lives until Ctrl-C: kubectl and other clients read and write it through the Kubernetes API, and everything is recorded"
  ),
  Command.withExamples([
    { command: "kubereel up", description: "Then: kubectl --kubeconfig kubereel.kubeconfig get nodes" },
    { command: "kubereel up -f deployment.yaml --speed 60", description: "An application, a minute a second" },
    {
      command: "kubereel up -f scenarios/node-lost.yaml -o lost.reel",
      description: "A scenario's cluster, in which its steps are carried out"
    }
  ])
)
