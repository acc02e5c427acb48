/** Which run of which declared program a container's n-th start uses (first match wins, the last run repeats). */
import { type ContainerSpec, globMatches, type Program, type ProgramRun } from "@kubereel/core"

/** What runs where nothing is declared: until it is killed; a main process without a handler does not die of TERM (K-140). */
export const undeclared: ProgramRun = {
  exitAfter: undefined,
  exitCode: 0,
  oom: false,
  startError: undefined,
  onTerm: "ignore",
  terminationMessage: undefined,
  execs: [],
  http: [],
  tcp: [],
  grpc: [],
  log: [],
  writes: [],
  memory: [],
  cpu: []
}

export const findProgram = (
  programs: ReadonlyArray<Program>,
  pod: string,
  container: ContainerSpec
): Program | undefined =>
  programs.find(
    ({ match }) =>
      globMatches(match.pod, pod) &&
      globMatches(match.container, container.name) &&
      globMatches(match.image, container.image)
  )

/** `start`: 0 for the first start. */
export const runOf = (program: Program | undefined, start: number): ProgramRun | undefined =>
  program?.runs[Math.min(start, program.runs.length - 1)]
