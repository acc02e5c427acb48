/** Flags and arguments that several commands share, and the way from a command to what it does. */

import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** A flag with a text, which may be absent. */
export const text = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

/** A flag that is on or off; `--no-NAME` turns off what is on. */
export const flag = (name: string, description: string, value = false) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(value))

export const json = flag("json", "Print JSON, with a schemaVersion, instead of text")

export const out = (description: string) => text("out", "FILE", description).pipe(Flag.withAlias("o"))

/** A flag that may be given several times. */
export const several = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.atLeast(0))

/** Which properties are checked. */
export const choice = {
  laws: several(
    "law",
    "PATTERN",
    "Check only what is called so, by id or name; * stands for anything (may be repeated; default: all laws)"
  ),
  properties: several(
    "property",
    "FILE.ts",
    "Check the properties that this module exports (may be repeated); without --law nothing else"
  ),
  params: several("param", "LAW.NAME=VALUE", "Set a parameter of a law, as in L45.slack=20s (may be repeated)")
}

export const redact = flag(
  "redact",
  "Hide literal environment values, Secrets, last-applied annotations and credentials in URLs (--no-redact keeps them)",
  true
)

export const seed = Flag.Int("seed").pipe(
  Flag.withDescription("Random seed, instead of the scenario's own"),
  Flag.optional
)

/** Where a served API is found. */
export const port = Flag.Int("port").pipe(
  Flag.withDescription("The port to listen on (default: any that is free)"),
  Flag.optional
)
export const listen = text(
  "listen",
  "ADDRESS",
  "The address to listen on (default 127.0.0.1: nobody else can reach it)"
)

export const source = (name: string) =>
  Argument.String(name).pipe(
    Argument.withDescription(
      "A reel, a recording (whatever `import` reads, also compressed) or a scenario; told apart by content"
    )
  )

/** `{ a: Option<A> }` as `{ a?: A }`: what was not given is absent. */
export const given = <A extends object>(
  input: A
): { readonly [K in keyof A as A[K] extends Option.Option<unknown> ? never : K]: A[K] } & {
  readonly [K in keyof A as A[K] extends Option.Option<unknown> ? K : never]?: A[K] extends Option.Option<infer B>
    ? B
    : never
} =>
  Object.fromEntries(
    Object.entries(input).flatMap(([key, value]) => {
      if (!Option.isOption(value)) return [[key, value]]
      return Option.isSome(value) ? [[key, value.value]] : []
    })
  ) as never

/** What a command needs is loaded when it runs, not when another one does. */
export const load = <A>(load: () => Promise<A>): Effect.Effect<A> => Effect.promise(load)
