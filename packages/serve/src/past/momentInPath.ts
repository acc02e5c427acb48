/** Which moment of a reel a server address means: `/at/<time>`, `/seq/<number>`, `/live@2x`. */
import { type Instant, later, parseDuration, parseInstant } from "@kubereel/core"

/** Where in the reel. */
export type Place =
  | { readonly _tag: "Latest" }
  | { readonly _tag: "Start" }
  | { readonly _tag: "At"; readonly observed: Instant }
  | { readonly _tag: "Seq"; readonly seq: number }
  /** It moves: from the start on, or from wherever somebody puts it. */
  | { readonly _tag: "Live" }

/** How fast watches tell what came after: 1 as it was recorded, 0 never, infinite all at once. */
export interface MomentAddress {
  readonly place: Place
  readonly speed: number
}

/** What the names of moments mean in this reel. */
export interface Names {
  /** The first moment that was recorded. */
  readonly start: Instant | undefined
  readonly marks: ReadonlyMap<string, Instant>
}

const SPEED = /^(?:(\d+(?:\.\d+)?)x|max|hold)$/

const speedOf = (text: string): number | undefined => {
  const [, times] = SPEED.exec(text) ?? []
  if (times !== undefined) return Number(times)
  return text === "max" ? Number.POSITIVE_INFINITY : text === "hold" ? 0 : undefined
}

const placeOf = (text: string, { marks, start }: Names): Place | undefined => {
  if (text === "latest") return { _tag: "Latest" }
  if (text === "start") return { _tag: "Start" }
  const observed = marks.get(text) ?? parseInstant(text)
  if (observed !== undefined) return { _tag: "At", observed }
  const offset = parseDuration(text.replace(/^\+/, ""))
  return offset === undefined || start === undefined ? undefined : { _tag: "At", observed: later(start, offset) }
}

/** A whole address without a moment is the newest one. */
export const latest: MomentAddress = { place: { _tag: "Latest" }, speed: 1 }

/**
 * The moment that a path begins with, and what is left of the path; the newest moment if it begins with none. A text is a sentence
 * that says what is wrong with it.
 */
export const momentInPath = (
  path: string,
  names: Names
): { readonly address: MomentAddress; readonly key: string; readonly rest: string } | string => {
  const [, first = "", ...others] = path.split("/")
  const [word = "", liveSpeed] = first.split("@")
  if (word === "live") {
    const speed = liveSpeed === undefined ? 1 : speedOf(liveSpeed)
    if (speed === undefined) return `"${first}" names no speed; write /live@2x, /live@0.5x or /live@max`
    return { address: { place: { _tag: "Live" }, speed }, key: first, rest: `/${others.join("/")}` }
  }
  if (word !== "at" && word !== "seq") return { address: latest, key: "latest", rest: path }
  const [named = "", ...left] = others
  const [text = "", speedText] = decodeURIComponent(named).split("@")
  const speed = speedText === undefined ? 1 : speedOf(speedText)
  if (speed === undefined) return `"@${speedText}" is no speed; write @60x, @max or @hold`
  const seq = Number(text)
  const place =
    word === "at"
      ? placeOf(text, names)
      : Number.isSafeInteger(seq) && seq >= 0 && text !== ""
        ? ({ _tag: "Seq", seq } as const)
        : undefined
  if (place === undefined)
    return word === "at"
      ? `"${text}" is no moment; write /at/2026-01-01T00:00:16Z, /at/16s for sixteen seconds after the start, or /at/ and the name of a mark`
      : `"${text}" is no number of an event; write /seq/1234`
  return { address: { place, speed }, key: `${word}/${named}`, rest: `/${left.join("/")}` }
}
