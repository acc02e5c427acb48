/** The text of a block: each shape of its events once, and of each place that changes a column with its values. `Block` writes it. */
import { isAscii } from "node:buffer"
import type { Json } from "@kubereel/core"
import type { Path, Shape, ShapeBook } from "./delta.ts"
import type { Written } from "./Line.ts"

/** The first line. */
export interface Head {
  readonly version: ReadonlyArray<number>
  readonly back: ReadonlyArray<number>
  /** Which of the shapes, which come next, one on a line. */
  readonly shape: ReadonlyArray<number>
}

/**
 * A line for each path, in the order in which the shapes name them.
 * - a list: the values as they come
 * - `+`: whole numbers, each as what is to be added to the one before
 * - `of`: each value once, as they come first; `at`: 0 for the next of these, else how far back from their end so far
 */
type Column =
  | ReadonlyArray<Json>
  | { readonly "+": ReadonlyArray<number> }
  | { readonly of: ReadonlyArray<Json>; readonly at: ReadonlyArray<number> }

/** A body that begins with this is in columns; in formats 1 and 2 a block is its lines. */
const FIRST = "{".charCodeAt(0)
const NEW_LINE = "\n".charCodeAt(0)

export const isInColumns = (body: Buffer): boolean => body[0] === FIRST

/** Half as large in memory where all of it is ASCII, as nearly all of it is. */
export const textOf = (bytes: Buffer): string => bytes.toString(isAscii(bytes) ? "latin1" : "utf8")

const linesIn = (body: Buffer): ReadonlyArray<Buffer> => {
  const lines: Array<Buffer> = []
  for (let from = 0; from <= body.length; ) {
    const end = body.indexOf(NEW_LINE, from)
    const to = end === -1 ? body.length : end
    lines.push(body.subarray(from, to))
    from = to + 1
  }
  return lines
}

const isList = (column: Column): column is ReadonlyArray<Json> => Array.isArray(column)

const summed = (steps: ReadonlyArray<number>): ReadonlyArray<Json> => {
  let sum = 0
  return steps.map((step) => (sum += step))
}

const picked = (of: ReadonlyArray<Json>, at: ReadonlyArray<number>): ReadonlyArray<Json> => {
  let known = 0
  return at.map((back) => of[back === 0 ? known++ : known - back] as Json)
}

const valuesIn = (column: Column): ReadonlyArray<Json> => {
  if (isList(column)) return column
  return "+" in column ? summed(column["+"]) : picked(column.of, column.at)
}

/** A column, read as soon as somebody asks for one of its values. */
class Reading {
  /** How many of its values belong to the events so far. */
  taken = 0
  readonly #line: Buffer
  #values: ReadonlyArray<Json> | undefined

  constructor(line: Buffer) {
    this.#line = line
  }

  at(row: number): Json {
    this.#values ??= valuesIn(JSON.parse(textOf(this.#line)) as Column)
    return this.#values[row] as Json
  }

  /** Of one value, about. */
  get chars(): number {
    return Math.ceil(this.#line.length / this.taken)
  }
}

/** A shape of a block with the columns of its places. */
interface Filled {
  readonly shape: Shape
  readonly columns: ReadonlyArray<Reading>
}

class InColumns implements Written {
  readonly version: number
  readonly back: number
  readonly #filled: Filled
  /** In which row of each column the values are, beginning at `#from`; those of all events of the block. */
  readonly #rows: Uint32Array
  readonly #from: number

  constructor(
    { back, version }: Pick<Written, "back" | "version">,
    filled: Filled,
    { from, rows }: { readonly from: number; readonly rows: Uint32Array }
  ) {
    this.version = version
    this.back = back
    this.#filled = filled
    this.#rows = rows
    this.#from = from
    for (let i = 0; i < filled.columns.length; i++) rows[from + i] = (filled.columns[i] as Reading).taken++
  }

  get shape(): Shape {
    return this.#filled.shape
  }

  value(place: number): Json {
    return (this.#filled.columns[place] as Reading).at(this.#rows[this.#from + place] as number)
  }

  get chars(): number {
    return this.#filled.columns[0]?.chars ?? 0
  }
}

/** The events of a body that a `Block` made. Throws where it is none. */
export const outOfColumns = (body: Buffer, book: ShapeBook): ReadonlyArray<Written> => {
  book.trim()
  const lines = linesIn(body)
  const { back, shape: ids, version } = JSON.parse(textOf(lines[0] as Buffer)) as Head
  let line = 1
  const shapes: Array<Shape> = []
  for (const id of ids) if (id === shapes.length) shapes.push(book.at(textOf(lines[line++] as Buffer)))
  const readings = new Map<Path, Reading>()
  const readingAt = (path: Path): Reading => {
    const known = readings.get(path)
    if (known !== undefined) return known
    const made = new Reading(lines[line++] as Buffer)
    readings.set(path, made)
    return made
  }
  const filled = shapes.map((shape): Filled => ({ shape, columns: shape.paths.map(readingAt) }))
  const rows = new Uint32Array(ids.reduce((sum, id) => sum + (filled[id] as Filled).columns.length, 0))
  let from = 0
  return ids.map((id, i) => {
    const one = filled[id] as Filled
    const written = new InColumns({ back: back[i] as number, version: version[i] as number }, one, { from, rows })
    from += one.columns.length
    return written
  })
}
