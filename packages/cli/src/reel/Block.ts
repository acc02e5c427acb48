/**
 * A block on its way into the file: each line goes into its columns as soon as it is made. So what stands in a column already is
 * let go at once, and nothing is looked at again when the block is full.
 */
import type { Head } from "./columns.ts"
import type { Path, ShapeBook } from "./delta.ts"
import type { Line } from "./Line.ts"

const wholeNumber = /^(?:0|[1-9]\d{0,15})$/
const isWholeNumber = (text: string): boolean => wholeNumber.test(text) && Number.isSafeInteger(Number(text))

/** See `Column` of `columns.ts`: numbers until something else comes. */
class Column {
  #steps: Array<number> | undefined = []
  #last = 0
  readonly #places = new Map<string, number>()
  readonly #at: Array<number> = []

  add(text: string): void {
    if (this.#steps === undefined) return this.#addText(text)
    if (isWholeNumber(text)) {
      const number = Number(text)
      this.#steps.push(number - this.#last)
      this.#last = number
      return
    }
    let number = 0
    for (const step of this.#steps) {
      number += step
      this.#addText(String(number))
    }
    this.#steps = undefined
    this.#addText(text)
  }

  #addText(text: string): void {
    const place = this.#places.get(text)
    this.#at.push(place === undefined ? 0 : this.#places.size - place)
    if (place === undefined) this.#places.set(text, this.#places.size)
  }

  text(): string {
    if (this.#steps !== undefined) return `{"+":[${this.#steps.join(",")}]}`
    const of = [...this.#places.keys()].join(",")
    return this.#places.size === this.#at.length ? `[${of}]` : `{"of":[${of}],"at":[${this.#at.join(",")}]}`
  }
}

interface Filled {
  readonly id: number
  readonly columns: ReadonlyArray<Column>
}

export class Block {
  readonly #book: ShapeBook
  readonly #version: Array<number> = []
  readonly #back: Array<number> = []
  readonly #shape: Array<number> = []
  readonly #shapes = new Map<string, Filled>()
  readonly #columns = new Map<Path, Column>()
  /** Of each line. */
  readonly sums: Array<number> = []
  /** Of all lines. */
  chars = 0

  /** Until it is full nobody else may trim the book. */
  constructor(book: ShapeBook) {
    book.trim()
    this.#book = book
  }

  get length(): number {
    return this.sums.length
  }

  add(line: Line): void {
    const { columns, id } = this.#filled(line.shape)
    for (let i = 0; i < columns.length; i++) (columns[i] as Column).add(line.values[i] as string)
    this.#version.push(line.version)
    this.#back.push(line.back)
    this.#shape.push(id)
    this.sums.push(line.sum)
    this.chars += line.text.length
  }

  /** One text for the same lines. */
  text(): string {
    const head: Head = { version: this.#version, back: this.#back, shape: this.#shape }
    const columns = [...this.#columns.values()].map((column) => column.text())
    return [JSON.stringify(head), ...this.#shapes.keys(), ...columns].join("\n")
  }

  #filled(shape: string): Filled {
    const known = this.#shapes.get(shape)
    if (known !== undefined) return known
    const columns = this.#book.at(shape).paths.map((path) => this.#columnAt(path))
    const filled = { id: this.#shapes.size, columns }
    this.#shapes.set(shape, filled)
    return filled
  }

  #columnAt(path: Path): Column {
    const known = this.#columns.get(path)
    if (known !== undefined) return known
    const made = new Column()
    this.#columns.set(path, made)
    return made
  }
}
