/** What `kubereel up` does. */
import { randomBytes } from "node:crypto"
import { findProgram, LiveCluster } from "@kubereel/backend-sim"
import {
  type ClusterEvent,
  EventLog,
  formatDuration,
  groupVersionOf,
  type Instant,
  isPod,
  type KubernetesObject,
  latestRelease,
  makeRedactor,
  releaseOf,
  type Scenario,
  type ServedWrite,
  toObserved,
  usualRun
} from "@kubereel/core"
import { parseSpeed, type ServedPresent, type Speed, servePresent } from "@kubereel/serve"
import { Deferred, Effect } from "effect"
import { Complaint, endedByInterruption, exitCodes } from "../exitCode.ts"
import { KUBECONFIG } from "../input/servedApi.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import { unreachable } from "../output/unreachable.ts"
import { writeKubeconfig } from "../output/writeKubeconfig.ts"
import * as EventLogSqlite from "../reel/EventLogSqlite.ts"
import { liveScenario } from "../scenario/liveScenario.ts"
import { version } from "../version.ts"

export interface UpInput {
  readonly files: ReadonlyArray<string>
  readonly nodes?: number
  readonly nodeCapacity?: string
  readonly speed?: string
  readonly paused: boolean
  readonly seed?: number
  readonly start?: string
  readonly port?: number
  readonly listen?: string
  readonly kubeconfig?: string
  readonly out?: string
  readonly redact: boolean
  readonly json: boolean
}

const complain = (code: number, problem: string) => new Complaint({ code, problem })

const USUAL_SPEED = 10

const speedOf = (text: string | undefined) => {
  const speed = text === undefined ? USUAL_SPEED : parseSpeed(text)
  return speed === undefined
    ? Effect.fail(complain(exitCodes.usage, `--speed: "${text}" is none; write it like 10, 0.5 or max`))
    : Effect.succeed(speed)
}

/** Milliseconds since 1970, once; the cluster has a clock of its own. */
const fileName = (now: number): string => `up-${new Date(now).toISOString().replaceAll(/[:.]/g, "").slice(0, 17)}Z.reel`

/** What the reel says of itself: it must not be taken for a recording of a real cluster. */
const header = (scenario: Scenario): ClusterEvent => ({
  _tag: "RecordingStarted",
  header: {
    scenario: scenario.name,
    t0: toObserved(scenario.start),
    kubernetes: (releaseOf(scenario.kubernetes ?? "") ?? latestRelease).version,
    simulator: `kubereel ${version}`,
    seed: scenario.seed,
    live: true,
    steps: scenario.steps.map(({ at, intention }) => ({ at: formatDuration(at), does: intention._tag }))
  }
})

/** As `kubectl create` does it; what the server says against one ends it all. */
const applyManifest = Effect.fnUntraced(function* (cluster: LiveCluster, file: string, object: KubernetesObject) {
  const resource = cluster
    .resources()
    .find((served) => served.kind === object.kind && groupVersionOf(served) === object.apiVersion)
  const which = `${file}: ${object.kind} ${object.metadata.name ?? ""}`
  if (resource === undefined)
    return yield* complain(
      exitCodes.badData,
      `${which}: a simulated cluster serves no such kind in version ${object.apiVersion}`
    )
  const write = {
    ...{ resource, verb: "create", object, subresource: "", dryRun: false },
    ...{ fieldManager: "kubereel", fieldValidation: "Strict" },
    ...(resource.namespaced ? { namespace: object.metadata.namespace ?? "default" } : {})
  } as unknown as ServedWrite
  const { body, status, warnings = [] } = yield* Effect.promise(() => cluster.write(write))
  for (const warning of warnings) yield* Speech.warn(`${which}: ${warning}`)
  if (status >= 400) return yield* complain(exitCodes.badData, `${which}: ${String(body["message"])}`)
})

