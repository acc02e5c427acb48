/** What collectors have gathered of one moment: must-gather, crust-gather and troubleshoot archives, and folders of manifests. */
import { type ClusterEvent, type Gap, type JsonObject, parseInstant, type Redactor } from "@kubereel/core"
import { Stream } from "effect"
import { type Member, membersOf } from "./archive.ts"
import { importAudit } from "./audit/importAudit.ts"
import { bytesOf, CutOff, Damaged, type Source, TooLong } from "./bytes.ts"
import { changeAfter, isRecorded, patched, unmarked } from "./crustGather.ts"
import { BadRecording, importFailure, type UnreadableFile } from "./ImportFailure.ts"
import { Moments } from "./Moments.ts"
import { objectsIn } from "./objectsIn.ts"
import { Rounded } from "./Rounded.ts"
import { syntaxOf } from "./syntax.ts"
import { valuesOf } from "./values.ts"

export interface ArchiveOptions {
  readonly redactor?: Redactor
  readonly onProgress?: (files: number) => void
}

interface Moment {
  readonly at: number
  readonly text: string
}

const headOf = async (source: Source): Promise<string> => {
  for await (const bytes of bytesOf(source)) return bytes.toString("utf8", 0, 64 * 1024)
  return ""
}

/** Go's `time.String()` (must-gather) or RFC 3339 (crust-gather). */
const momentIn = (text: string): Moment | undefined => {
  const go = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?/.exec(text)
  if (go === null) return undefined
  const zone = (go[3] ?? "Z").replace(/^([+-]\d\d)(\d\d)$/, "$1:$2")
  const written = `${go[1]}T${go[2]}${zone}`
  const at = parseInstant(written)
  return at === undefined ? undefined : { at, text: written }
}

/** Where a rancher bundle says when it was made. */
const isMetadata = (path: string): boolean => /(?:^|\/)metadata\.yaml$/.test(path)
const isMoment = (path: string): boolean => /(?:^|\/)(?:timestamp|collected\.timestamp)$/.test(path)
const isAudit = (path: string): boolean =>
  /(?:^|\/)audit_logs\/.*\.(?:gz|log|jsonl?)$/.test(path) && !/\.audit_logs_listing$/.test(path)
const isErrors = (path: string): boolean => /(?:-errors\.json|(?:^|\/)bundleGenerationError\.log)$/.test(path)
const isData = (path: string): boolean => /\.(?:ya?ml|json)(?:\.gz)?$/.test(path)
const isPatches = (path: string): boolean => /\.patch$/.test(path)

/** What kind of archive it is, told from what lies where. */
const kindOf = (paths: ReadonlySet<string>): string =>
  paths.has("cluster-resources")
    ? "troubleshoot support bundle"
    : paths.has("cluster-scoped-resources")
      ? "must-gather"
      : paths.has("yamls") && (paths.has("namespaced") || paths.has("cluster"))
        ? "rancher support bundle"
        : paths.has("collected.timestamp") || (paths.has("cluster") && paths.has("namespaces"))
          ? "crust-gather"
          : "folder of objects"

class ArchiveImport {
  readonly #options: ArchiveOptions
  readonly #moments: Moments
  readonly #gaps: Array<Gap> = []
  readonly #audits: Array<Source> = []
  readonly #names = new Set<string>()
  readonly #rounded = new Rounded()
  /** First versions of objects that were recorded, and the patches that follow, by path. */
  readonly #recorded = new Map<string, JsonObject>()
  readonly #patches = new Map<string, Source>()
  #moment: Moment | undefined
  #others = 0
  #files = 0

  constructor(options: ArchiveOptions) {
    this.#options = options
    this.#moments = new Moments(options.redactor)
  }

