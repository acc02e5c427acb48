/** Somebody's own properties: what a module exports. TypeScript runs as it is. */
import { existsSync, statSync } from "node:fs"
import { registerHooks } from "node:module"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import type { Property } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

const CORE = "@kubereel/core"

/**
 * The words in which properties are written are those of this program: there is nothing to be installed, and no other version.
 * `here` alone finds them where they are. TypeScript is a module, whatever stands in a `package.json` beside it.
 */
const resolveWords = (here: string): void => {
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier === CORE && context.parentURL !== here) return { url: here, shortCircuit: true }
      const found = next(specifier, context)
      return /\.ts$/.test(found.url) && typeof found.format !== "string"
        ? { ...found, format: "module-typescript" }
        : found
    }
  })
}

let isReady = false

const isProperty = (value: unknown): value is Property =>
  typeof value === "object" && value !== null && "formula" in value && "each" in value && "with" in value

const messageOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? ""

const checked = (file: string): Effect.Effect<string, Complaint> =>
  Effect.suspend(() => {
    const path = resolve(file)
    if (!existsSync(path))
      return Effect.fail(new Complaint({ code: exitCodes.noInput, problem: `${file}: no such file` }))
    if (!statSync(path).isFile())
      return Effect.fail(
        new Complaint({
          code: exitCodes.noInput,
          problem: `${file}: is no file; name a module that exports properties`
        })
      )
    return Effect.succeed(pathToFileURL(path).href)
  })

/** In the order of its exports; lists of properties count as many. */
export const loadProperties = Effect.fn("loadProperties")(function* (file: string) {
  const url = yield* checked(file)
  const { here } = yield* Effect.promise(() => import("./propertyWords.ts"))
  if (!isReady) resolveWords(here)
  isReady = true
  const module = yield* Effect.tryPromise({
    try: () => import(url) as Promise<{ readonly [name: string]: unknown }>,
    catch: (cause) =>
      new Complaint({ code: exitCodes.badData, problem: `${file}: cannot be loaded: ${messageOf(cause)}` })
  })
  const found = new Set(
    Object.values(module)
      .flatMap((value) => [value].flat())
      .filter(isProperty)
  )
  if (found.size === 0) {
    return yield* new Complaint({
      code: exitCodes.badData,
      problem: `${file}: exports no property; make one with \`export const mine = property("id", { … }, () => …)\` of ${CORE}`
    })
  }
  return [...found]
})
