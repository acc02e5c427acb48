/** What an API server says beside its answer (`k8s.io/apimachinery/pkg/util/net/http.go`, ParseWarningHeaders; RFC 7234, section 5.5). */

/** `299 agent "text" "date"`, and what stands between two of them. */
const WARNING = /\s*([0-9]{3}) (\S+) "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?:,|$)/gy

/** The only code that an API server has a use for: something to tell people, that lasts. */
const PERSISTENT = "299"

const textsOf = (header: string): ReadonlyArray<string> =>
  [...header.matchAll(WARNING)]
    .filter(([, code]) => code === PERSISTENT)
    .map(([, , , text = ""]) => text.replaceAll(/\\(.)/g, "$1"))

/** `headers`: as Node gives them, a character for each byte of UTF-8. What is no warning is left out. */
export const warningTexts = (headers: ReadonlyArray<string>): ReadonlyArray<string> =>
  headers.flatMap((header) => textsOf(Buffer.from(header, "latin1").toString("utf8")))
