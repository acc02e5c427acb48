/** Properties of others, so that what they throw is told as theirs. */
import type { Atom, Bind, Property } from "@kubereel/core"
import { withLeaves } from "@kubereel/core"
import { Complaint, exitCodes } from "../../exitCode.ts"

const thrown = (file: string, where: string, cause: unknown): Complaint =>
  cause instanceof Complaint
    ? cause
    : new Complaint({
        code: exitCodes.badData,
        problem: `${file}: ${where} throws: ${cause instanceof Error ? cause.message : String(cause)}`
      })

export const guarded = (property: Property, file: string): Property => {
  const attempt = <A>(where: string, ask: () => A): A => {
    try {
      return ask()
    } catch (cause) {
      throw thrown(file, `${property.id}, "${where}"`, cause)
    }
  }
  const guard = (formula: Property["formula"]): Property["formula"] =>
    withLeaves<never, never>(formula, {
      atom: (atom): Atom<never> => ({ ...atom, test: (view) => attempt(atom.name, () => atom.test(view)) }),
      bind: (bind): Bind<never> => ({
        ...bind,
        match: (view) => attempt(bind.name, () => bind.match(view)),
        body: (found) => attempt(bind.name, () => guard(bind.body(found)))
      })
    })
  return { ...property, formula: guard(property.formula), with: (values) => guarded(property.with(values), file) }
}
