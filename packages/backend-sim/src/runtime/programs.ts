/** Which run of which declared program a container's n-th start uses (first match wins, the last run repeats). */
import type { ContainerSpec, Program, ProgramRun } from "@kubereel/core"

const patterns = new Map<string, RegExp>()

/** Shell globs: `*` any text, `?` one character, `[…]` one of a set. */
const glob = (pattern: string): RegExp => {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replaceAll("[!", "[^")
  const made = new RegExp(`^${source}$`, "s")
  patterns.set(pattern, made)
  return made
}

export const matches = (pattern: string, text: string): boolean => pattern === "*" || glob(pattern).test(text)

/** What runs where nothing is declared: until it is killed; a main process without a handler does not die of TERM (K-140). */
export const undeclared: ProgramRun = {
  exitAfter: undefined,
  exitCode: 0,
  oom: false,
  startError: undefined,
  onTerm: "ignore",
  terminationMessage: undefined,
  others: {}
}

export const findProgram = (
  programs: ReadonlyArray<Program>,
  pod: string,
  container: ContainerSpec
): Program | undefined =>
  programs.find(
    ({ match }) =>
      matches(match.pod, pod) && matches(match.container, container.name) && matches(match.image, container.image)
  )

/** `start`: 0 for the first start. */
export const runOf = (program: Program | undefined, start: number): ProgramRun =>
  program?.runs[Math.min(start, program.runs.length - 1)] ?? undeclared
