/** One event as it is written: whole, or as a change of an earlier one. */
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
export interface Line extends Change {
  readonly version: number
  /** How many events before lies the one that this is a change of; 0: it is whole. */
  readonly back: number
  /** As it stands in the tail, and as its checksum is taken. */
  readonly text: string
}

/** An event of which `text` is all. */
export const wholeLine = (version: number, content: string): Line => ({
  version,
  back: 0,
  shape: WHOLE.text,
  values: [content],
  text: `[${version},${content}]`
})

export const changeLine = (version: number, back: number, { shape, values }: Change): Line => ({
  version,
  back,
  shape,
  values,
  text: `[${version},${back},${shape},[${values.join(",")}]]`
})

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
  const { back, shape, version } = written
  const values = shape.paths.map((_, place) => canonical(written.value(place)))
  return back === 0 ? wholeLine(version, values[0] as string) : changeLine(version, back, { shape: shape.text, values })
}

/** The event's content, made of that of the event that it is a change of. */
export const contentOf = (written: Written, base: JsonObject | undefined): JsonObject =>
  carryOut(written.shape.part, base, written) as JsonObject
