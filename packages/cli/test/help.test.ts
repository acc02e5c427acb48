/** The launcher answers `--help` from files, so that nothing has to be loaded; here they are held against the command tree. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { expect } from "vitest"
import { builtIns } from "../src/builtIns.ts"
import { kubereel } from "../src/kubereel.ts"
import * as Speech from "../src/output/Speech.ts"

const services = Layer.mergeAll(NodeServices.layer, builtIns, Speech.presenter)

describe("the help text", () => {
  it.effect.each([
    "kubereel",
    "run",
    "import",
    "export",
    "serve",
    "up",
    "clock",
    "fault",
    "show",
    "why",
    "diff",
    "check",
    "fuzz",
    "calibrate",
    "record",
    "verify",
    "salvage",
    "join"
  ])("of %s is what the command tree says (renew with `vitest -u`)", (name) =>
    Effect.gen(function* () {
      yield* Command.runWith(kubereel, { version: "0" })(name === "kubereel" ? ["--help"] : [name, "--help"])
      const text = (yield* TestConsole.logLines).join("\n")
      yield* Effect.promise(() => expect(`${text}\n`).toMatchFileSnapshot(`../bin/help/${name}.txt`))
    }).pipe(Effect.provide(services))
  )
})
