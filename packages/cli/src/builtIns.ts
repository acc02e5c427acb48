/** The flags that every command has. */

import * as CliConfig from "effect/cli/CliConfig"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import type * as Layer from "effect/Layer"

/** No wizard and no log level: there is nothing to be asked for and nothing is logged. */
export const builtIns: Layer.Layer<never> = CliConfig.layer({
  builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions]
})
