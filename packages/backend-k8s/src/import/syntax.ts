/** How a recording is written, told from its beginning. */

/** JSON with a value a line; JSON of any layout; YAML documents. */
export type Syntax = "lines" | "json" | "yaml"

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A line of an export of CloudWatch: the time, a blank, the message. */
export const stamp = /^\d{4}-\d\d-\d\dT[\d:.]+Z (?=\{)/

export const syntaxOf = (head: string): Syntax => {
  const text = head.replace(/^\uFEFF/, "").trimStart()
  if (stamp.test(text)) return "lines"
  if (!/^[[{]/.test(text)) {
    // The beginning of a file of lines may have been cut away.
    const second = text.split("\n", 2)[1] ?? ""
    return second.startsWith("{") && isJson(second) ? "lines" : "yaml"
  }
  const end = text.indexOf("\n")
  // A line that goes on beyond what was looked at may be either; the reader of any layout reads both.
  return text.startsWith("{") && end !== -1 && isJson(text.slice(0, end)) ? "lines" : "json"
}
