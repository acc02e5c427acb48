/** The command tree. Each command is a file; what it needs is loaded when it runs. */
import * as Command from "effect/cli/Command"
import { calibrate } from "./command/calibrate.ts"
import { check } from "./command/check.ts"
import { clock } from "./command/clock.ts"
import { diff } from "./command/diff.ts"
import { exportCommand } from "./command/export.ts"
import { fault } from "./command/fault.ts"
import { fuzz } from "./command/fuzz.ts"
import { importCommand } from "./command/import.ts"
import { join } from "./command/join.ts"
import { record } from "./command/record.ts"
import { run } from "./command/run.ts"
import { salvage } from "./command/salvage.ts"
import { serve } from "./command/serve.ts"
import { show } from "./command/show.ts"
import { up } from "./command/up.ts"
import { verify } from "./command/verify.ts"
import { why } from "./command/why.ts"

export const kubereel = Command.make("kubereel").pipe(
  Command.withDescription("Flight recorder and flight simulator for Kubernetes pods"),
  Command.withSubcommands([
    run,
    record,
    importCommand,
    exportCommand,
    show,
    why,
    diff,
    check,
    fuzz,
    serve,
    up,
    clock,
    fault,
    join,
    calibrate,
    verify,
    salvage
  ])
)
