/** Which properties a campaign checks, in a form that can be sent to another process. */
import { goals, laws, type Property, refutedBeliefs } from "@kubereel/core"
import { Effect } from "effect"
import { loadProperties } from "../input/loadProperties.ts"

export interface Selection {
  /** Ids, of ours or of the modules'. */
  readonly ids: ReadonlyArray<string>
  /** Paths of modules that export properties. */
  readonly modules: ReadonlyArray<string>
  /** Values of parameters in microseconds, by property and name. */
  readonly params: { readonly [id: string]: { readonly [name: string]: number } }
}

/** Rejects with what a module throws, and a `RangeError` for an id that nobody has. */
export const propertiesOf = async ({ ids, modules, params }: Selection): Promise<ReadonlyArray<Property>> => {
  const theirs: Array<Property> = []
  for (const path of modules) theirs.push(...(await Effect.runPromise(loadProperties(path))))
  const all = [...laws, ...refutedBeliefs, ...goals, ...theirs]
  return ids.map((id) => {
    const found = all.find((one) => one.id === id)
    if (found === undefined) throw new RangeError(`there is no property ${id}`)
    const values = params[id]
    return values === undefined ? found : found.with(values)
  })
}
