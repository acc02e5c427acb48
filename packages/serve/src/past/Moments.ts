/** Every moment of a reel behind one address: which cluster a request is for, and what else is known by name. */
import {
  BeforeHistory,
  type EventLog,
  type Instant,
  isJsonObject,
  later,
  latestRelease,
  parseDuration,
  parseInstant,
  type ServedCluster,
  type ServedResource,
  type TryWrite
} from "@kubereel/core"
import type { ClusterOf, Route } from "../http/answer.ts"
import { noSuchMoment } from "../http/refusals.ts"
import { Archive, type Contents } from "./Archive.ts"
import { momentInPath, type Names } from "./momentInPath.ts"
import type { Wall } from "./Pace.ts"
import { PastCluster } from "./PastCluster.ts"
import { recordedResources, saidResources } from "./recordedResources.ts"
import { Shifted } from "./Shifted.ts"

export interface MomentsOptions {
  readonly log: (typeof EventLog)["Service"]
  /** Moments with names, beside those that the recording has. */
  readonly marks: ReadonlyMap<string, Instant>
  /** All times are moved so that the moment is now. */
  readonly shiftTimes: boolean
  readonly wall: Wall
  /** How writes are answered that would change nothing (`kubectl diff`). */
  readonly tryWrite?: TryWrite
}

/** What an open server keeps of moments that were asked for. */
const KEPT = 64

/** A reel that does not say which version of Kubernetes it is of is taken for one of the latest. */
const versionIn = ({ sessions }: Contents): string => {
  const said = sessions.map(({ header }) => header["kubernetes"]).find((version) => typeof version === "string")
  return /^v?\d+\.\d+/.test(String(said)) ? `v${String(said).replace(/^v/, "")}` : latestRelease.version
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40)

/** The steps of the scenario that was played: when each was to begin. */
const stepMarks = ({ sessions }: Contents): ReadonlyArray<readonly [string, Instant]> =>
  sessions.flatMap(({ header }) => {
    const t0 = parseInstant(String(header["t0"] ?? ""))
    const steps = Array.isArray(header["steps"]) ? header["steps"] : []
    if (t0 === undefined) return []
    return steps.flatMap((step, index) => {
      const after = isJsonObject(step) ? parseDuration(String(step["at"] ?? "")) : undefined
      if (after === undefined || !isJsonObject(step)) return []
      const does = typeof step["does"] === "string" ? `-${slug(step["does"])}` : ""
      return [[`step-${index + 1}${does}`, later(t0, after)] as const]
    })
  })

const gapMarks = ({ gaps }: Contents): ReadonlyArray<readonly [string, Instant]> =>
  gaps
    .flatMap(({ from }) => (from === undefined ? [] : [from]))
    .toSorted((a, b) => a - b)
    .map((from, index) => [`gap-${index + 1}`, from] as const)

export class Moments {
  readonly #o: MomentsOptions
  readonly #archive: Archive
  readonly #clusters = new Map<string, Promise<PastCluster>>()
  readonly resources: ReadonlyArray<ServedResource>
  readonly version: string
  /** In the order in which they were given or happened. */
  readonly marks: ReadonlyMap<string, Instant>

  private constructor(options: MomentsOptions, archive: Archive) {
    this.#o = options
    this.#archive = archive
    const { contents } = archive
    this.resources = recordedResources(contents)
    this.version = versionIn(contents)
    this.marks = new Map([...stepMarks(contents), ...gapMarks(contents), ...options.marks])
  }

  static async open(options: MomentsOptions): Promise<Moments> {
    return new Moments(options, await Archive.open(options.log))
  }

  get contents(): Contents {
    return this.#archive.contents
  }

  /** The recording says which kinds it looked for. */
  get saysKinds(): boolean {
    return saidResources(this.contents) !== undefined
  }

  /** Where most people look: the namespace that was recorded, or the only one that pods were met in; `default` else. */
  get namespace(): string {
    const { namespaces, sessions } = this.contents
    for (const { header } of sessions) {
      const recorder = header["recorder"]
      const said = isJsonObject(recorder) ? recorder["namespace"] : undefined
      if (typeof said === "string") return said
    }
    const met = [...namespaces].filter(([name]) => !name.startsWith("kube-")).toSorted(([, a], [, b]) => b - a)
    return met.length === 1 ? (met[0]?.[0] ?? "default") : "default"
  }

  readonly route: Route = async (path) => {
    const names: Names = { start: this.contents.first, marks: this.marks }
    const found = momentInPath(path, names)
    if (typeof found === "string") return noSuchMoment(400, found)
    const { key, rest } = found
    const known = this.#clusters.get(key)
    const opening =
      known ??
      PastCluster.open({
        archive: this.#archive,
        address: found.address,
        version: this.version,
        resources: this.resources,
        wall: this.#o.wall,
        ...(this.#o.tryWrite === undefined ? {} : { tryWrite: this.#o.tryWrite })
      })
    this.#clusters.delete(key)
    try {
      const cluster = await opening
      this.#clusters.set(key, opening)
      for (const oldest of this.#clusters.keys()) {
        if (this.#clusters.size <= KEPT) break
        this.#clusters.delete(oldest)
      }
      return { cluster: this.#shown(cluster), path: rest } satisfies ClusterOf
    } catch (cause) {
      if (cause instanceof BeforeHistory) return noSuchMoment(410, cause.message)
      throw cause
    }
  }

  /** The moment that moves: puts it somewhere else, or lets it run otherwise. */
  async move(key: string, at: { readonly now?: Instant; readonly speed?: number }): Promise<Instant | undefined> {
    const cluster = await this.#clusters.get(key)
    cluster?.move(at)
    return cluster?.pace.now
  }

  close(): void {
    this.#archive.close()
  }

  #shown(cluster: PastCluster): ServedCluster {
    return this.#o.shiftTimes ? new Shifted(cluster, this.#o.wall) : cluster
  }
}
