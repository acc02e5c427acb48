/** What `kubereel check` does. */
import { writeFileSync } from "node:fs"
import { propertyJson } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes, Verdict } from "../exitCode.ts"
import { boundMemory } from "../output/boundMemory.ts"
import { replaceFile } from "../output/replaceFile.ts"
import { print } from "../output/stdout.ts"
import { look } from "../output/terminal.ts"
import { type Checked, type CheckOptions, checkHistory } from "./check/checkHistory.ts"
import { checkedJson } from "./check/checkJson.ts"
import { checkText, listText } from "./check/checkText.ts"
import { type Choice, chooseProperties, known, matching, noSuchLaw } from "./check/chooseProperties.ts"
import { describeLaw } from "./check/describeLaw.ts"
import { githubAnnotations, junitXml } from "./check/reports.ts"
import { codeOf, worstOf } from "./check/standing.ts"

export interface CheckInput extends Choice {
  readonly files: ReadonlyArray<string>
  readonly from?: string
  readonly to?: string
  readonly end?: string
  readonly seed?: number
  readonly strict: boolean
  readonly list: boolean
  readonly explainLaw?: string
  readonly json: boolean
  readonly junit?: string
  readonly github: boolean
}

const printed = (answer: object) => print(JSON.stringify({ schemaVersion: 1, ...answer }, undefined, 2))

const listed = ({ json }: CheckInput) =>
  json ? printed({ properties: known.map(propertyJson) }) : print(listText(known.filter(({ kind }) => kind !== "goal")))

const explained = Effect.fnUntraced(function* (pattern: string, { json }: CheckInput) {
  const meant = matching(pattern)
  if (meant.length === 0) return yield* noSuchLaw(pattern)
  yield* json ? printed({ properties: meant.map(propertyJson) }) : print(meant.map(describeLaw).join("\n\n"))
})

const endOf = (text: string | undefined): Effect.Effect<CheckOptions["end"], Complaint> =>
  text === undefined || text === "open" || text === "stopped" || text === "quiescent"
    ? Effect.succeed(text)
    : Effect.fail(
        new Complaint({
          code: exitCodes.usage,
          problem: `--end: "${text}" is none; say open (more may come), stopped (only what has time left may come) or quiescent (nothing more will come)`
        })
      )

const verdicts: { readonly [code: number]: string } = { 0: "sound", 1: "violated", 2: "inconclusive" }

export const checkHistories = Effect.fn("checkHistories")(function* (input: CheckInput) {
  yield* boundMemory
  if (input.list) return yield* listed(input)
  if (input.explainLaw !== undefined) return yield* explained(input.explainLaw, input)
  if (input.files.length === 0)
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: "name a reel, a recording or a scenario to check; `kubereel check --list` tells the laws"
    })
  const { files, from, json, junit, seed, strict, to } = input
  const { chosenBy, properties } = yield* chooseProperties(input)
  const end = yield* endOf(input.end)
  const options: CheckOptions = {
    digest: json,
    chosenBy,
    ...(end === undefined ? {} : { end }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(seed === undefined ? {} : { seed })
  }
  const all: Array<Checked> = []
  for (const file of files) {
    const checked = yield* checkHistory(file, properties, options)
    all.push(checked)
    if (!json) yield* print(`${all.length > 1 ? "\n" : ""}${checkText(checked, look().width)}`)
  }
  const code = worstOf(all.flatMap(({ outcomes }) => outcomes.map((outcome) => codeOf(outcome, strict))))
  if (json) yield* printed({ verdict: verdicts[code], files: all.map(checkedJson) })
  if (input.github) for (const line of githubAnnotations(all, strict)) yield* print(line)
  if (junit !== undefined)
    yield* replaceFile(junit, "text", (scratch) => Effect.sync(() => writeFileSync(scratch, junitXml(all, strict))))
  if (code !== 0) return yield* new Verdict({ code })
})
