/** Runs the command line in this process, as the shell would see it. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { builtIns } from "../../src/builtIns.ts"
import { teardown } from "../../src/exitCode.ts"
import { kubereel } from "../../src/kubereel.ts"
import * as Speech from "../../src/output/Speech.ts"

export interface Invocation {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const services = Layer.mergeAll(NodeServices.layer, builtIns, Speech.presenter, TestConsole.layer)

/** Everything that is written to stdout while the effect runs. */
const captured = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const { write } = process.stdout
      const pieces: Array<string> = []
      process.stdout.write = ((piece: string, done?: (error?: Error) => void) => {
        pieces.push(piece)
        done?.()
        return true
      }) as typeof write
      return { pieces, write }
    }),
    ({ pieces }) => Effect.map(effect, (answer) => ({ answer, stdout: pieces.join("") })),
    ({ write }) =>
      Effect.sync(() => {
        process.stdout.write = write
      })
  )

export const invoke = (...args: ReadonlyArray<string>): Effect.Effect<Invocation> =>
  Effect.gen(function* () {
    const run = Command.runWith(kubereel, { version: "0" })(args).pipe(
      Effect.tapCause(Speech.sayLastWords),
      Effect.exit
    )
    const [loggedBefore, saidBefore] = [(yield* TestConsole.logLines).length, (yield* TestConsole.errorLines).length]
    const { answer: exit, stdout } = yield* captured(run)
    const codes: Array<number> = []
    teardown(exit, (code) => codes.push(code))
    const [logged, said] = [yield* TestConsole.logLines, yield* TestConsole.errorLines]
    return {
      code: codes[0] ?? -1,
      stdout: stdout + logged.slice(loggedBefore).join("\n"),
      stderr: said.slice(saidBefore).join("\n")
    }
  }).pipe(Effect.provide(services), Effect.orDie)
