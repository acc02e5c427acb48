/** Starts a rig of one node under the name that it is given, says so, and holds it. */
import { startRig } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"

await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function* () {
      yield* startRig({ name: process.argv[2] ?? "owned" })
      process.stdout.write("up\n")
      setInterval(() => undefined, 1000)
      return yield* Effect.never
    })
  )
)
