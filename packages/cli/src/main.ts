/** The program: the command tree, run once with the arguments of the process. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { builtIns } from "./builtIns.ts"
import { teardown } from "./exitCode.ts"
import { kubereel } from "./kubereel.ts"
import * as Speech from "./output/Speech.ts"
import { version } from "./version.ts"

Command.run(kubereel, { version }).pipe(
  Effect.tapCause(Speech.sayLastWords),
  Effect.provide(Layer.mergeAll(NodeServices.layer, builtIns, Speech.presenter)),
  NodeRuntime.runMain({ teardown, disableErrorReporting: true })
)
