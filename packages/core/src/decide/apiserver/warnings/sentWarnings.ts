/** Which warnings a client gets: each once, and cut short where they are too many (`k8s.io/apiserver/pkg/endpoints/filters/warning.go`). */

/** Characters of all of them together, from which on each is cut. */
const TOTAL = 4 * 1024
const CUT = 256

const cut = (text: string): string => [...text].slice(0, CUT).join("")
const lengthOf = (texts: ReadonlyArray<string>): number => texts.reduce((sum, text) => sum + [...text].length, 0)
/** What stands in a header has no control characters. */
const fits = (text: string): boolean => !/\p{Cc}/u.test(text)

/** `said`: in the order in which they were thought of. */
export const sentWarnings = (said: ReadonlyArray<string>): ReadonlyArray<string> => {
  const texts = [...new Set(said)].filter((text) => text !== "")
  const whole = texts.filter(fits)
  if (lengthOf(whole) <= TOTAL) return whole
  const sent: Array<string> = []
  for (const text of texts.map(cut).filter(fits)) {
    // What made them too many is sent with those before it, whatever they are together.
    if (lengthOf(sent) >= TOTAL) break
    sent.push(text)
  }
  return sent
}
