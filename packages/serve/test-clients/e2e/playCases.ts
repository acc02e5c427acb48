/** Runs cases of Kubernetes' end-to-end tests against a server. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { scratch } from "../clients/kubereel.ts"
import { run } from "../clients/run.ts"

export interface CaseResult {
  readonly name: string
  readonly state: "passed" | "failed" | "skipped" | "timedout" | "panicked" | "interrupted"
  readonly seconds: number
  /** Why it did not pass. */
  readonly failure: string
}

interface SpecReport {
  readonly ContainerHierarchyTexts: ReadonlyArray<string> | null
  readonly LeafNodeType: string
  readonly LeafNodeText: string
  readonly State: string
  /** Nanoseconds. */
  readonly RunTime: number
  readonly Failure?: { readonly Message: string }
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** The cases' results, in the order in which they ran: one after the other. */
export const playCases = async (
  { e2e, kubectl }: { readonly e2e: string; readonly kubectl: string },
  kubeconfig: string,
  names: ReadonlyArray<string>,
  seconds: number
): Promise<ReadonlyArray<CaseResult>> => {
  const files = scratch()
  try {
    const report = join(files.path, "report.json")
    const flags = [
      `--kubeconfig=${kubeconfig}`,
      "--provider=skeleton",
      `--kubectl-path=${kubectl}`,
      `--ginkgo.focus=(${names.map(escaped).join("|")})$`,
      "--ginkgo.no-color",
      "--ginkgo.silence-skips",
      "--ginkgo.seed=1",
      `--ginkgo.timeout=${seconds}s`,
      `--ginkgo.json-report=${report}`
    ]
    const { stdout, stderr } = await run(e2e, flags, { directory: files.path, seconds: seconds + 60 })
    return resultsOf(report, names, `${stdout.slice(-4_000)}${stderr.slice(-4_000)}`)
  } finally {
    files.remove()
  }
}

/** They change what is everybody's: nodes, priorities, all namespaces. */
const isAlone = (name: string): boolean => /\[(Serial|Disruptive)\]/.test(name)

/** Some at a time, and then one after the other those that must be alone; each of the two within `seconds`. */
export const playTogether = async (
  clients: Parameters<typeof playCases>[0],
  kubeconfig: string,
  names: ReadonlyArray<string>,
  { atOnce, seconds }: { readonly atOnce: number; readonly seconds: number }
): Promise<ReadonlyArray<CaseResult>> => {
  const together = names.filter((name) => !isAlone(name))
  const alone = names.filter(isAlone)
  const shares = Array.from({ length: atOnce }, (_, i) => together.filter((_name, index) => index % atOnce === i))
  const play = (share: ReadonlyArray<string>) =>
    share.length === 0 ? [] : playCases(clients, kubeconfig, share, seconds)
  const results = await Promise.all(shares.map(play))
  return [...results, await play(alone)].flat()
}

const resultsOf = (report: string, names: ReadonlyArray<string>, said: string): ReadonlyArray<CaseResult> => {
  let suites: ReadonlyArray<{ readonly SpecReports: ReadonlyArray<SpecReport> }>
  try {
    suites = JSON.parse(readFileSync(report, "utf8"))
  } catch {
    throw new Error(`the end-to-end tests left no report: ${said}`)
  }
  const wanted = new Set(names)
  return suites
    .flatMap(({ SpecReports }) => SpecReports)
    .filter(({ LeafNodeType }) => LeafNodeType === "It")
    .map((spec) => ({
      name: [...(spec.ContainerHierarchyTexts ?? []), spec.LeafNodeText].join(" "),
      state: spec.State as CaseResult["state"],
      seconds: Math.round(spec.RunTime / 1e6) / 1000,
      failure: spec.Failure?.Message ?? ""
    }))
    .filter(({ name }) => wanted.has(name))
}
