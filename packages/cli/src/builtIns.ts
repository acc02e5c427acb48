/** The flags that every command has. */
import type * as Layer from "effect/Layer"
import * as CliConfig from "effect/cli/CliConfig"
import * as GlobalFlag from "effect/cli/GlobalFlag"

/** No wizard and no log level: there is nothing to be asked for and nothing is logged. */
export const builtIns: Layer.Layer<never> = CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
