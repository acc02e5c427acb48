/** Times: as early and as round as they can be, on what Kubernetes counts with, at the same moment where that does no harm. */
import { formatDuration, type Json, parseDuration } from "@kubereel/core"
import { microsOf, stepsOf, withSteps } from "../document.ts"
import type { Search } from "../Search.ts"
import { at, type Path, placesIn, put } from "../tree.ts"

const SECOND = 1_000_000

/** Seconds: round ones, and those of Kubernetes (grace, back-off, node monitor, eviction). */
const boundaries = [0, 1, 2, 5, 10, 20, 30, 40, 50, 60, 80, 120, 160, 300, 600, 1_200].map((one) => one * SECOND)

const whole = (micros: number): ReadonlyArray<number> =>
  [60, 10, 1].map((unit) => Math.floor(micros / (unit * SECOND)) * unit * SECOND)

/** From the earliest on, all of them earlier than `now`. */
const earlier = (now: number, before: number): ReadonlyArray<number> => {
  const all = [...boundaries.map((one) => before + one), ...boundaries, ...whole(now)]
  return [...new Set(all)].filter((one) => one >= before && one < now).sort((a, b) => a - b)
}

/** The step and all that follow it by as much, or it alone. */
const moveStep = (search: Search, i: number): void => {
  const steps = stepsOf(search.current)
  const now = microsOf(steps[i]?.["at"])
  for (const to of earlier(now, microsOf(steps[i - 1]?.["at"]))) {
    const moved = (following: boolean) =>
      steps.map((step, j) => {
        if (j < i || (j > i && !following)) return step
        return { ...step, at: formatDuration(microsOf(step["at"]) - (now - to)) }
      })
    if (search.try(withSteps(search.current, moved(true))) || search.try(withSteps(search.current, moved(false))))
      return
  }
}

const isDuration = (value: Json | undefined): value is string =>
  typeof value === "string" && /^(?:[\d.]+(?:h|m|s|ms))+$/.test(value) && parseDuration(value) !== undefined

/** As good as no time. */
const AT_ONCE = 100_000

const isMoment = (path: Path): boolean => path.at(-1) === "at" && path[1] === "steps" && path.length === 4

const seconds = new Set([
  ...["gracePeriodSeconds", "terminationGracePeriodSeconds", "activeDeadlineSeconds", "initialDelaySeconds"],
  ...["minReadySeconds", "seconds", "tolerationSeconds", "ttlSecondsAfterFinished"]
])

/** How long something takes, in text or in seconds. */
const shorten = (search: Search, path: Path): void => {
  const found = at(search.current, path)
  const isCount = typeof found === "number" && seconds.has(String(path.at(-1)))
  if (!isCount && (!isDuration(found) || isMoment(path))) return
  const now = isCount ? found * SECOND : microsOf(found)
  if (now <= AT_ONCE) return
  for (const to of earlier(now, 0)) {
    const value = isCount ? to / SECOND : formatDuration(to)
    if (search.try(put(search.current, path, value))) return
  }
}

const inOrder = (search: Search): void => {
  const steps = stepsOf(search.current)
  search.try(
    withSteps(
      search.current,
      steps.toSorted((a, b) => microsOf(a["at"]) - microsOf(b["at"]))
    )
  )
}

export const moveTimes = (search: Search): void => {
  inOrder(search)
  for (let i = 0; i < stepsOf(search.current).length; i++) moveStep(search, i)
  for (const part of ["steps", "programs", "images", "nodes"])
    for (const path of [...placesIn(search.current, ["spec", part])]) shorten(search, path)
}
