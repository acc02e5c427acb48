/** The text of a block: each shape of its events once, and of each place that changes a column with its values. */
import type { Json } from "@kubereel/core"
import type { Path, Shape, ShapeBook } from "./delta.ts"
import type { Line, Written } from "./Line.ts"

/** The first line. */
interface Head {
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

/** One that begins with this is in columns; in formats 1 and 2 a block is its lines. */
const FIRST = "{"

export const isInColumns = (text: string): boolean => text.startsWith(FIRST)

const wholeNumber = /^(?:0|[1-9]\d{0,15})$/
const isWholeNumber = (text: string): boolean => wholeNumber.test(text) && Number.isSafeInteger(Number(text))

const columnText = (values: ReadonlyArray<string>): string => {
  if (values.every(isWholeNumber)) {
    const steps = values.map((text, i) => Number(text) - (i === 0 ? 0 : Number(values[i - 1])))
    return `{"+":[${steps.join(",")}]}`
  }
  const places = new Map<string, number>()
  const at = values.map((text) => {
    const place = places.get(text)
    if (place !== undefined) return places.size - place
    places.set(text, places.size)
    return 0
  })
  return places.size === values.length
    ? `[${values.join(",")}]`
    : `{"of":[${[...places.keys()].join(",")}],"at":[${at.join(",")}]}`
}

/** One text for the same lines. */
export const inColumns = (lines: ReadonlyArray<Line>, book: ShapeBook): string => {
  book.trim()
  const shapes = new Map<string, { readonly id: number; readonly columns: ReadonlyArray<Array<string>> }>()
  const columns = new Map<Path, Array<string>>()
  const columnAt = (path: Path): Array<string> => {
    const known = columns.get(path)
    if (known !== undefined) return known
    const made: Array<string> = []
    columns.set(path, made)
    return made
  }
  const ids = lines.map(({ shape, values }) => {
    let known = shapes.get(shape)
    if (known === undefined) {
      known = { id: shapes.size, columns: book.at(shape).paths.map(columnAt) }
      shapes.set(shape, known)
    }
    for (let i = 0; i < values.length; i++) known.columns[i]?.push(values[i] as string)
    return known.id
  })
  const [version, back] = [lines.map((line) => line.version), lines.map((line) => line.back)]
  const head: Head = { version, back, shape: ids }
  return [JSON.stringify(head), ...shapes.keys(), ...[...columns.values()].map(columnText)].join("\n")
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
  readonly text: string
  #values: ReadonlyArray<Json> | undefined

  constructor(text: string) {
    this.text = text
  }

  at(row: number): Json {
    this.#values ??= valuesIn(JSON.parse(this.text) as Column)
    return this.#values[row] as Json
  }
}

class InColumns implements Written {
  readonly version: number
  readonly back: number
  readonly shape: Shape
  /** In the order of the shape's places. */
  readonly #columns: ReadonlyArray<Reading>
  /** In which row of each, beginning at `#from`; those of all events of the block. */
  readonly #rows: ReadonlyArray<number>
  readonly #from: number

  constructor(
    { back, shape, version }: Pick<Written, "back" | "shape" | "version">,
    columns: ReadonlyArray<Reading>,
    rows: Array<number>
  ) {
    this.version = version
    this.back = back
    this.shape = shape
    this.#columns = columns
    this.#rows = rows
    this.#from = rows.length
    for (const column of columns) rows.push(column.taken++)
  }

  value(place: number): Json {
    return (this.#columns[place] as Reading).at(this.#rows[this.#from + place] as number)
  }

  get chars(): number {
    const [column] = this.#columns
    return column === undefined ? 0 : Math.ceil(column.text.length / column.taken)
  }
}

/** The events of a text that `inColumns` made. Throws where it is none. */
export const outOfColumns = (text: string, book: ShapeBook): ReadonlyArray<Written> => {
  book.trim()
  const lines = text.split("\n")
  const { back, shape: ids, version } = JSON.parse(lines[0] as string) as Head
  let line = 1
  const shapes: Array<Shape> = []
  for (const id of ids) if (id === shapes.length) shapes.push(book.at(lines[line++] as string))
  const readings = new Map<Path, Reading>()
  const columnsOf = shapes.map(({ paths }) =>
    paths.map((path) => {
      const known = readings.get(path)
      if (known !== undefined) return known
      const made = new Reading(lines[line++] as string)
      readings.set(path, made)
      return made
    })
  )
  const rows: Array<number> = []
  return ids.map((id, i) => {
    const one = { version: version[i] as number, back: back[i] as number, shape: shapes[id] as Shape }
    return new InColumns(one, columnsOf[id] as ReadonlyArray<Reading>, rows)
  })
}
