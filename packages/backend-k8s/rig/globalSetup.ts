/** Before all tests against a real cluster: a rig of two nodes is started once, or the user's own cluster is taken. */
import { Effect, Exit, Scope } from "effect"
import type { TestProject } from "vitest/node"
import { rigAvailability } from "./availability.ts"
import { startRig } from "./Rig.ts"

export const setup = async (project: TestProject) => {
  const context = process.env["KUBEREEL_TEST_CONTEXT"]
  if (context !== undefined && context !== "") {
    project.provide("cluster", { context })
    return undefined
  }
  const availability = await Effect.runPromise(rigAvailability)
  if (!availability.available)
    throw new Error(`no tests against a real cluster: ${availability.reason} (KUBEREEL_RIG=off leaves them out)`)
  const scope = Scope.makeUnsafe()
  const rig = await Effect.runPromise(Scope.provide(startRig({ nodes: ["rig-1", "rig-2"] }), scope))
  project.provide("cluster", { rig: rig.name })
  return () => Effect.runPromise(Scope.close(scope, Exit.void))
}
