/** All that is known of a law without checking it. */
import { asked, formatDuration, formulaText, type Property } from "@kubereel/core"
import { titleText } from "./checkText.ts"

export const describeLaw = (law: Property): string => {
  const params = Object.entries(law.params).map(([name, value]) => `${name}=${formatDuration(value)}`)
  const versions = [
    ...(law.since === undefined ? [] : [`since ${law.since}`]),
    ...(law.until === undefined ? [] : [`before ${law.until}`])
  ]
  const rows: ReadonlyArray<readonly [string, string]> = [
    ["says", law.says],
    ["source", law.source],
    ["each", law.each.name],
    ...asked(law.formula).map((clause): readonly [string, string] => ["asks", formulaText(clause)]),
    ...law.assume.map(({ id, says }): readonly [string, string] => ["assumes", `${id}: ${says}`]),
    ...(params.length === 0 ? [] : [["params", params.join(", ")] as const]),
    ...(versions.length === 0 ? [] : [["versions", versions.join(", ")] as const]),
    ...(law.needs === "api" ? [] : [["needs", law.needs] as const]),
    ["severity", law.severity],
    ...(law.refutation === undefined
      ? []
      : [["false", law.refutation.why] as const, ["instead", law.refutation.insteadUse.join(", ")] as const])
  ]
  const kind = law.kind === "law" ? "law" : law.kind === "goal" ? "goal" : "belief that is false"
  return [`${titleText(law)}: ${kind}`, ...rows.map(([label, text]) => `  ${label.padEnd(9)} ${text}`)].join("\n")
}
