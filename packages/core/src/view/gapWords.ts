/** A gap in words: what was not seen, from when to when, why, and what was found afterwards. */
import type { Gap, GapFound } from "../event/ClusterEvent.ts"
import { toObserved } from "../event/Instant.ts"

const foundWords = ({ created, changed, vanished }: GapFound): string => {
  const parts = [
    [created, "created"],
    [changed, "changed"],
    [vanished, "vanished"]
  ] as const
  const said = parts.filter(([objects]) => objects.length > 0).map(([objects, what]) => `${objects.length} ${what}`)
  return said.length === 0 ? "; nothing was found changed" : `; found ${said.join(", ")}`
}

/** Without its moment, which stands beside it wherever gaps are shown. */
export const gapWords = ({ cause, detail, resource, from, to, found }: Gap): string => {
  const what = resource === undefined ? "not observed" : `${resource} not observed`
  const since = from?.at === undefined ? "" : ` since ${toObserved(from.at)}`
  const span = to === undefined ? (since === "" ? " from here" : since) : `${since} until here`
  return `${what}${span} (${cause}): ${detail}${found === undefined ? "" : foundWords(found)}`
}
