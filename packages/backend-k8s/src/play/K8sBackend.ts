/** A real cluster as a `ClusterBackend`: a namespace of its own, orders through its API, facts from its watches, the wall's clock. */
import {
  type BackendFailure,
  ClusterBackend,
  type ClusterEvent,
  type Instant,
  type JsonObject,
  type Micros,
  type Redactor,
  type Scenario,
  TimeTravel
} from "@kubereel/core"
import { Clock, Effect, Layer, Stream } from "effect"
import { ApiClient } from "../client/ApiClient.ts"
import { ApiWriter } from "../client/ApiWriter.ts"
import { type ApiFailure, Refused } from "../client/failures.ts"
import type { BadKubeconfig, KubeconfigOptions } from "../client/kubeconfig.ts"
import { nothingLeft, Reflection } from "../record/Reflection.ts"
import { defaultResources, type Resource } from "../record/Resource.ts"
import { connect } from "../record/record.ts"
import { reflect, type Standing, timing } from "../record/reflect.ts"
import { driverFindings } from "./driverFindings.ts"
import { Facts } from "./Facts.ts"
import { type Finding, findingText, NotPlayable } from "./Finding.ts"
import { clusterScopeFindings, namesOf, nodeFindings, scenarioFindings, versionFindings } from "./findings.ts"
import { hideForeign } from "./hideForeign.ts"
import { Kinds } from "./Kinds.ts"
import type { NodeDriver } from "./NodeDriver.ts"
import { Orders } from "./Orders.ts"
import { playableScenario, programImageUnused } from "./program/manifest.ts"
import { awaitNamespace, keepNamespace, makeNamespace, type RunNamespace, removeNamespace } from "./RunNamespace.ts"
import { watchedResources } from "./watched.ts"

/** A cluster that has answered. */
export interface RealCluster {
  readonly client: ApiClient
  readonly writer: ApiWriter
  readonly kubernetes: string
}

/** Fails where nobody answers, or nothing may be watched. */
export const openCluster = Effect.fn("openCluster")(function* (options: KubeconfigOptions) {
  const client = yield* ApiClient.make(options)
  const { kubernetes } = yield* connect(client, defaultResources, {})
  return { client, kubernetes, writer: yield* ApiWriter.make(options) } satisfies RealCluster
})

export interface PlayOnOptions {
  readonly cluster: RealCluster
  /** What tells this run from others. */
  readonly run: string
  /** How long it will last. */
  readonly until: Micros
  /** Leaves the namespace as it is in the end. */
  readonly keep?: boolean
  /** The image of containers whose program is played by a script, instead of their own. */
  readonly programImage?: string
  /** The nodes were told the programs themselves: manifests are sent as the scenario says them. */
  readonly joined?: boolean
  readonly driver?: NodeDriver
  /** Absent: nothing is hidden. */
  readonly redactor?: Redactor
  /** Hears what could not be cleaned up. */
  readonly onTrouble?: (message: string) => Effect.Effect<void>
}

/** A scenario made ready for a real cluster. */
export interface Prepared {
  readonly scenario: Scenario
  readonly warnings: ReadonlyArray<Finding>
}

const now = Effect.map(Clock.currentTimeMillis, (millis) => (millis * 1_000) as Instant)

/** Puts the programs into the manifests and looks for what cannot be played; then nothing is played. */
export const prepare = Effect.fn("prepare")(function* (
  given: Scenario,
  {
    cluster,
    driver,
    joined = false,
    programImage
  }: Pick<PlayOnOptions, "cluster" | "driver" | "joined" | "programImage">
) {
  const asGiven = { findings: [], scenario: given }
  const { findings: ofPrograms, scenario } = joined ? asGiven : playableScenario(given, programImage)
  const kinds = new Kinds(cluster.client)
  const nodes = yield* cluster.writer.ask({ method: "GET", path: "/api/v1/nodes" })
  const items = nodes.status === 200 ? nodes.body["items"] : []
  const real = (Array.isArray(items) ? items : []) as unknown as ReadonlyArray<JsonObject>
  const unused = programImage !== undefined && scenario.steps.every((step, i) => step === given.steps[i])
  const findings = [
    ...scenarioFindings(given, driver),
    ...(driver === undefined ? [] : yield* driverFindings(scenario, driver, namesOf(real))),
    ...ofPrograms,
    ...(yield* clusterScopeFindings(given, kinds)),
    ...versionFindings(given, cluster.kubernetes),
    ...nodeFindings(given, real, driver),
    ...(unused ? [programImageUnused(programImage)] : [])
  ]
  const refusals = findings.filter(({ refused }) => refused)
  if (refusals.length > 0) return yield* new NotPlayable({ problems: refusals.map(findingText) })
  return { scenario, warnings: findings } satisfies Prepared
})

/** The namespace with its run's end: what the scope ends with. */
const namespaceOf = (scenario: Scenario, orders: Orders, options: PlayOnOptions) => {
  const { cluster, keep = false, onTrouble = () => Effect.void, run, until } = options
  const { writer } = cluster
  const release = (namespace: RunNamespace) =>
    Effect.gen(function* () {
      const troubles: ReadonlyArray<Error> = yield* orders.undo
      for (const trouble of troubles) yield* onTrouble(`not everything was undone: ${trouble.message}`)
      yield* keep ? Effect.asVoid(keepNamespace(writer, namespace)) : removeNamespace(writer, namespace)
    }).pipe(
      Effect.catch((error: ApiFailure) =>
        onTrouble(
          `namespace ${namespace.name} is left: ${error.message}; \`kubectl delete namespace ${namespace.name}\``
        )
      )
    )
  return Effect.acquireRelease(makeNamespace(writer, scenario.namespace, { run, lasts: until }), release)
}

