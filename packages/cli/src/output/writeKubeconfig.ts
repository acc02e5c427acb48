/** The kubeconfig of a server of ours: only its owner may read it, and nobody else's is replaced. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { Effect } from "effect"
import { parse } from "yaml"
import { Complaint, exitCodes } from "../exitCode.ts"
import { replaceFile } from "./replaceFile.ts"

/** Is everything in it of a server of ours? It holds no credentials that anybody would miss. */
const isOurs = (text: string): boolean => {
  if (text.trim() === "") return true
  try {
    const { users } = parse(text) as { readonly users?: ReadonlyArray<{ readonly name?: unknown }> }
    return users?.every(({ name }) => name === "kubereel") === true
  } catch {
    return false
  }
}

export const writeKubeconfig = (file: string, text: string): Effect.Effect<void, Complaint> =>
  Effect.gen(function* () {
    const there = yield* Effect.try({
      try: () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
      catch: () => new Complaint({ code: exitCodes.io, problem: `${file}: cannot be read; name another --kubeconfig` })
    })
    if (!isOurs(there))
      return yield* new Complaint({
        code: exitCodes.io,
        problem: `${file}: exists and is not kubereel's, so it is not replaced; name another --kubeconfig`
      })
    yield* replaceFile(file, "text", (scratch) => Effect.sync(() => writeFileSync(scratch, text, { mode: 0o600 })))
  })
