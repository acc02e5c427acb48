/** What processes of this machine have used up (`man 5 proc`). Linux only. */
import { readdirSync, readFileSync } from "node:fs"

export interface Use {
  /** Seconds of processor time, all threads. */
  readonly cpu: number
  /** Megabytes, at most. */
  readonly memory: number
}

const TICKS_A_SECOND = 100

export const useOf = (pid: number): Use => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ")
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0"
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, memory: Number(peak) / 1_024 }
}

const pidsWith = (file: "comm" | "stat", holds: (text: string) => boolean): ReadonlyArray<number> =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return holds(readFileSync(`/proc/${pid}/${file}`, "utf8").trim())
      } catch {
        return false
      }
    })

/** Processes of programs of these names. */
export const pidsOf = (...names: ReadonlyArray<string>): ReadonlyArray<number> =>
  pidsWith("comm", (name) => names.includes(name))

/** Processes that this one has started or adopted. */
export const childrenOf = (pid: number): ReadonlyArray<number> =>
  pidsWith("stat", (stat) => stat.replace(/^.*\) /, "").split(" ")[1] === `${pid}`)

/** Seconds of processor time of all of them together. */
export const cpuOf = (pids: ReadonlyArray<number>): number => pids.reduce((sum, pid) => sum + useOf(pid).cpu, 0)
