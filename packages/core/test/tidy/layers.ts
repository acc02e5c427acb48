/** The layers of core, left to right, and what a file of theirs imports that it must not. */
import { posix } from "node:path"
import { parseSync } from "oxc-parser"

/** An import may point to its own layer or to one further left. */
const layers = ["event", "state", "view", "decide", "why", "property", "port", "testing", "index.ts"]

const levelOf = (file: string): number => layers.indexOf(file.split("/")[0] ?? "")

/** Every module that the text names: static and dynamic imports, and re-exports. */
export const importsOf = (file: string, code: string): ReadonlyArray<string> => {
  const { module } = parseSync(file, code)
  return [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    // The request is the source text of an expression; what is no plain string cannot be judged, and is named as it stands.
    ...module.dynamicImports.map(({ moduleRequest }) =>
      code.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^["'`]|["'`]$/g, "")
    )
  ]
}

/** `file` is relative to core's `src`, with `/`. Each answer is a sentence. */
export const wrongLayers = (file: string, code: string): ReadonlyArray<string> => {
  if (levelOf(file) < 0) return [`${file} is in no layer`]
  return importsOf(file, code)
    .filter((request) => request.startsWith("."))
    .map((request) => posix.join(posix.dirname(file), request))
    .filter((target) => levelOf(target) < 0 || levelOf(target) > levelOf(file))
    .map((target) => `${file} imports ${target}, which is not to its left`)
}

/** What stands in node_modules and may be used: everything else, above all `node:`, would make the package impure. */
export const wrongPackages = (file: string, code: string, allowed: ReadonlyArray<RegExp>): ReadonlyArray<string> =>
  importsOf(file, code)
    .filter((request) => !request.startsWith(".") && !allowed.some((pattern) => pattern.test(request)))
    .map((request) => `${file} imports ${request}`)
