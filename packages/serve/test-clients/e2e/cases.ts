/** The lists of conformance cases: those that pass, those that do not, and why, and those that do not apply, and why. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"

export interface Cases {
  /** The quick ones are played in each run of the tests. */
  readonly passing: { readonly quick: ReadonlyArray<string>; readonly slow: ReadonlyArray<string> }
  readonly failing: { readonly [reason: string]: ReadonlyArray<string> }
  readonly notApplicable: { readonly [reason: string]: ReadonlyArray<string> }
}

/** `cases`: against `kubereel up`; `casesJoined`: against a real control plane with joined nodes. */
export const readCases = (list: "cases" | "casesJoined"): Cases =>
  parse(readFileSync(join(import.meta.dirname, `${list}.yaml`), "utf8"))

export const applying = ({ failing, passing }: Cases): ReadonlyArray<string> => [
  ...passing.quick,
  ...passing.slow,
  ...Object.values(failing).flat()
]

/** By KUBEREEL_E2E. */
export const chosen = ({ passing }: Cases): ReadonlyArray<string> =>
  process.env["KUBEREEL_E2E"] === "all" ? [...passing.quick, ...passing.slow] : passing.quick
