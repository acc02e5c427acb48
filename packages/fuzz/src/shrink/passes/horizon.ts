/** The end of the history: as soon as the last step is done, and what follows it had the time that it had before. */
import { formatDuration, type JsonObject } from "@kubereel/core"
import { endOf, microsOf, specOf, stepsOf, withSpec, withSteps } from "../document.ts"
import type { Search } from "../Search.ts"

const lastEnd = (document: JsonObject): number => Math.max(0, ...stepsOf(document).map(endOf))

/** How long nothing is done at the end. */
export const restOf = (document: JsonObject): number =>
  Math.max(0, microsOf(specOf(document)["until"]) - lastEnd(document))

const until = (document: JsonObject, end: number): JsonObject => {
  const played = stepsOf(document).filter((step) => microsOf(step["at"]) <= end)
  return withSpec(withSteps(document, played), { until: formatDuration(end) })
}

const SECOND = 1_000_000

/**
 * `rest`: how long at least nothing is done at the end. With 0 the end is moved as far back as it goes, which is right only for
 * properties that fail at some moment, and not because something has not happened when all is over.
 */
export const shortenHorizon = (search: Search, rest: number): void => {
  const now = microsOf(specOf(search.current)["until"])
  const soonest = lastEnd(search.current) + rest
  if (rest > 0) {
    if (soonest < now) search.try(until(search.current, soonest))
    return
  }
  let [low, high] = [0, Math.ceil(now / SECOND)]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (search.try(until(search.current, middle * SECOND))) high = middle
    else low = middle + 1
  }
}

/** Half of it, a quarter, … as long as that will do: what is played meanwhile is shorter, and nothing is cut to size yet. */
export const halveHorizon = (search: Search, rest: number): void => {
  if (rest > 0) return shortenHorizon(search, rest)
  for (let end = microsOf(specOf(search.current)["until"]); end > SECOND; ) {
    end = Math.floor(end / 2 / SECOND) * SECOND
    if (!search.try(until(search.current, end))) return
  }
}
