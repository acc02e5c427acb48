/** The cluster that `kubereel up` begins with: nodes, programs and steps of a scenario, or nodes alone; and what is applied to it. */
import type { Environments } from "@kubereel/backend-sim"
import { decodeScenario, type Instant, type KubernetesObject, problemText, type Scenario } from "@kubereel/core"
import { Effect, Result } from "effect"
import { moment } from "../action/arguments.ts"
import { Complaint, exitCodes } from "../exitCode.ts"
import { readPrograms } from "../join/programFiles.ts"
import { loadManifests } from "./loadManifests.ts"
import { loadProfiles } from "./loadProfiles.ts"

interface LiveInput {
  readonly files: ReadonlyArray<string>
  readonly nodes?: number
  readonly nodeCapacity?: string
  readonly seed?: number
  readonly start?: string
}

export interface LiveBeginning {
  readonly scenario: Scenario
  readonly profiles: Environments
  readonly manifests: ReadonlyArray<{ readonly file: string; readonly object: KubernetesObject }>
}

const NODES = 3
const NODES_MAX = 10_000

const usage = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

const capacityOf = (text: string) => {
  const pairs = text.split(",").map((pair) => pair.split("="))
  const wrong = pairs.find(([key = "", value = ""]) => !["cpu", "memory", "pods"].includes(key) || value === "")
  return wrong === undefined
    ? Effect.succeed(
        Object.fromEntries(pairs.map(([key, value = ""]) => [key, key === "pods" ? Number(value) : value]))
      )
    : Effect.fail(usage(`--node-capacity: "${wrong.join("=")}" is none of cpu=…, memory=…, pods=…`))
}

const plain = Effect.fnUntraced(function* ({ nodeCapacity, nodes: count = NODES }: LiveInput) {
  if (!Number.isInteger(count) || count < 0 || count > NODES_MAX)
    return yield* usage(`--nodes: got ${count}, expected a whole number from 0 to ${NODES_MAX}`)
  const capacity = nodeCapacity === undefined ? {} : yield* capacityOf(nodeCapacity)
  const decoded = decodeScenario({
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "up" },
    spec: {
      namespace: "default",
      until: "1s",
      nodes: Array.from({ length: count }, (_, i) => ({ name: `node-${i + 1}`, ...capacity }))
    }
  })
  if (Result.isSuccess(decoded)) return decoded.success
  const [first] = decoded.failure
  const text = first === undefined ? "the nodes cannot be made" : problemText(first)
  return yield* usage(`--node-capacity: ${text.replace(/^spec\.nodes\[\d+\]\.?/, "")}`)
})

/** `now`: what its clock shows in the beginning unless somebody says otherwise. */
export const liveScenario = Effect.fn("liveScenario")(function* (input: LiveInput, now: Instant) {
  const { files, nodeCapacity, nodes, seed } = input
  if (seed !== undefined && seed < 0) return yield* usage(`--seed: ${seed} is negative; a seed is 0 or more`)
  const start = input.start === undefined ? now : yield* moment("--start", input.start)
  const base = yield* plain(input)
  const manifests: Array<LiveBeginning["manifests"][number]> = []
  const parts: Array<Scenario> = []
  let whole: { readonly file: string; readonly scenario: Scenario } | undefined
  for (const file of files) {
    const objects = yield* loadManifests(file)
    if (objects !== undefined) {
      for (const object of objects) manifests.push({ file, object })
      continue
    }
    const { isWhole, scenario } = yield* readPrograms(file)
    if (isWhole && whole !== undefined)
      return yield* usage(`-f: ${whole.file} and ${file} are both scenarios, and a cluster has one; leave one out`)
    if (isWhole) whole = { file, scenario }
    parts.push(scenario)
  }
  const own = nodes === undefined && nodeCapacity === undefined ? whole?.scenario.nodes : undefined
  const scenario: Scenario = {
    ...(whole?.scenario ?? base),
    nodes: own ?? base.nodes,
    programs: parts.flatMap(({ programs }) => programs),
    images: parts.flatMap(({ images }) => images),
    start,
    ...(seed === undefined ? {} : { seed })
  }
  const profiles = whole === undefined ? {} : yield* loadProfiles(whole.file, scenario)
  return { scenario, profiles, manifests } satisfies LiveBeginning
})
