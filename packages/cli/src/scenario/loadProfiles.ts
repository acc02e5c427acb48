/** The profiles that a scenario's nodes name: built in, or files beside the scenario. */
import { readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { decodeProfile, type Environment, type Environments, environments } from "@kubereel/backend-sim"
import type { Json, Scenario } from "@kubereel/core"
import { Effect } from "effect"
import { UnusableFile } from "../UnusableFile.ts"

/** `./node.json`, `node.json`: a name with a dot or a slash is a file's. */
const isFile = (name: string): boolean => /[./\\]/.test(name)

const missing = (file: string, index: number, name: string): UnusableFile =>
  new UnusableFile({
    reason: "unfit",
    problems: [
      `${file}: spec.nodes[${index}].profile: there is no profile ${JSON.stringify(name)}; built in are ${Object.keys(environments).join(", ")}, or name a file that \`kubereel calibrate -o FILE.json\` wrote`
    ]
  })

const readProfile = (path: string, name: string): Effect.Effect<Environment, UnusableFile> =>
  Effect.try({
    try: () => JSON.parse(readFileSync(path, "utf8")) as Json,
    catch: (cause) =>
      (cause as NodeJS.ErrnoException).code === "ENOENT"
        ? new UnusableFile({ reason: "missing", problems: [`${path}: there is no such file`] })
        : new UnusableFile({ reason: "unfit", problems: [`${path}: ${(cause as Error).message}`] })
  }).pipe(
    Effect.flatMap((document) => Effect.fromResult(decodeProfile(document, name))),
    Effect.mapError((problems) =>
      problems instanceof UnusableFile
        ? problems
        : new UnusableFile({ reason: "unfit", problems: problems.map((problem) => `${path}: ${problem}`) })
    )
  )

/** By the names that the scenario in `file` uses. */
export const loadProfiles = Effect.fn("loadProfiles")(function* (file: string, { nodes }: Scenario) {
  const found: { [name: string]: Environment } = {}
  for (const [index, { profile }] of nodes.entries()) {
    if (profile === undefined || Object.hasOwn(environments, profile) || Object.hasOwn(found, profile)) continue
    if (!isFile(profile)) return yield* missing(file, index, profile)
    found[profile] = yield* readProfile(resolve(dirname(file), profile), profile)
  }
  return found as Environments
})
