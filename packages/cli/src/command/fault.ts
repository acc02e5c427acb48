/** `kubereel fault`: what is done to a cluster that `kubereel up` runs. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { given, json, load, text } from "./shared.ts"

export const fault = Command.make(
  "fault",
  {
    order: Argument.String("order").pipe(Argument.withDescription("node, kill, runtime, watch, list or heal")),
    target: Argument.String("target").pipe(
      Argument.withDescription(
        "node, runtime: a node; kill: POD/CONTAINER; watch: whose watch (kubelet, kube-scheduler, a controller); heal: the fault's name"
      ),
      Argument.optional
    ),
    settings: Argument.String("setting").pipe(
      Argument.withDescription("KEY=VALUE: the fields of such a step in a scenario"),
      Argument.variadic()
    ),
    name: text("name", "NAME", "What the fault is called (default: a name of its own)"),
    kubeconfig: text("kubeconfig", "FILE", "The one that `kubereel up` wrote (default kubereel.kubeconfig)"),
    context: text("context", "NAME", "The context of the kubeconfig (default: its current one)"),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { injectFault } = yield* load(() => import("../action/injectFault.ts"))
    yield* injectFault(given(input))
  })
).pipe(
  Command.withDescription(
    "Do something to a cluster that `kubereel up` runs, and undo it; the same as objects of kind Fault (kubereel.dev/v1alpha1) that are applied and deleted"
  ),
  Command.withExamples([
    { command: "kubereel fault node node-1 power=off --name dark", description: "A node loses its power" },
    { command: "kubereel fault heal dark", description: "It has power again" },
    {
      command: "kubereel fault node node-2 network=cut",
      description: "Nothing passes between it and the control plane"
    },
    { command: "kubereel fault kill web-0/main signal=KILL", description: "A container's process is killed" },
    {
      command: "kubereel fault runtime node-1 call=CreateContainer message=broken for=1m",
      description: "Calls to a container runtime fail"
    },
    { command: "kubereel fault watch deployment-controller lag=30s", description: "A controller hears late" }
  ])
)
