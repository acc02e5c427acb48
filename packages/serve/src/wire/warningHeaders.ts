/** What is said beside an answer, as headers `Warning` (`k8s.io/apiserver/pkg/endpoints/filters/warning.go`, `k8s.io/apimachinery/pkg/util/net/http.go`). */

/** Of all texts together, in characters; what is beyond makes each of them short. */
const TOTAL = 4 * 1024
const SHORT = 256

/** Bytes as the headers of Node take them: UTF-8, a character each. */
const asSent = (text: string): string => Buffer.from(text, "utf8").toString("latin1")

/** `299 - "text"`. */
const headerOf = (text: string): string => `299 - "${asSent(text.replaceAll(/[\\"]/g, (sign) => `\\${sign}`))}"`

/**
 * A header for each text, none of them twice; when they are too long together each is cut, and what is beyond even so is left out.
 * Control characters, for which Kubernetes says nothing at all, become blanks: a gap has to be told of.
 */
export const warningHeaders = (texts: ReadonlyArray<string>): ReadonlyArray<string> => {
  const said = [...new Set(texts.map((text) => text.replaceAll(/\p{Cc}+/gu, " ").trim()))].filter((text) => text !== "")
  const runes = said.map((text) => [...text])
  if (runes.reduce((sum, { length }) => sum + length, 0) <= TOTAL) return said.map(headerOf)
  let written = 0
  return runes.flatMap((all) => {
    if (written >= TOTAL) return []
    const cut = all.slice(0, SHORT)
    written += cut.length
    return [headerOf(cut.join(""))]
  })
}
