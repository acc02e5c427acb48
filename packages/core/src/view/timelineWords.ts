/** What changed from one version of an object to the next, in Kubernetes' words. */
import { empty, type Fields, isGone, type Shape } from "./compare/Shape.ts"

export interface Words {
  /** What became of the object and of its containers. */
  readonly what: ReadonlyArray<string>
  readonly conditions: ReadonlyArray<string>
  /** Fields that changed beside its state: spec, labels, generations. */
  readonly detail: ReadonlyArray<string>
}

const member = /^((?:initContainers|containers|ephemeralContainers|conditions)\{([^}]*)\})(?:\.(.*))?$/

/** `containers{main}.state.reason` is the field `state.reason` of the member `main` of `containers`. */
export const memberOf = (
  path: string
): { readonly prefix: string; readonly name: string; readonly field: string } | undefined => {
  const match = member.exec(path)
  return match === null ? undefined : { prefix: match[1] ?? "", name: match[2] ?? "", field: match[3] ?? "" }
}

const long = 160
const short = (text: string): string => {
  const line = text.trim().replace(/\s+/g, " ")
  return line.length > long ? `${line.slice(0, long - 1)}…` : line
}

/** `terminated (Error, exit 1)`, `waiting (CrashLoopBackOff)`, `running`. */
export const containerStateWords = (fields: Fields, path: string): string => {
  const state = fields.get(path)
  if (state === undefined) return "without a state"
  const [reason, exitCode, signal] = ["reason", "exitCode", "signal"].map((key) => fields.get(`${path}.${key}`))
  const inside = [reason, exitCode && `exit ${exitCode}`, signal && `signal ${signal}`].filter(
    (word) => word !== undefined && word !== ""
  )
  return inside.length === 0 ? state : `${state} (${inside.join(", ")})`
}

/** `Ready False ContainersNotReady`, with the message if asked for. */
export const conditionWords = (fields: Fields, prefix: string, withMessage: boolean): string => {
  const { name } = memberOf(prefix) ?? { name: prefix }
  const status = fields.get(`${prefix}.status`)
  if (status === undefined) return `${name} removed`
  const reason = fields.get(`${prefix}.reason`)
  const message = withMessage ? fields.get(`${prefix}.message`) : undefined
  return (
    [name, status, reason].filter((word) => word !== undefined && word !== "").join(" ") +
    (message ? `: ${short(message)}` : "")
  )
}

const changedPaths = (before: Fields, after: Fields): Set<string> => {
  const changed = new Set<string>()
  for (const [path, value] of after) if (before.get(path) !== value) changed.add(path)
  for (const path of before.keys()) if (!after.has(path)) changed.add(path)
  return changed
}

const containerWords = (before: Fields, after: Fields, prefix: string, changed: ReadonlySet<string>): Array<string> => {
  const name = memberOf(prefix)?.name ?? prefix
  if (!after.has(`${prefix}.ready`)) return [`${name} no longer listed`]
  const has = (field: string): boolean => changed.has(`${prefix}.${field}`)
  const field = (key: string): string | undefined => after.get(`${prefix}.${key}`)
  const words: Array<string> = []
  const moved = ["state", "state.reason", "state.exitCode", "state.signal"].some(has)
  const restarts = has("restartCount") && (before.has(`${prefix}.restartCount`) || field("restartCount") !== "0")
  if (moved) {
    const tail = restarts ? `, restart ${field("restartCount")}` : ""
    const why = field("state.message")
    const explained = field("state") !== "running" && why !== undefined && has("state.message") ? `: ${short(why)}` : ""
    words.push(`${name} ${containerStateWords(after, `${prefix}.state`)}${explained}${tail}`)
  } else {
    if (restarts) words.push(`${name} restartCount ${field("restartCount")}`)
    if (has("state.message"))
      words.push(`${name} ${containerStateWords(after, `${prefix}.state`)}: ${short(field("state.message") ?? "")}`)
    if (["lastState", "lastState.reason", "lastState.exitCode", "lastState.signal", "lastState.message"].some(has)) {
      words.push(`${name} last state ${containerStateWords(after, `${prefix}.lastState`)}`)
    }
  }
  if (has("ready") && (field("ready") === "true" || (!moved && before.has(`${prefix}.ready`))))
    words.push(field("ready") === "true" ? `${name} ready` : `${name} not ready`)
  if (has("started") && !moved && before.has(`${prefix}.ready`))
    words.push(field("started") === "true" ? `${name} started` : `${name} not started`)
  if (moved && field("state") === "running" && field("started") === "false") words.push(`${name} not yet started`)
  if (has("image") && before.has(`${prefix}.image`)) words.push(`${name} image ${field("image")}`)
  return words
}

