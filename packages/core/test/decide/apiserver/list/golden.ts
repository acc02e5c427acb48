/** The cases beside the tests, and what Kubernetes' own code said to them (`../../../view/print/oracle`). */
import { readFileSync } from "node:fs"

export const golden = <Value>(name: string): Value =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8")) as Value

/** What was said to one text. */
export interface Said {
  readonly text: string
  readonly error?: string
  /** Which objects of the cases are selected. */
  readonly selected: ReadonlyArray<number>
}

/** The titles of tests have no line ends and no zeros. */
export const titled = <One extends { readonly text: string }>(all: ReadonlyArray<One>) =>
  all.map((one) => ({ title: JSON.stringify(one.text), ...one }))
