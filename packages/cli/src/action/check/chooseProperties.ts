/** Which properties are checked, with which parameters. */
import { laws, type Property, refutedBeliefs } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../../exitCode.ts"
import { loadProperties } from "../../input/loadProperties.ts"
import { guarded } from "./guarded.ts"

export interface Choice {
  /** Ids or names; `*` stands for anything. */
  readonly laws: ReadonlyArray<string>
  /** Modules that export properties. */
  readonly properties: ReadonlyArray<string>
  /** `L45.slack=20s`. */
  readonly params: ReadonlyArray<string>
}

const usage = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

/** All that this program knows of itself; beliefs are false of a healthy cluster, and checked only by name. */
export const known: ReadonlyArray<Property> = [...laws, ...refutedBeliefs]

const globOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i")

export const matching = (pattern: string): ReadonlyArray<Property> => {
  const glob = globOf(pattern)
  const named = known.filter(({ id, name }) => glob.test(id) || glob.test(name))
  const must = named.filter(({ kind }) => kind === "law")
  // Where a pattern finds laws it means laws; beliefs and goals are asked for by names of theirs.
  return must.length > 0 ? must : named
}

export const noSuchLaw = (pattern: string): Complaint =>
  usage(`--law: no law is called ${pattern}; \`kubereel check --list\` names them all`)

interface Setting {
  readonly law: string
  readonly param: string
  readonly value: string
}

const settingOf = (text: string): Setting | undefined => {
  const match = /^(.+)\.([^.=]+)=(.+)$/.exec(text)
  return match === null ? undefined : { law: match[1] ?? "", param: match[2] ?? "", value: match[3] ?? "" }
}

const set = (properties: ReadonlyArray<Property>, text: string): ReadonlyArray<Property> => {
  const setting = settingOf(text)
  if (setting === undefined) throw usage(`--param: "${text}" is no parameter; write it like L45.slack=20s`)
  const { law, param, value } = setting
  const isMeant = ({ id, name }: Property): boolean => id === law || name === law
  if (!properties.some(isMeant))
    throw usage(`--param: ${law} is not checked; name one that is, or choose it with --law`)
  return properties.map((one) => {
    if (!isMeant(one)) return one
    try {
      return one.with({ [param]: value })
    } catch (cause) {
      throw usage(`--param ${text}: ${(cause as Error).message}`)
    }
  })
}

/** Without any choice: all laws. With modules alone: what they export. */
export const chooseProperties = Effect.fn("chooseProperties")(function* (choice: Choice) {
  const own: Array<Property> = []
  const files = new Map<string, string>()
  for (const file of choice.properties) {
    for (const one of yield* loadProperties(file)) {
      own.push(guarded(one, file))
      files.set(one.id, file)
    }
  }
  const patterns = choice.laws.length === 0 && choice.properties.length === 0 ? ["*"] : choice.laws
  const missing = patterns.find((pattern) => matching(pattern).length === 0)
  if (missing !== undefined) return yield* noSuchLaw(missing)
  const chosen = [...new Set([...patterns.flatMap(matching)]), ...own]
  const ids = chosen.map(({ id }) => id)
  const twice = ids.find((id, place) => ids.indexOf(id) !== place)
  if (twice !== undefined) return yield* usage(`--property: two properties are called ${twice}; give one another id`)
  const properties = yield* Effect.try({
    try: () => choice.params.reduce(set, chosen as ReadonlyArray<Property>),
    catch: (cause) => (cause instanceof Complaint ? cause : usage(String(cause)))
  })
  const params = choice.params.map((param) => ` --param ${param}`).join("")
  const chosenBy = ({ id }: Property): string => {
    const file = files.get(id)
    return file === undefined ? `--law ${id}${params}` : `--property ${file}${params}`
  }
  return { properties, chosenBy }
})
