/** Audit logs of kube-apiservers as a stream of facts: any number of files, of one cluster, in any order. */
import type { ClusterEvent, Gap, Instant, Json, Redactor } from "@kubereel/core"
import { toObserved } from "@kubereel/core"
import { Stream } from "effect"
import type { Source } from "../bytes.ts"
import { ExternalSort, keyParts, sortKey } from "../ExternalSort.ts"
import { BadRecording, importFailure, type UnreadableFile } from "../ImportFailure.ts"
import { Rounded } from "../Rounded.ts"
import type { Syntax } from "../syntax.ts"
import { valuesOf } from "../values.ts"
import { type AuditRequest, requestsIn } from "./AuditRequest.ts"
import { neverSeenGap, type Placed, type Unseen } from "./blindSpot.ts"
import { ObjectOrder, type Tally } from "./ObjectOrder.ts"
import { type Nothing, type Sighting, sightingsIn } from "./sightings.ts"

export interface AuditOptions {
  readonly redactor?: Redactor
  readonly onProgress?: (lines: number) => void
  /** What a sort may keep in memory. */
  readonly sortBytes?: number
}

export interface AuditFile {
  readonly source: Source
  readonly syntax: Syntax
}

/** What was read, for the words at the end. */
class Reading {
  requests = 0
  others = 0
  first: Sighting | undefined
  readonly nothing = new Map<Nothing, number>()
  /** Changes without a version by level and resource. */
  readonly bodiless = new Map<string, number>()
  readonly rounded = new Rounded()
  readonly tally: Tally = { versions: 0, repeats: 0, unseen: 0, merged: 0, graced: 0 }
}

const count = (map: Map<string, number>, key: string): void => {
  map.set(key, (map.get(key) ?? 0) + 1)
}

const hide = (sighting: Sighting, redactor: Redactor | undefined): Sighting => {
  if (redactor === undefined) return sighting
  const { object, sent } = sighting
  return {
    ...sighting,
    ...(object === undefined ? {} : { object: redactor.redact(object) }),
    ...(sent === undefined ? {} : { sent: { ...sent, body: redactor.redact(sent.body) } })
  }
}

/** Sorted by name first: what belongs to one name comes together, in the order of its times. */
const keyOf = ({ at, change, group, id, name, namespace, resource }: Sighting): string =>
  sortKey(resource, group, namespace, name, at, change === "ADDED" ? 0 : 1, id)

const nameIn = (key: string): string => keyParts(key, 4)
const resourceIn = (name: string): string => keyParts(name, 2)

/** So many names that were never seen are remembered at a time. */
const NAMES_A_GAP = 10_000

class AuditImport {
  readonly reading = new Reading()
  readonly #byName: ExternalSort
  readonly #byTime: ExternalSort
  readonly #options: AuditOptions

  constructor(options: AuditOptions) {
    this.#options = options
    this.#byName = new ExternalSort(options.sortBytes)
    this.#byTime = new ExternalSort(options.sortBytes)
  }

  close(): void {
    this.#byName.close()
    this.#byTime.close()
  }

