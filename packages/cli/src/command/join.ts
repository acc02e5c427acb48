/** `kubereel join`: simulated nodes on a real control plane. */

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { flag, given, json, load, seed, text } from "./shared.ts"

export const join = Command.make(
  "join",
  {
    context: text("context", "NAME", "The context of the kubeconfig (default: its current one)"),
    kubeconfig: text("kubeconfig", "FILE", "The kubeconfig (default: as for kubectl)"),
    nodes: Flag.Int("nodes").pipe(Flag.withDescription("How many nodes join (default 1)"), Flag.withDefault(1)),
    name: text(
      "name",
      "PREFIX",
      "What one node is called, or what many begin with: PREFIX-0, PREFIX-1, … (default kubereel)"
    ),
    programs: Flag.String("programs").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription(
        "What containers do: a scenario, for the pods of its namespace, or just its programs and images (may be repeated)"
      ),
      Flag.atLeast(0)
    ),
    nodeCapacity: text("node-capacity", "LIST", "What each node has: cpu=4,memory=8Gi,pods=110"),
    labels: text("labels", "LIST", "Labels of the nodes: key=value,key=value"),
    taints: text("taints", "LIST", "Taints of the nodes: key=value:NoSchedule,key:NoExecute"),
    seed,
    for: text("for", "DURATION", "Leave after this time (90s, 5m, 24h) instead of at Ctrl-C"),
    nodeIp: text(
      "node-ip",
      "IP",
      "The address of this machine as the API server reaches it (default: the one by which this machine reaches the API server)"
    ),
    kubeletPort: Flag.Int("kubelet-port").pipe(
      Flag.withDescription(
        "The port of the first node's kubelet, one more for each that follows (default: those that are free from 10250 on)"
      ),
      Flag.optional
    ),
    tlsCertFile: text("tls-cert-file", "FILE", "The certificate of the kubelets (default: one made for this run)"),
    tlsPrivateKeyFile: text("tls-private-key-file", "FILE", "The key of that certificate"),
    keep: flag("keep", "Leave the Node and Lease objects behind in the end"),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { joinNodes } = yield* load(() => import("../action/joinNodes.ts"))
    yield* joinNodes(given(input))
  })
).pipe(
  Command.withDescription(
    "Register simulated nodes at a real API server, and run the pods that are bound to them on the wall clock until Ctrl-C"
  ),
  Command.withExamples([
    {
      command: "kubereel join --context kind-test --nodes 100",
      description: "A hundred nodes kubereel-0 to kubereel-99"
    },
    {
      command: "kubereel join --name node-1 --programs scenarios/crash-loop.yaml",
      description: "One node whose containers do what the scenario says"
    }
  ])
)
