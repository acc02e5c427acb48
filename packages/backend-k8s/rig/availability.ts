/** Whether tests against a real cluster can run here. */
import { Effect } from "effect"
import { type RigFailure, runScript } from "./runScript.ts"

/** A reason is one sentence. What is available may still have to be built. */
export type Availability = { readonly available: true } | { readonly available: false; readonly reason: string }

const no = (reason: string): Availability => ({ available: false, reason })

/** The rig on this machine: root, Linux, and a complete cache or Go 1.26 to fill it. */
export const rigAvailability: Effect.Effect<Availability> = Effect.suspend(() => {
  if (process.env["KUBEREEL_RIG"] === "off") return Effect.succeed(no("KUBEREEL_RIG=off"))
  if (process.platform !== "linux") return Effect.succeed(no("the rig needs Linux"))
  return runScript("needs.sh", ["run"]).pipe(
    Effect.andThen(runScript("needs.sh", ["build"])),
    Effect.as<Availability>({ available: true }),
    Effect.catch((failure: RigFailure) => Effect.succeed(no(failure.message.replace(/^needs\.sh \w+: /, ""))))
  )
})