  #gap(cause: Gap["cause"], detail: string): void {
    this.#gaps.push({ _tag: "Gap", cause, detail })
  }

  async #denied({ source }: Member): Promise<void> {
    let said = ""
    for await (const bytes of bytesOf(source)) said += said.length < 300 ? bytes.toString("utf8", 0, 300) : ""
    if (said.replace(/[\s[\]{}"]|null/g, "") === "") return
    // The words of a server may hold the address that was asked, with what stands in it.
    const shown = this.#options.redactor?.redact({ said }).said ?? said
    const words = String(shown).replace(/\s+/g, " ").trim().slice(0, 200)
    this.#gap("denied", `${source.name}: the collector was refused: ${words}`)
  }

  async #objects({ path, source }: Member): Promise<void> {
    const head = await headOf(source)
    if (head.trim() === "") return this.#gap("unreadable", `${source.name}: is empty`)
    let found = 0
    let other = 0
    for await (const batch of valuesOf(source, syntaxOf(head))) {
      for (const piece of batch) {
        if (piece.kind !== "value") {
          this.#gap(
            piece.kind === "torn" ? "truncated" : "unreadable",
            `${source.name}:${piece.line}: ${piece.problem}`
          )
          continue
        }
        this.#rounded.see(source.name, piece)
        const objects = objectsIn(piece.value, piece.head)
        if (objects === undefined) other++
        for (const object of objects ?? []) {
          found++
          if (isRecorded(object)) this.#recorded.set(path, object)
          else this.#moments.add(object as JsonObject)
        }
      }
    }
    // Collectors write much that is no object: versions, lists of kinds.
    if (found === 0 && other > 0) this.#others++
    this.#names.add(path.split("/")[0] ?? "")
  }

  /** One object that was watched: its first version, and what the patches made of it. */
  async #life(path: string, first: JsonObject): Promise<void> {
    const patches = this.#patches.get(path.replace(/\.[^./]*$/, ".patch"))
    let object = first
    const see = (before: JsonObject): void => {
      const version = unmarked(object)
      const change = before === object ? version.change : changeAfter(before, version)
      if (change === undefined || version.moment === undefined) this.#moments.add(version.object)
      else this.#moments.see(version.object, change, version.moment)
    }
    see(first)
    if (patches === undefined) return
    for await (const batch of valuesOf(patches, "lines")) {
      for (const piece of batch) {
        const next = piece.kind === "value" ? patched(object, piece.value) : undefined
        if (next === undefined) {
          const problem = piece.kind === "value" ? "does not fit what was before" : piece.problem
          const cause = piece.kind === "torn" ? "truncated" : "unreadable"
          return this.#gap(cause, `${patches.name}:${piece.line}: ${problem}; what came after it is not read`)
        }
        const before = object
        object = next
        see(before)
      }
    }
  }

  async #member(member: Member): Promise<void> {
    const { isLog, path, refused, source } = member
    for (const part of path.split("/").slice(0, -1)) this.#names.add(part)
    this.#names.add(path.split("/").at(-1) ?? "")
    this.#options.onProgress?.(++this.#files)
    if (isLog) this.#others++
    else if (refused !== undefined) this.#gap("unreadable", `${source.name}: ${refused}`)
    else if (isMoment(path)) this.#moment ??= momentIn(await headOf(source))
    else if (isMetadata(path)) {
      const said = /^bundlecreatedat:(.*)$/im.exec(await headOf(source))?.[1]
      this.#moment ??= said === undefined ? undefined : momentIn(said)
      this.#others++
    } else if (isAudit(path)) this.#audits.push(source)
    else if (isErrors(path)) await this.#denied(member)
    else if (isPatches(path)) this.#patches.set(path, source)
    else if (isData(path)) {
      try {
        await this.#objects(member)
      } catch (cause) {
        if (!(cause instanceof Damaged || cause instanceof TooLong)) throw cause
        this.#gap("unreadable", `${source.name}: ${cause.message}`)
      }
    } else this.#others++
  }

  async read(source: Source, isFolder: boolean): Promise<void> {
    try {
      for await (const member of membersOf(source, isFolder)) await this.#member(member)
    } catch (cause) {
      if (!(cause instanceof CutOff) || this.#files === 0) throw cause
      this.#gap("truncated", `${source.name}: ${cause.message}; everything before was read`)
    }
    for (const [path, first] of this.#recorded) await this.#life(path, first)
    if (this.#moments.count === 0 && this.#audits.length === 0)
      throw new BadRecording({
        file: source.name,
        problem: `has no objects of Kubernetes in it (${this.#files} files); a must-gather, a support bundle or a folder of YAML or JSON objects has`
      })
  }

  async *facts(source: Source): AsyncGenerator<ReadonlyArray<ClusterEvent>> {
    const kind = kindOf(this.#names)
    const collected = this.#moment === undefined ? {} : { collected: this.#moment.text }
    yield [
      {
        _tag: "RecordingStarted",
        header: { source: kind, files: source.name.replace(/\/+$/, "").replace(/^.*\//, ""), ...collected }
      }
    ]
    if (this.#audits.length > 0) {
      const files = await Promise.all(
        this.#audits.map(async (audit) => ({ source: audit, syntax: syntaxOf(await headOf(audit)) }))
      )
      const { redactor } = this.#options
      yield* Stream.toAsyncIterable(
        Stream.mapArray(importAudit(files, redactor === undefined ? {} : { redactor }), (batch) => [batch] as const)
      ) as AsyncIterable<ReadonlyArray<ClusterEvent>>
    }
    for await (const event of this.#moments.facts(this.#moment)) yield [event]
    const said = [
      `${kind}: ${this.#moments.count} objects of one moment; they were collected one after the other, so they need not fit together, and what became of them is not known`,
      ...(this.#moment === undefined ? [`${kind}: when it was collected is not said in it`] : []),
      ...(this.#others === 0
        ? []
        : [`${kind}: ${this.#others} files are no objects (logs, versions, …) and were not read`])
    ]
    yield [
      ...this.#gaps,
      ...this.#rounded.said(),
      ...this.#moments.notices.said(),
      ...said.map((message) => ({ _tag: "Warned" as const, message }))
    ]
  }

  close(): void {
    this.#moments.close()
  }
}

async function* factsOf(source: Source, isFolder: boolean, options: ArchiveOptions) {
  const archive = new ArchiveImport(options)
  try {
    await archive.read(source, isFolder)
    yield* archive.facts(source)
  } finally {
    archive.close()
  }
}

/** The facts of an archive: Events by their own time, then the objects of the moment; what could not be collected is a gap. */
export const importArchive = (
  source: Source,
  isFolder: boolean,
  options: ArchiveOptions = {}
): Stream.Stream<ClusterEvent, BadRecording | UnreadableFile> =>
  Stream.suspend(() =>
    Stream.fromAsyncIterable(factsOf(source, isFolder, options), importFailure(source.name, "an archive")).pipe(
      Stream.flattenIterable
    )
  )
