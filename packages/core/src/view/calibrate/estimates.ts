/** From intervals to the durations of a profile: an interval is one of them, or one of them and others whose medians are taken off. */
import { MILLISECOND, type Micros, SECOND } from "../../event/Instant.ts"
import type { IntervalName } from "./intervals.ts"
import { type Distribution, distributionOf } from "./samples.ts"

/** The names are those of the profiles. */
export interface Estimate {
  readonly part: "node" | "controlPlane"
  readonly name: string
  /** `measured`: the interval is nothing else. `split`: what else is in it was taken off as it usually is. */
  readonly how: "measured" | "split"
  readonly source: string
  readonly distribution: Distribution
}

/** The kubelet looks after its volumes every 300 ms; in one of these rounds an ordinary pod's are mounted. */
const volumePoll: Micros = 300 * MILLISECOND
/** One relist of all pods, of which a watch stream shows nothing. */
const assumedRelist: Micros = 8 * MILLISECOND
/** And of one pod on demand. */
const assumedPodRelist: Micros = 3 * MILLISECOND
/** The scheduler's watch and cycle together. */
const assumedCycle: Micros = 2 * MILLISECOND

type Samples = { readonly [name in IntervalName]: ReadonlyArray<Micros> }

interface Rule {
  readonly part: Estimate["part"]
  readonly name: string
  readonly from: IntervalName
  /** What to take off, in words, and how much; `known`: medians of what stands above it in the list. */
  readonly less?: { readonly words: string; readonly micros: (known: (name: string) => Micros) => Micros }
}

/** In this order: what a rule takes off was estimated before it. */
const rules: ReadonlyArray<Rule> = [
  { part: "node", name: "eventWrite", from: "eventWrite" },
  {
    part: "node",
    name: "watch",
    from: "deleteToKilling",
    less: { words: "eventWrite", micros: (known) => known("eventWrite") }
  },
  {
    part: "node",
    name: "statusPatch",
    from: "runningStatus",
    less: { words: "podRelist (3 ms), plus eventWrite", micros: (known) => assumedPodRelist - known("eventWrite") }
  },
  {
    part: "node",
    name: "podAdmission",
    from: "firstStatus",
    less: { words: "statusPatch", micros: (known) => known("statusPatch") }
  },
  {
    part: "node",
    name: "sandboxCreate",
    from: "sandbox",
    less: { words: "one round of volumeMount (300 ms)", micros: () => volumePoll }
  },
  { part: "node", name: "containerCreate", from: "containerCreate" },
  { part: "node", name: "containerStart", from: "containerStart" },
  {
    part: "node",
    name: "sandboxStop",
    from: "exitToPhase",
    less: { words: "a relist period (1.008 s)", micros: () => SECOND + assumedRelist }
  },
  { part: "node", name: "imageCheck", from: "pull" },
  { part: "node", name: "imageRefused", from: "imageRefused" },
  { part: "node", name: "exec", from: "execHook" },
  {
    part: "controlPlane",
    name: "bind",
    from: "scheduling",
    less: { words: "watch and cycle (2 ms)", micros: () => assumedCycle }
  },
  { part: "controlPlane", name: "event", from: "scheduledEvent" }
]

/** Durations of the profile that no interval of a watch stream tells apart: they are taken from the default profile. */
export const notToldApart: ReadonlyArray<string> = [
  "apiWrite (within phaseToGone)",
  "volumeMount (within sandbox)",
  "processStart, signal (within killToPhase)",
  "relist (within exitToStatus, exitToPhase)",
  "podRelist (within runningStatus)",
  "volumeUnmount, podCleanup (within phaseToGone)",
  "connect (when a probe begins is not shown: a period and a phase of chance are between its answers)",
  "httpHook (a request that gets an answer is not shown)",
  "the scheduler's watch, cycle and patch (within scheduling)"
]

/** Two streams overtake each other by some milliseconds; nothing takes less than no time. */
const lessened = (values: ReadonlyArray<Micros>, off: Micros): ReadonlyArray<Micros> =>
  values.map((value) => Math.max(0, value - off))

/** What cannot be estimated for want of samples (its own or of what would be taken off) is not in the answer. */
export const estimatesOf = (samples: Samples): ReadonlyArray<Estimate> => {
  const medians = new Map<string, Micros>()
  const known = (name: string): Micros => medians.get(name) ?? Number.NaN
  return rules.flatMap(({ from, less, name, part }): ReadonlyArray<Estimate> => {
    const off = less?.micros(known) ?? 0
    const distribution = Number.isNaN(off) ? undefined : distributionOf(lessened(samples[from], off))
    if (distribution === undefined) return []
    medians.set(name, distribution.median)
    const source = less === undefined ? from : `${from} less ${less.words}`
    return [{ part, name, how: less === undefined ? "measured" : "split", source, distribution }]
  })
}
