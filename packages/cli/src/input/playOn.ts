/** A scenario file as the history that a real cluster makes of it. */
import { randomBytes, randomUUID } from "node:crypto"
import { K8sBackend, type NodeDriver, NotPlayable, programDriver } from "@kubereel/backend-k8s"
import { formatDuration, type JsonObject, type Micros, makeRedactor, play } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import * as Speech from "../output/Speech.ts"
import { loadScenario } from "../scenario/loadScenario.ts"
import { version } from "../version.ts"
import type { ScenarioRun } from "./simulate.ts"

export interface PlayOnInput {
  /** A context of the kubeconfig. */
  readonly on: string
  readonly kubeconfig?: string
  readonly keep: boolean
  readonly programImage?: string
  /** Its nodes know the programs: they are joined ones. */
  readonly joined?: boolean
  readonly redact: boolean
  /** Instead of the scenario's own horizon. */
  readonly until?: Micros
  /** Reaches the cluster's nodes: a line for the shell, or a driver in this process. */
  readonly nodeDriver?: string
  readonly driver?: NodeDriver
}

/** What the header says beside `t0` and the steps: whose cluster it was. */
const header = (cluster: K8sBackend.RealCluster, until: Micros, redacted: boolean): JsonObject => ({
  kubernetes: cluster.kubernetes,
  until: formatDuration(until),
  played: { program: `kubereel ${version}`, server: cluster.client.server, redacted }
})

const inFile =
  (file: string) =>
  <E>(error: E): E | Complaint =>
    error instanceof NotPlayable
      ? new Complaint({
          code: exitCodes.badData,
          problem: error.problems.map((problem) => `${file}: ${problem}`).join("\n")
        })
      : error

/** Loads the scenario and looks whether the cluster can play it; nothing is done to it before the events are read. */
export const playOn = Effect.fn("playOn")(function* (file: string, input: PlayOnInput) {
  const { joined = false, keep, kubeconfig, nodeDriver, on, programImage, redact } = input
  const driver = nodeDriver === undefined ? input.driver : programDriver(nodeDriver)
  const loaded = yield* loadScenario(file)
  const cluster = yield* K8sBackend.openCluster({ context: on, ...(kubeconfig === undefined ? {} : { kubeconfig }) })
  const chosen = {
    cluster,
    joined,
    ...(driver === undefined ? {} : { driver }),
    ...(programImage === undefined ? {} : { programImage })
  }
  const prepared = yield* K8sBackend.prepare(loaded, chosen).pipe(Effect.mapError(inFile(file)))
  const until = input.until ?? loaded.until
  const backend = K8sBackend.layer(prepared, {
    ...chosen,
    run: randomUUID(),
    until,
    keep,
    // Marks of one run tell equal values from others; nobody can try values against them afterwards.
    ...(redact ? { redactor: makeRedactor(randomBytes(32)) } : {}),
    onTrouble: Speech.warn
  })
  const events = play(prepared.scenario, { until, header: header(cluster, until, redact) }).pipe(
    Stream.provide(backend),
    Stream.mapError(inFile(file))
  )
  return { scenario: loaded, until, events, origin: { context: on } } satisfies ScenarioRun
})