/** ContainersReady says what Ready says, as long as no readiness gate is in between. */
const isEcho = (after: Fields, changed: ReadonlySet<string>, prefix: string): boolean =>
  prefix === "conditions{ContainersReady}" &&
  ["status", "reason", "message"].every(
    (key) =>
      after.get(`${prefix}.${key}`) === after.get(`conditions{Ready}.${key}`) &&
      changed.has(`${prefix}.${key}`) === changed.has(`conditions{Ready}.${key}`)
  )

const arrow = (before: Fields, after: Fields, path: string): string => {
  const [old, now] = [before.get(path), after.get(path)]
  if (old === undefined) return `${path} ${short(now ?? "")}`
  return now === undefined ? `${path} removed` : `${path} ${short(old)} → ${short(now)}`
}

/** Said only if nothing else is: they come with what they are part of. */
const silent = new Set(["object", "podIP", "startTime", "qosClass", "message"])

const topWords = (before: Fields, after: Fields, path: string): string | undefined => {
  const [old, now] = [before.get(path), after.get(path)]
  switch (path) {
    case "nodeName":
      return "bound to a node"
    case "phase":
      return old === undefined ? now : `${old} → ${now ?? "no phase"}`
    case "reason":
      return now === undefined
        ? `reason ${old} removed`
        : `${now}${after.has("message") ? `: ${short(after.get("message") ?? "")}` : ""}`
    case "deletionGracePeriodSeconds":
      if (now === undefined) return "deletion taken back"
      return old === undefined ? `deletion requested (grace ${now}s)` : `grace ${old}s → ${now}s`
    default:
      return silent.has(path) ? undefined : arrow(before, after, path)
  }
}

/** `before` is absent for the first version. */
export const wordsOf = (before: Shape | undefined, after: Shape): Words => {
  if (isGone(after)) return { what: ["gone"], conditions: [], detail: [] }
  const old = before === undefined || isGone(before) ? undefined : before
  const from = old?.state ?? empty
  const changed = changedPaths(from, after.state)
  const [what, conditions, prefixes]: [Array<string>, Array<string>, Set<string>] = [[], [], new Set()]
  for (const path of changed) {
    const part = memberOf(path)
    if (part === undefined) {
      const word = topWords(from, after.state, path)
      if (word !== undefined) what.push(word)
    } else if (!prefixes.has(part.prefix)) {
      prefixes.add(part.prefix)
      if (!part.prefix.startsWith("conditions{")) what.push(...containerWords(from, after.state, part.prefix, changed))
      else if (!isEcho(after.state, changed, part.prefix)) {
        const onlyMessage = changed.has(`${part.prefix}.message`) && !changed.has(`${part.prefix}.status`)
        const unscheduled = part.name === "PodScheduled" && after.state.get(`${part.prefix}.status`) === "False"
        conditions.push(conditionWords(after.state, part.prefix, onlyMessage || unscheduled))
      }
    }
  }
  if (what.length === 0 && conditions.length === 0 && old !== undefined)
    for (const path of changed) what.push(arrow(from, after.state, path))
  return { what, conditions, detail: old === undefined ? [] : detailWords(old, after) }
}

const detailWords = (before: Shape, after: Shape): ReadonlyArray<string> => [
  ...[...changedPaths(before.detail, after.detail)].map((path) => arrow(before.detail, after.detail, path)),
  ...(before.spec === after.spec
    ? []
    : [...changedPaths(before.spec, after.spec)].map((path) => arrow(before.spec, after.spec, path)))
]

/** In one line; the detail only where nothing else is said. */
export const wordLine = ({ what, conditions, detail }: Words): string => {
  const line = [what.join(", "), conditions.join("; ")].filter((part) => part !== "").join("   ")
  return line === "" ? detail.join(", ") : line
}
