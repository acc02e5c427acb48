/** One event as it is written: whole, or as a change of an earlier one. */
import { crc32 } from "node:zlib"
import { canonical, type Json, type JsonObject } from "@kubereel/core"
import { apart, carryOut, type Shape, type Values, WHOLE } from "./delta.ts"

/** What a change is, as text. */
export interface Change {
  /** See `delta.ts`. */
  readonly shape: string
  /** Canonical JSON, in the order of their places. */
  readonly values: ReadonlyArray<string>
}

/** An event on its way into the file. */
export class Line implements Change {
  readonly version: number
  /** How many events before lies the one that this is a change of; 0: it is whole. */
  readonly back: number
  readonly shape: string
  readonly values: ReadonlyArray<string>
  /** As it stands in the tail. */
  readonly text: string
  #sum: number | undefined

  constructor(version: number, back: number, { shape, values }: Change) {
    this.version = version
    this.back = back
    this.shape = shape
    this.values = values
    this.text =
      back === 0 ? `[${version},${values[0] as string}]` : `[${version},${back},${shape},[${values.join(",")}]]`
  }

  /** CRC-32 of the text: taken in the tail, and again in the block. */
  get sum(): number {
    this.#sum ??= crc32(this.text)
    return this.#sum
  }
}

/** An event of which `content` is all. */
export const wholeLine = (version: number, content: string): Line =>
  new Line(version, 0, { shape: WHOLE.text, values: [content] })

/** An event out of the file. Its values may be read only now; that they are right is known by then. */
export interface Written extends Values {
  readonly version: number
  readonly back: number
  readonly shape: Shape
  /** How much text it is, about, where it is whole. */
  readonly chars: number
}

type Parsed =
  | readonly [version: number, content: Json]
  /** In formats 1 and 2. */
  | readonly [version: number, back: number, change: Json]
  | readonly [version: number, back: number, shape: Json, values: ReadonlyArray<Json>]

/** Throws where the text is no line. */
export const writtenIn = (text: string): Written => {
  const line = JSON.parse(text) as Parsed
  const [version] = line
  const chars = text.length
  if (line.length === 2) return { version, back: 0, shape: WHOLE, value: () => line[1], chars }
  const { shape, values } = apart(line[2])
  const given = line.length === 3 ? values : line[3]
  return { version, back: line[1], shape, value: (place) => given[place] as Json, chars }
}

/** As it was on its way into the file. */
export const lineOf = (written: Written): Line => {
  const values = written.shape.paths.map((_, place) => canonical(written.value(place)))
  return new Line(written.version, written.back, { shape: written.shape.text, values })
}

/** The event's content, made of that of the event that it is a change of. */
export const contentOf = (written: Written, base: JsonObject | undefined): JsonObject =>
  carryOut(written.shape.part, base, written) as JsonObject
