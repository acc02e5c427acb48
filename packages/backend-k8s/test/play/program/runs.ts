/** Runs of programs for tests, and whether this machine can play them. */
import { spawnSync } from "node:child_process"
import type { ProgramRun } from "@kubereel/core"

export const runOf = (run: Partial<ProgramRun>): ProgramRun => ({
  exitAfter: undefined,
  exitCode: 0,
  oom: false,
  startError: undefined,
  onTerm: undefined,
  terminationMessage: undefined,
  execs: [],
  http: [],
  tcp: [],
  grpc: [],
  log: [],
  writes: [],
  memory: [],
  cpu: [],
  ...run
})

export const hasBusybox = spawnSync("busybox", ["true"]).status === 0
