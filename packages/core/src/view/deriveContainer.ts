/** What happened to one container between two of its statuses. */
import { jsonEqual } from "../event/Json.ts"
import type { ContainerState, Running, Terminated } from "../event/PodEvent.ts"
import { sameContainerState } from "../state/containerStateJson.ts"
import { type ContainerEvent, evolveContainer } from "../state/evolveContainer.ts"
import type { Container } from "../state/Pod.ts"
import { present } from "./present.ts"

/** Tells events in order; each is said to the container as the ones before it left it. */
export const deriveContainer = (was: Container, next: Container): ReadonlyArray<ContainerEvent> => {
  const events: Array<ContainerEvent> = []
  let known = was
  for (const say of [missedDeath, state, lastState, restartCount, readiness, startup, identity, report]) {
    for (const event of say(known, next)) {
      events.push(event)
      known = evolveContainer(known, event)
    }
  }
  return events
}

type Say = (known: Container, next: Container) => ReadonlyArray<ContainerEvent>

const nameOf = ({ kind, name }: Container) => ({ kind, container: name })

const isTerminated = (its: ContainerState | undefined): its is Terminated => its?._tag === "Terminated"

const sameRun = (a: string | undefined, b: string | undefined): boolean => a !== undefined && a === b

/** Another container than the one that was known: its ID says so, or the count of restarts. */
const isAnother = (known: Container, next: Container): boolean =>
  next.restartCount > known.restartCount ||
  (known.containerID !== undefined && next.containerID !== undefined && known.containerID !== next.containerID)

const died = (container: Container, { _tag, ...death }: Terminated): ContainerEvent => ({
  _tag: "ContainerDied",
  ...nameOf(container),
  ...death
})

/** The last state tells of a death that no status showed: the container died and went on before the kubelet reported again. */
const missedDeath: Say = (known, next) => {
  const death = next.lastState
  if (!isTerminated(death) || sameContainerState(death, known.lastState)) return []
  if (
    isTerminated(known.state) &&
    (sameContainerState(death, known.state) || sameRun(death.containerID, known.state.containerID))
  )
    return []
  if (isTerminated(known.lastState) && sameRun(death.containerID, known.lastState.containerID)) return []
  const movedOn = !sameContainerState(known.state, next.state) || isAnother(known, next)
  return movedOn ? endOf(known, next, death) : []
}

const state: Say = (known, next) => {
  const now = next.state
  if (sameContainerState(known.state, now) && !(now?._tag === "Running" && isAnother(known, next))) return []
  switch (now?._tag) {
    case "Waiting": {
      const { _tag, ...waiting } = now
      return [{ _tag: "ContainerWaiting", ...nameOf(next), ...waiting }]
    }
    case "Running":
      return running(known, next, now)
    case "Terminated":
      return terminated(known, next, now)
    default:
      return [corrected(next)]
  }
}

const corrected = (next: Container): ContainerEvent => ({
  _tag: "ContainerStateCorrected",
  ...nameOf(next),
  state: next.state ?? { _tag: "NoState" },
  present: next.state !== undefined
})

const started = (next: Container, startedAt: string | null, containerID: string | undefined): ContainerEvent => ({
  _tag: "ContainerStarted",
  ...nameOf(next),
  startedAt,
  ...present({ containerID }),
  restartCount: next.restartCount
})

const running = (known: Container, next: Container, { startedAt }: Running): ReadonlyArray<ContainerEvent> => {
  const cameBack = isTerminated(known.state) && sameRun(known.state.containerID, next.containerID)
  const isNews = known.state?._tag !== "Running" || isAnother(known, next)
  return [isNews && !cameBack ? started(next, startedAt, next.containerID) : corrected(next)]
}

/** What the runtime writes of a container whose process never ran: the start of Unix time. */
const NEVER = "1970-01-01T00:00:00Z"

const terminated = (known: Container, next: Container, death: Terminated): ReadonlyArray<ContainerEvent> => {
  const shownBefore = [known.state, known.lastState].some(
    (before) =>
      isTerminated(before) && (sameRun(before.containerID, death.containerID) || sameContainerState(before, death))
  )
  if (shownBefore && known.state?._tag !== "Running") return [corrected(next)]
  if (isTerminated(known.state) && known.state.containerID === death.containerID && !isAnother(known, next))
    return [corrected(next)]
  return endOf(known, next, death)
}

/** A death, after the start of that run if no status showed it: the death tells when it was, and whether it was at all. */
const endOf = (known: Container, next: Container, death: Terminated): ReadonlyArray<ContainerEvent> => {
  const seenRunning =
    known.state?._tag === "Running" && (known.containerID === death.containerID || death.containerID === undefined)
  const ran = death.startedAt !== null && death.startedAt !== NEVER
  const isCounted = sameRun(death.containerID, next.containerID)
  return seenRunning || !ran || !isCounted
    ? [died(next, death)]
    : [started(next, death.startedAt, death.containerID), died(next, death)]
}

const lastState: Say = (known, next) =>
  sameContainerState(known.lastState, next.lastState)
    ? []
    : [
        {
          _tag: "ContainerLastStateCorrected",
          ...nameOf(next),
          lastState: next.lastState ?? { _tag: "NoState" },
          present: next.lastState !== undefined
        }
      ]

const restartCount: Say = (known, next) =>
  known.restartCount === next.restartCount
    ? []
    : [{ _tag: "ContainerRestartsCounted", ...nameOf(next), restartCount: next.restartCount }]

const readiness: Say = (known, next) =>
  known.ready === next.ready ? [] : [{ _tag: "ContainerReadinessChanged", ...nameOf(next), ready: next.ready }]

const startup: Say = (known, next) =>
  known.started === next.started
    ? []
    : [{ _tag: "ContainerStartupChanged", ...nameOf(next), ...present({ started: next.started }) }]

const identity: Say = (known, { image, imageID, containerID, kind, name }) =>
  known.image === image && known.imageID === imageID && known.containerID === containerID
    ? []
    : [{ _tag: "ContainerIdentified", kind, container: name, image, imageID, ...present({ containerID }) }]

const reported = [
  "allocatedResources",
  "allocatedResourcesStatus",
  "resources",
  "volumeMounts",
  "user",
  "stopSignal"
] as const

const report: Say = (known, next) =>
  reported.every((field) => jsonEqual(known[field] as never, next[field] as never))
    ? []
    : [
        {
          _tag: "ContainerReported",
          ...nameOf(next),
          ...(present(Object.fromEntries(reported.map((field) => [field, next[field]]))) as object)
        }
      ]