  #take(request: AuditRequest): void {
    this.reading.requests++
    const found = sightingsIn(request)
    if (typeof found === "string") return count(this.reading.nothing as Map<string, number>, found)
    for (const sighting of found) {
      if (sighting.kind === "unseen") {
        const { level, resource, subresource } = request
        const part = subresource === "" ? resource : `${resource}/${subresource}`
        count(this.reading.bodiless, `${part} at level ${level || "unknown"}`)
      }
      this.#byName.add(keyOf(sighting), JSON.stringify(hide(sighting, this.#options.redactor)))
    }
  }

  /** Reads one file; blind spots are placed at the last time that it said. */
  async read({ source, syntax }: AuditFile): Promise<void> {
    let at = 0
    let time = ""
    let read = 0
    let bad = 0
    const gap = (line: number, cause: Gap["cause"], problem: string) => {
      const observed = time === "" ? {} : { observed: at as Instant }
      const detail = `${source.name}:${line}: ${problem}`
      this.#place({ at, event: { _tag: "Gap", ...observed, cause, detail } }, sortKey("~", source.name, line))
    }
    for await (const batch of valuesOf(source, syntax)) {
      for (const piece of batch) {
        if (piece.kind === "torn") gap(piece.line, "truncated", `${piece.problem}; everything before it was read`)
        else if (piece.kind === "bad") {
          if (read === 0 && ++bad > 20)
            throw new BadRecording({
              file: source.name,
              line: piece.line,
              problem: `the line ${piece.problem}, and so are those before it; this is no audit log`
            })
          gap(piece.line, "unreadable", `${piece.problem}; the line was left out`)
        } else {
          const requests = requestsIn(piece.value)
          this.reading.rounded.see(source.name, piece)
          if (requests === undefined) this.reading.others += isEmptyList(piece.value) ? 0 : 1
          for (const request of requests ?? []) {
            read++
            this.reading.rounded.see(source.name, { line: piece.line, rounded: request.rounded })
            if (request.at !== undefined) [at, time] = [request.at, request.time]
            this.#take(request.at === undefined && time !== "" ? { ...request, at: at as Instant, time } : request)
          }
        }
      }
      const last = batch.at(-1)
      if (last !== undefined) this.#options.onProgress?.(last.line)
    }
    if (read === 0)
      throw new BadRecording({ file: source.name, problem: "has no line of an audit log (audit.k8s.io Events)" })
  }

  #place({ at, event }: Placed, tie: string): void {
    this.#byTime.add(sortKey(at, tie), JSON.stringify(event))
  }

  /** From names to moments. What was never seen is told by resource: there may be a name a second. */
  async arrange(): Promise<void> {
    let name = ""
    let order = new ObjectOrder(this.reading.tally)
    let index = 0
    let never: Array<Unseen> = []
    const place = (placed: ReadonlyArray<Placed>) => {
      for (const one of placed) this.#place(one, sortKey(name, index++))
    }
    const end = (next: string) => {
      place(order.end())
      if (order.neverSeen !== undefined) never.push(order.neverSeen)
      if (never.length > 0 && (resourceIn(next) !== resourceIn(name) || never.length >= NAMES_A_GAP)) {
        place([neverSeenGap(never)])
        never = []
      }
      order = new ObjectOrder(this.reading.tally)
      name = next
      index = 0
    }
    for await (const { key, text } of this.#byName.sorted()) {
      const next = nameIn(key)
      if (next !== name) end(next)
      place(order.push(JSON.parse(text) as Sighting))
    }
    end("")
    this.#byName.close()
  }

  async *facts(files: ReadonlyArray<AuditFile>): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
    const from = files.map(({ source }) => source.name.replace(/^.*\//, "")).join(", ")
    let started = false
    let batch: Array<ClusterEvent> = []
    for await (const { text } of this.#byTime.sorted()) {
      const event = JSON.parse(text) as ClusterEvent
      if (!started) {
        const t0 = event.observed === undefined ? {} : { t0: toObserved(event.observed) }
        batch.push({ _tag: "RecordingStarted", header: { source: "audit log", files: from, ...t0 } })
        started = true
      }
      batch.push(event)
      if (batch.length >= 256) {
        yield batch
        batch = []
      }
    }
    if (!started) batch.push({ _tag: "RecordingStarted", header: { source: "audit log", files: from } })
    yield [...batch, ...closing(this.reading)]
  }
}

/** What is left of a list when its entries have been taken out. */
const isEmptyList = (value: Json): boolean =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && ("items" in value || "events" in value || "logEvents" in value))

const listed = (map: ReadonlyMap<string, number>, most: number): string => {
  const all = [...map].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const more = all.length > most ? `, and ${all.length - most} more kinds` : ""
  return `${all
    .slice(0, most)
    .map(([what, n]) => `${n} of ${what}`)
    .join(", ")}${more}`
}

/** What an audit log cannot show, said once at the end. */
const closing = ({ bodiless, nothing, others, requests, rounded, tally }: Reading): ReadonlyArray<ClusterEvent> => {
  const said = [
    `audit log: ${requests} requests, ${tally.versions} versions of objects, ${tally.repeats} repeats of a version that was known` +
      (nothing.size === 0 ? "" : `; left out because they change nothing: ${listed(nothing, 10)}`)
  ]
  if (bodiless.size > 0)
    said.push(
      `audit log: changes whose result is not shown, only who made them and when (${tally.unseen} of them in gaps): ${listed(bodiless, 10)}`
    )
  if (tally.merged > 0)
    said.push(
      `audit log: ${tally.merged} versions were put together from bindings and patches of a status as they were sent; they have no resourceVersion, and what else the API server changed in them is not known`
    )
  if (tally.graced > 0)
    said.push(
      `audit log: ${tally.graced} deletions wrote a version with a grace period of 0 before the object was gone; only the end is shown`
    )
  said.push(
    "audit log: it cannot show what stood before its first line, what the policy leaves out (level None; managedFields where it omits them), objects that the API server itself expires (Events), and what a full buffer dropped (apiserver_audit_error_total)"
  )
  if (others > 0) said.push(`audit log: ${others} values were no audit events`)
  return [...rounded.said(), ...said.map((message) => ({ _tag: "Warned" as const, message }))]
}

async function* factsOf(
  files: ReadonlyArray<AuditFile>,
  options: AuditOptions
): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
  const audit = new AuditImport(options)
  try {
    for (const file of files) {
      try {
        await audit.read(file)
      } catch (cause) {
        throw importFailure(file.source.name, "an audit log")(cause)
      }
    }
    await audit.arrange()
    yield* audit.facts(files)
  } finally {
    audit.close()
  }
}

/**
 * The facts of audit logs of one cluster, those of several API servers put together: versions of one object in the order of
 * their resourceVersions, everything else in the order of its time, whatever the order of lines and files. Memory is bounded;
 * what does not fit is sorted in temporary files, which hold nothing that was to be redacted.
 */
export const importAudit = (
  files: ReadonlyArray<AuditFile>,
  options: AuditOptions = {}
): Stream.Stream<ClusterEvent, BadRecording | UnreadableFile> =>
  Stream.suspend(() =>
    Stream.fromAsyncIterable(factsOf(files, options), importFailure(files[0]?.source.name ?? "", "an audit log")).pipe(
      Stream.flattenIterable
    )
  )
