/** `kubereel run`: scenarios on the simulated cluster, or on a real one. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { flag, given, json, load, out, seed, text } from "./shared.ts"

export const run = Command.make(
  "run",
  {
    scenarios: Argument.String("scenario").pipe(
      Argument.withDescription("A YAML document of kind Scenario"),
      Argument.variadic({ min: 1 })
    ),
    out: out("Write a reel, replacing one of that name"),
    seed,
    until: text(
      "until",
      "DURATION",
      "Stop after this time of the cluster (90s, 5m), instead of the scenario's own horizon"
    ),
    start: text("start", "TIME", "The cluster's clock at the beginning (default 2026-01-01T00:00:00Z)"),
    on: text(
      "on",
      "CONTEXT",
      "Play on the real cluster of this context, in a namespace of its own, instead of simulating"
    ),
    kubeconfig: text("kubeconfig", "FILE", "With --on: the kubeconfig (default: as for kubectl)"),
    keep: flag("keep", "With --on: leave the namespace as it is in the end, until the next run of the scenario"),
    programImage: text(
      "program-image",
      "IMAGE",
      "With --on: an image with busybox, for containers with a program and no command and for images that the scenario says are there (default: their own)"
    ),
    joined: flag(
      "joined",
      "With --on: the cluster's nodes are simulated ones (kubereel join --programs SCENARIO): containers keep their own commands"
    ),
    nodeDriver: text(
      "node-driver",
      "COMMAND",
      "With --on: a program that does to the cluster's nodes what steps ask for; each is sent to its stdin as JSON"
    ),
    redact: flag(
      "redact",
      "With --on: hide literal environment values and other secrets (--no-redact keeps them)",
      true
    ),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { runScenarios } = yield* load(() => import("../action/runScenarios.ts"))
    yield* runScenarios(given(input))
  })
).pipe(
  Command.withDescription(
    "Simulate scenarios in virtual time, or play them on a real cluster, and print what happened (exit status 1: a check of theirs does not hold)"
  ),
  Command.withExamples([
    { command: "kubereel run scenarios/crash-loop.yaml", description: "Print the timeline" },
    {
      command: "kubereel run scenarios/crash-loop.yaml --seed 7 -o loop.reel",
      description: "Keep the history of one seed"
    },
    {
      command: "kubereel run scenarios/crash-loop.yaml --on kind-test -o real.reel",
      description: "Play it on the cluster of a context, record it, and clean up"
    }
  ])
)
