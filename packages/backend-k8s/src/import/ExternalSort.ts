/** Sorts more than fits into memory: sorted runs in temporary files, merged while they are read. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileSource } from "./bytes.ts"
import { linesOf } from "./lines.ts"

/** What is kept in memory before a run is written. */
const RUN_BYTES = 48 * 1024 * 1024
const WRITE_BYTES = 1024 * 1024
/** So many runs are read at a time: a process may not open files without end. */
const FAN_IN = 128
/** Stands between key and text in a run; JSON has no such byte, and keys may not. */
const SEPARATOR = "\u0001"

export interface Sorted {
  readonly key: string
  /** On one line: JSON. */
  readonly text: string
}

const before = (a: Sorted, b: Sorted): boolean => a.key < b.key || (a.key === b.key && a.text < b.text)
const order = (a: Sorted, b: Sorted): number => (before(a, b) ? -1 : before(b, a) ? 1 : 0)

interface Run {
  top: Sorted
  readonly rest: AsyncIterator<Sorted>
}

/** Records in any order in, in the order of their keys (by code unit, then by text) out. Close it, whatever happens. */
export class ExternalSort {
  #records: Array<Sorted> = []
  #bytes = 0
  #folder: string | undefined
  readonly #runs: Array<string> = []
  #written = 0
  readonly #runBytes: number

  constructor(runBytes = RUN_BYTES) {
    this.#runBytes = runBytes
  }

  add(key: string, text: string): void {
    this.#records.push({ key, text })
    this.#bytes += key.length + text.length + 64
    if (this.#bytes > this.#runBytes) this.#spill()
  }

  async *sorted(): AsyncGenerator<Sorted> {
    if (this.#runs.length === 0) {
      yield* this.#records.sort(order)
      return
    }
    if (this.#records.length > 0) this.#spill()
    await this.#fewer()
    yield* merged(this.#runs)
  }

  close(): void {
    this.#records = []
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = undefined
  }

  #spill(): void {
    const run = new RunWriter(this.#next())
    for (const record of this.#records.sort(order)) run.write(record)
    run.close()
    this.#records = []
    this.#bytes = 0
  }

  /** The name of another run. */
  #next(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), "kubereel-sort-"))
    const file = join(this.#folder, String(this.#written++))
    this.#runs.push(file)
    return file
  }

  /** Many runs become one, until there are few. */
  async #fewer(): Promise<void> {
    while (this.#runs.length > FAN_IN) {
      const some = this.#runs.splice(0, FAN_IN)
      const run = new RunWriter(this.#next())
      for await (const record of merged(some)) run.write(record)
      run.close()
      for (const file of some) rmSync(file)
    }
  }
}

/** A run on its way to its file. */
class RunWriter {
  readonly #descriptor: number
  #out = ""

  constructor(file: string) {
    this.#descriptor = openSync(file, "w", 0o600)
  }

  write({ key, text }: Sorted): void {
    this.#out += `${key}${SEPARATOR}${text}\n`
    if (this.#out.length > WRITE_BYTES) this.#flush()
  }

  #flush(): void {
    const bytes = Buffer.from(this.#out)
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done)
    this.#out = ""
  }

  close(): void {
    this.#flush()
    closeSync(this.#descriptor)
  }
}

/** A heap of the runs by their next record. */
async function* merged(files: ReadonlyArray<string>): AsyncGenerator<Sorted> {
  const heap: Array<Run> = []
  for (const file of files) {
    const rest = readRun(file)
    const first = await rest.next()
    if (first.done !== true) push(heap, { top: first.value, rest })
  }
  while (heap.length > 0) {
    const run = heap[0] as Run
    yield run.top
    const next = await run.rest.next()
    if (next.done === true) {
      const last = heap.pop() as Run
      if (heap.length > 0) heap[0] = last
    } else run.top = next.value
    sink(heap)
  }
}

async function* readRun(file: string): AsyncGenerator<Sorted> {
  for await (const batch of linesOf(fileSource(file))) {
    for (const { text = "" } of batch) {
      const at = text.indexOf(SEPARATOR)
      yield { key: text.slice(0, at), text: text.slice(at + 1) }
    }
  }
}

const push = (heap: Array<Run>, run: Run): void => {
  let at = heap.push(run) - 1
  for (let up = (at - 1) >> 1; at > 0 && before(run.top, (heap[up] as Run).top); up = (at - 1) >> 1) {
    heap[at] = heap[up] as Run
    heap[up] = run
    at = up
  }
}

const sink = (heap: Array<Run>): void => {
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    let least = at
    if (left < heap.length && before((heap[left] as Run).top, (heap[least] as Run).top)) least = left
    if (right < heap.length && before((heap[right] as Run).top, (heap[least] as Run).top)) least = right
    if (least === at) return
    const moved = heap[at] as Run
    heap[at] = heap[least] as Run
    heap[least] = moved
    at = least
  }
}

const PART = "\u0002"

/** Whole numbers in the order of their texts, those below zero (times before 1970) first. */
const ordered = (number: number): string =>
  number < 0 ? `-${String(number + 9e15).padStart(17, "0")}` : String(number).padStart(17, "0")

/** Without the bytes that separate parts and records. Nothing but garbage has them. */
const printable = (text: string): string =>
  /^[ -~]*$/.test(text) ? text : [...text].map((letter) => (letter < " " ? "?" : letter)).join("")

/** A key of several parts: parts compare one after the other. */
export const sortKey = (...parts: ReadonlyArray<string | number>): string =>
  parts.map((part) => (typeof part === "number" ? ordered(part) : printable(part))).join(PART)

/** The first parts of a key. */
export const keyParts = (key: string, parts: number): string => key.split(PART).slice(0, parts).join(PART)
