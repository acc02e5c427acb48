/** A cluster that lives, and requests to it in a few words. */
import {
  type Answer,
  type JsonObject,
  type KubernetesObject,
  later,
  parseDuration,
  type Scope,
  type ServedChange,
  type ServedList,
  type ServedResource,
  type ServedWrite,
  type Status
} from "@kubereel/core"
import { LiveCluster } from "../../src/served/LiveCluster.ts"
import { type Given, scenario } from "../given.ts"

export const live = (given: Partial<Given> = {}) => new LiveCluster(scenario({ steps: [], until: "1h", ...given }))

/** By its plural, with the group where several have it. */
export const resource = (cluster: LiveCluster, plural: string): ServedResource => {
  const found = cluster.resources().find((one) => one.resource === plural)
  if (found === undefined) throw new Error(`${plural} are not served`)
  return found
}

export const scope = (cluster: LiveCluster, plural: string, namespace: string | undefined = "default"): Scope => {
  const of = resource(cluster, plural)
  return { resource: of, ...(of.namespaced && namespace !== undefined ? { namespace } : {}) }
}

/** A write is anything of `ServedWrite` but what is usual. */
export interface Asked {
  readonly verb: ServedWrite["verb"]
  readonly [part: string]: unknown
}

export const write = (cluster: LiveCluster, plural: string, asked: Asked): Promise<Answer> =>
  cluster.write({
    ...scope(cluster, plural),
    dryRun: false,
    fieldManager: "test",
    fieldValidation: "Strict",
    subresource: "",
    options: {},
    ...asked
  } as unknown as ServedWrite)

export const create = (cluster: LiveCluster, plural: string, object: object): Promise<Answer> =>
  write(cluster, plural, { verb: "create", object: object as JsonObject })

/** Of two things that can be answered the one that is none. */
export const isStatus = (answer: object): answer is Status => "kind" in answer && answer.kind === "Status"

export const list = async (cluster: LiveCluster, plural: string, at?: string): Promise<ServedList> => {
  const found = await cluster.list(scope(cluster, plural), at)
  if (isStatus(found)) throw new Error(found.message)
  return found
}

export const names = ({ items }: ServedList): ReadonlyArray<string> => items.map(({ metadata }) => metadata.name).sort()

export const get = async (cluster: LiveCluster, plural: string, name: string): Promise<KubernetesObject> => {
  const found = await cluster.get(scope(cluster, plural), name)
  if (found === undefined) throw new Error(`there is no ${plural}/${name}`)
  return found
}

export const pass = (cluster: LiveCluster, duration: string): void => {
  const to = later(cluster.now(), parseDuration(duration) ?? 0)
  while (!cluster.advance(to, 1_000));
}

/** What a watch is told, in short: `ADDED p`. */
export const watching = async (cluster: LiveCluster, plural: string, from: string, namespace?: string) => {
  const changes: Array<ServedChange> = []
  const progress: Array<string> = []
  const of = scope(cluster, plural, namespace)
  const answer = await cluster.watch(of, from, {
    changed: (change) => changes.push(change),
    progress: (version) => progress.push(version),
    ended: () => undefined
  })
  return {
    answer,
    changes,
    progress,
    told: () => changes.map(({ object, type }) => `${type} ${object.metadata.name}`)
  }
}

/** Whatever waits for an answer that is there already has gone on. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}
