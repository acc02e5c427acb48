/** What other programs read: JUnit's XML, and the annotations of GitHub's workflows. */
import type { Outcome } from "@kubereel/core"
import type { Checked } from "./checkHistory.ts"
import { titleText, violationText } from "./checkText.ts"
import { codeOf, standingOf } from "./standing.ts"

/** What XML 1.0 cannot say is said otherwise. */
const xml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")

const resultOf = (checked: Checked, outcome: Outcome, strict: boolean): string => {
  const standing = standingOf(outcome)
  const reasons = [
    standing,
    ...(outcome.notApplicable === undefined ? outcome.inconclusive.keys() : [outcome.notApplicable])
  ]
  const message = xml(standing === "violated" ? outcome.property.says : reasons.join("; "))
  if (standing === "violated" && codeOf(outcome, strict) !== 0)
    return `<failure message="${message}">${xml(violationText(checked, outcome))}</failure>`
  if (standing === "violated") return `<system-out>${xml(violationText(checked, outcome))}</system-out>`
  if (standing === "holding" || standing === "satisfied" || standing === "reached") return ""
  return strict && codeOf(outcome, strict) !== 0 ? `<failure message="${message}"/>` : `<skipped message="${message}"/>`
}

const suiteOf = (checked: Checked, strict: boolean): string => {
  const results = checked.outcomes.map((outcome) => resultOf(checked, outcome, strict))
  const count = (what: string): number => results.filter((result) => result.startsWith(`<${what}`)).length
  const cases = checked.outcomes.map((outcome, place) => {
    const head = `    <testcase classname="${xml(outcome.property.each.name)}" name="${xml(titleText(outcome.property))}"`
    return results[place] === "" ? `${head}/>` : `${head}>${results[place]}</testcase>`
  })
  const sums = `tests="${results.length}" failures="${count("failure")}" skipped="${count("skipped")}" errors="0"`
  return [`  <testsuite name="${xml(checked.file)}" ${sums}>`, ...cases, "  </testsuite>"].join("\n")
}

/** One suite a file, one case a property. What was never asked, or is not known, is skipped; for a strict user it failed. */
export const junitXml = (all: ReadonlyArray<Checked>, strict: boolean): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="kubereel check">',
    ...all.map((checked) => suiteOf(checked, strict)),
    "</testsuites>",
    ""
  ].join("\n")

const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
const escapedProperty = (text: string): string => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C")

/** A line for each violation, and for what makes the exit status 2. */
export const githubAnnotations = (all: ReadonlyArray<Checked>, strict: boolean): ReadonlyArray<string> =>
  all.flatMap((checked) =>
    checked.outcomes.flatMap((outcome) => {
      const standing = standingOf(outcome)
      const code = codeOf(outcome, strict)
      if (standing !== "violated" && code === 0) return []
      const level = code === 1 ? "error" : "warning"
      const title = escapedProperty(`${standing}: ${titleText(outcome.property)}`)
      const text = standing === "violated" ? violationText(checked, outcome) : outcome.property.says
      return [`::${level} file=${escapedProperty(checked.file)},title=${title}::${escaped(text)}`]
    })
  )