interface Watching {
  readonly client: ApiClient
  readonly namespace: string
  readonly facts: Facts
  readonly standings: Map<string, Standing>
}

/** One resource, watched until the scope ends. */
const watch = (
  resource: Resource,
  hide: (object: JsonObject) => JsonObject,
  { client, facts, namespace, standings }: Watching
) => {
  const first = { doing: "list", cause: "stopped", detail: "the recorder was not running" } as const
  const watching = reflect(new Reflection(resource, nothingLeft(), hide), first, {
    client,
    scope: { namespace },
    timing,
    now,
    offer: (seen) => facts.offer(seen),
    onStanding: (standing) => standings.set(resource.name, standing),
    onRepeated: () => undefined
  })
  return Effect.forkScoped(watching)
}

/** How long watches may take to begin. */
const WATCHING_WITHIN = 30_000

const allWatching = (
  resources: ReadonlyArray<Resource>,
  standings: ReadonlyMap<string, Standing>
): Effect.Effect<void, Refused> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    for (;;) {
      const late = resources.filter(({ name }) => !["watching", "denied"].includes(standings.get(name) ?? ""))
      if (late.length === 0) return
      if ((yield* Clock.currentTimeMillis) - began > WATCHING_WITHIN)
        return yield* new Refused({
          status: 503,
          detail: `${late.map(({ name }) => name).join(", ")}: no watch begins`
        })
      yield* Effect.sleep("20 millis")
    }
  })

/** How often a reader who waits looks for news, in milliseconds. */
const LOOK_EVERY = 50

/** The next fact that was seen by then; `undefined` once the moment is over and all of them were taken. */
const nextFact = (facts: Facts, to: Instant): Effect.Effect<ClusterEvent | undefined> =>
  Effect.gen(function* () {
    for (;;) {
      // The clock is read first: what is offered after it was seen at that moment or later.
      const at = yield* now
      const fact = facts.take(to)
      if (fact !== undefined || at > to) return fact
      yield* Effect.sleep(`${Math.min(LOOK_EVERY, Math.floor((to - at) / 1_000) + 1)} millis`)
    }
  })

/** A node that has not what the scenario begins with plays another story. */
const placeStaticPods = (scenario: Scenario, orders: Orders) =>
  orders.placeStaticPods(scenario.nodes).pipe(
    Effect.mapError((error) =>
      error._tag === "NotSupported" ? new NotPlayable({ problems: [error.message] }) : error
    ),
    Effect.flatMap((answers) => {
      const problems = answers.filter(({ status }) => status >= 400).map(({ body }) => String(body["message"]))
      return problems.length === 0 ? Effect.void : Effect.fail(new NotPlayable({ problems }))
    })
  )

const make = (prepared: Prepared, options: PlayOnOptions) =>
  Effect.gen(function* () {
    const { scenario, warnings } = prepared
    const { cluster, driver } = options
    const kinds = new Kinds(cluster.client)
    const orders = new Orders({ writer: cluster.writer, kinds, namespace: scenario.namespace, driver })
    yield* namespaceOf(scenario, orders, options)
    yield* orders.dressNodes(scenario.nodes)
    const facts = new Facts()
    const standings = new Map<string, Standing>()
    const hide = hideForeign(scenario, options.redactor)
    const watching: Watching = { client: cluster.client, namespace: scenario.namespace, facts, standings }
    const resources = watchedResources(scenario)
    for (const resource of resources) yield* watch(resource, hide, watching)
    yield* awaitNamespace(cluster.writer, scenario.namespace)
    yield* allWatching(resources, standings)
    yield* placeStaticPods(scenario, orders)
    let reached = yield* now
    yield* facts.offer(
      warnings.map((finding) => ({ _tag: "Warned", observed: reached, message: `not played: ${findingText(finding)}` }))
    )
    const advance = (to: Instant): Stream.Stream<ClusterEvent, TimeTravel | BackendFailure> =>
      Stream.suspend(() => {
        if (to < reached) return Stream.fail(new TimeTravel({ now: reached, to }))
        const next = Effect.map(nextFact(facts, to), (fact) => {
          if (fact === undefined) reached = to
          return fact === undefined ? undefined : ([fact, undefined] as const)
        })
        return Stream.unfold(undefined, () => next)
      })
    return ClusterBackend.of({
      clock: "wall",
      // As far as facts have been handed over; the wall's own clock is that far or further.
      now: Effect.sync(() => reached),
      submit: (intention) => orders.submit(intention),
      advance
    })
  })

/** The cluster with a namespace for this scenario in it, which is gone when the layer's scope ends. */
export const layer = (
  prepared: Prepared,
  options: PlayOnOptions
): Layer.Layer<ClusterBackend, ApiFailure | BadKubeconfig | NotPlayable> =>
  Layer.effect(ClusterBackend, make(prepared, options))
