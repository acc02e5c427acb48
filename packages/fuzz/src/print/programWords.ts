/** What a container's process does, in words: `exits 1 after 28.6 s`, `exits 1 at once 5×, then runs`. */
import type { Json, JsonObject } from "@kubereel/core"
import { isJsonObject, parseDuration } from "@kubereel/core"
import { objectIn, objectsIn } from "../shrink/document.ts"
import { durationWords, valueWords } from "./words.ts"

const isZero = (text: Json | undefined): boolean => text === undefined || parseDuration(String(text)) === 0

const when = (text: Json | undefined): string => (isZero(text) ? "at once" : `after ${durationWords(text)}`)

/** A server that ends as soon as it is asked to is what one expects. */
const QUICK = 50_000

const termWords = (onTerm: Json | undefined): ReadonlyArray<string> => {
  if (onTerm === undefined) return ["dies of KILL only"]
  if (onTerm === "ignore") return ["ignores TERM"]
  const { exitAfter, exitCode } = objectIn(onTerm)
  if ((parseDuration(String(exitAfter ?? "0s")) ?? 0) <= QUICK && (exitCode ?? 0) === 0) return []
  return [
    `ends ${isZero(exitAfter) ? "at once" : `${durationWords(exitAfter)} after`} TERM${(exitCode ?? 0) === 0 ? "" : ` with ${valueWords(exitCode)}`}`
  ]
}

/** When something answers, and how: `from 3 s`, `until 10 s`, `takes 2 s`. */
const windowWords = ({ from, takes, until }: JsonObject): ReadonlyArray<string> => [
  ...(isZero(from) ? [] : [`from ${durationWords(from)}`]),
  ...(until === undefined ? [] : [`until ${durationWords(until)}`]),
  ...(isZero(takes) ? [] : [`takes ${durationWords(takes)}`])
]

const commandWords = (command: Json | undefined): string =>
  Array.isArray(command) ? command.map(String).join(" ") : String(command)

const answerWords = (run: JsonObject): ReadonlyArray<string> => [
  ...objectsIn(run["execs"]).map(({ command, exitCode, ...rest }) =>
    [
      `${commandWords(command)} ${(exitCode ?? 0) === 0 ? "succeeds" : `fails with ${valueWords(exitCode)}`}`,
      ...windowWords(rest)
    ].join(" ")
  ),
  ...objectsIn(run["http"]).map(({ path, port, status, ...rest }) =>
    [
      `answers ${valueWords(status ?? 200)} on :${valueWords(port ?? "*")}${valueWords(path ?? "")}`,
      ...windowWords(rest)
    ].join(" ")
  ),
  ...objectsIn(run["tcp"]).map(({ port, ...rest }) =>
    [`listens on :${valueWords(port)}`, ...windowWords(rest)].join(" ")
  ),
  ...objectsIn(run["grpc"]).map(({ port, status, ...rest }) =>
    [`says ${valueWords(status ?? "SERVING")} on :${valueWords(port ?? "*")}`, ...windowWords(rest)].join(" ")
  )
]

const known = new Set(["exitAfter", "exitCode", "oom", "startError", "onTerm", "execs", "http", "tcp", "grpc"])

const endWords = ({ exitAfter, exitCode, oom, startError }: JsonObject): string => {
  if (startError !== undefined) return `cannot start (${String(startError)})`
  if (oom === true) return `runs out of memory ${when(exitAfter)}`
  return exitAfter === undefined ? "runs" : `exits ${valueWords(exitCode ?? 0)} ${when(exitAfter)}`
}

const runWords = (run: JsonObject): string =>
  [
    endWords(run),
    ...termWords(run["onTerm"]).filter(() => run["startError"] === undefined),
    ...answerWords(run),
    ...Object.entries(run).flatMap(([field, value]) => (known.has(field) ? [] : [`${field} ${valueWords(value)}`]))
  ].join(", ")

/** Equal runs in a row are counted; the last one repeats. */
export const programWords = (runs: ReadonlyArray<Json>): string => {
  const counted: Array<{ readonly words: string; times: number }> = []
  for (const run of runs) {
    const words = runWords(isJsonObject(run) ? run : {})
    const before = counted.at(-1)
    if (before?.words === words) before.times++
    else counted.push({ words, times: 1 })
  }
  const last = counted.length - 1
  return counted
    .map(({ times, words }, i) => (times === 1 || i === last ? words : `${words} (${times}×)`))
    .join(", then ")
}