/** Says of each image once that nobody knows what its containers do. */
const guesses = ({ programs }: Scenario) => {
  const said = new Set<string>()
  return (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
    facts.flatMap((event) => {
      const object = event._tag === "ObjectChanged" && event.change === "ADDED" ? event.object : undefined
      const pod = object as unknown as KubernetesObject | undefined
      if (pod === undefined || !isPod(pod)) return []
      const { containers, initContainers = [] } = pod.spec
      return [...initContainers, ...containers].flatMap((container) => {
        const isKnown = said.has(container.image) || findProgram(programs, pod.metadata.name, container) !== undefined
        if (isKnown || !usualRun(container).isGuess) return []
        said.add(container.image)
        return [
          `${container.image}: no program is declared for container ${container.name} of pod ${pod.metadata.name}, so it runs until TERM and answers its own probes; declare one under programs of a scenario (-f)`
        ]
      })
    })
}

/** What is seen goes into the reel, its secrets hidden. */
const recorder = (log: EventLog["Service"], hides: boolean, scenario: Scenario) => {
  const guessed = guesses(scenario)
  // Marks of one run are comparable with each other and with nothing else.
  const redactor = hides ? makeRedactor(randomBytes(32)) : undefined
  const hidden = (event: ClusterEvent): ClusterEvent =>
    redactor !== undefined && event._tag === "ObjectChanged"
      ? { ...event, object: redactor.redact(event.object) as typeof event.object }
      : event
  return (facts: ReadonlyArray<ClusterEvent>): Promise<void> =>
    Effect.runPromise(
      Effect.andThen(
        Effect.forEach(guessed(facts), (message) => Speech.warn(message), { discard: true }),
        Effect.asVoid(log.append(facts.map(hidden)))
      )
    )
}

const announce = Effect.fnUntraced(function* (
  served: ServedPresent,
  { kubeconfig, nodes, reel }: { readonly kubeconfig: string; readonly reel: string; readonly nodes: number },
  { json, paused, speed }: { readonly json: boolean; readonly paused: boolean; readonly speed: Speed }
) {
  if (json)
    return yield* print(
      JSON.stringify({ schemaVersion: 1, server: served.url, kubeconfig, reel, nodes, speed, paused }, undefined, 2)
    )
  const pace = paused ? "its clock stands still" : speed === "max" ? "as fast as it goes" : `at ${speed}x`
  yield* print(
    [
      `a simulated cluster of ${nodes} node${nodes === 1 ? "" : "s"} is served at ${served.url}, ${pace}; Ctrl-C ends it`,
      `  everything is recorded into ${reel}`,
      "",
      `  kubectl --kubeconfig ${kubeconfig} get nodes`,
      `  kubereel clock until ready${kubeconfig === KUBECONFIG ? "" : ` --kubeconfig ${kubeconfig}`}`
    ].join("\n")
  )
})

const serve = Effect.fnUntraced(function* (input: UpInput, cluster: LiveCluster, scenario: Scenario, reel: string) {
  const { kubeconfig = KUBECONFIG, listen: host = "127.0.0.1", paused, port = 0, redact } = input
  const speed = yield* speedOf(input.speed)
  const log = yield* EventLog
  const record = recorder(log, redact, scenario)
  yield* Effect.promise(() => record([header(scenario)]))
  const broken = yield* Deferred.make<never, unknown>()
  const failed = (cause: unknown) => void Effect.runFork(Deferred.fail(broken, cause))
  const served = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: () => servePresent({ cluster, speed, paused, host, port, record, failed }),
      catch: unreachable(host, port)
    }),
    (server) => Effect.promise(server.close)
  )
  yield* writeKubeconfig(kubeconfig, served.kubeconfig)
  yield* announce(served, { kubeconfig, reel, nodes: scenario.nodes.length }, { json: input.json, paused, speed })
  return yield* Deferred.await(broken)
})

export const bringUp = Effect.fn("bringUp")(function* (input: UpInput) {
  yield* endedByInterruption
  const { out, port = 0 } = input
  if (port < 0 || port > 65_535)
    return yield* complain(exitCodes.usage, `--port: ${port} is none; choose one from 1 to 65535`)
  yield* speedOf(input.speed)
  const wall = Date.now()
  const { manifests, profiles, scenario } = yield* liveScenario(
    input,
    (Math.floor(wall / 1_000) * 1_000_000) as Instant
  )
  const cluster = new LiveCluster(scenario, { profiles, undeclared: (container) => usualRun(container).run })
  for (const { file, object } of manifests) yield* applyManifest(cluster, file, object)
  const reel = out ?? fileName(wall)
  return yield* serve(input, cluster, scenario, reel).pipe(
    Effect.scoped,
    Effect.provide(EventLogSqlite.layer(reel, { mode: "create" }))
  )
})
