/** Kinds that one side's recorder did not watch: its Events speak of such objects, and it shows none. What nobody looked at is no difference. */
import type { History } from "./History.ts"
import { leftOut } from "./History.ts"

const kindsOf = (items: Iterable<{ readonly kind: string }>): ReadonlySet<string> =>
  new Set([...items].map(({ kind }) => kind))

/** Pods are what every recording is about: one without any says that there were none. */
const always: ReadonlySet<string> = new Set(["", "Pod", ...leftOut])

export const unrecordedKinds = (...histories: ReadonlyArray<History>): ReadonlySet<string> =>
  new Set(
    histories.flatMap(({ lives, tallies }) => {
      const seen = kindsOf(lives)
      return [...kindsOf(tallies.values())].filter((kind) => !seen.has(kind) && !always.has(kind))
    })
  )

export const withoutKinds = (history: History, kinds: ReadonlySet<string>): History =>
  kinds.size === 0 ? history : { ...history, lives: history.lives.filter(({ kind }) => !kinds.has(kind)) }
