/** `kubereel fuzz`: generated scenarios, simulated and checked; what fails is made small. */

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { flag, given, json, load, seed, text } from "./shared.ts"

const several = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.atLeast(0))

const number = (name: string, description: string) =>
  Flag.Int(name).pipe(Flag.withMetavar("N"), Flag.withDescription(description), Flag.optional)

export const fuzz = Command.make(
  "fuzz",
  {
    corpus: Argument.String("corpus").pipe(
      Argument.withDescription(
        "A directory: where the campaign goes on from, and where failures are saved (default: fuzz)"
      ),
      Argument.optional
    ),
    scenarios: number(
      "scenarios",
      "How many scenarios to play (default: 1000; with --time: as many as there is time for)"
    ),
    time: text("time", "DURATION", "Begin nothing more after so long, as in 10m"),
    seed,
    size: text(
      "size",
      "small|standard|any",
      "How much happens in each: a few steps, or 60 in an hour (default: standard)"
    ),
    workers: number("workers", "On how many processes (default: one a core)"),
    laws: several("law", "PATTERN", "Check only what is called so, by id or name; beliefs too (may be repeated)"),
    properties: several("property", "FILE.ts", "Check the properties that this module exports (may be repeated)"),
    params: several("param", "LAW.NAME=VALUE", "Set a parameter of a law, as in L45.slack=20s (may be repeated)"),
    ratchet: text("ratchet", "FILE", "What must be reached again; something of it is not: exit status 1"),
    again: flag("again", "Begin the campaign anew, whatever its directory says"),
    json
  },
  Effect.fnUntraced(function* (input) {
    const { fuzzScenarios } = yield* load(() => import("../action/fuzz/fuzzScenarios.ts"))
    yield* fuzzScenarios(given(input))
  })
).pipe(
  Command.withDescription(
    "Simulate generated scenarios and hold them to the laws; show the smallest one that breaks each (exit status 1)"
  ),
  Command.withExamples([
    { command: "kubereel fuzz", description: "A thousand scenarios on all cores" },
    { command: "kubereel fuzz --time 10m --seed 7", description: "Others, for ten minutes; the next run goes on" },
    { command: "kubereel fuzz --property mine.ts", description: "Look for what breaks properties of your own" }
  ])
)
