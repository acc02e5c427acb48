/** What people and programs ask of the cluster at any time. */
import type { JsonObject } from "../../../event/Json.ts"
import { near } from "./boundaries.ts"
import type { Actor, BarePod, Cast, Group } from "./Cast.ts"
import type { Draw } from "./genes.ts"
import { finalizer, gateType } from "./podOf.ts"
import type { ActionKind } from "./Swarm.ts"

/** A step without its time. */
export type Verb = JsonObject

interface Moment {
  readonly at: number
  readonly draw: Draw
  readonly cast: Cast
  /** Told apart from all other steps. */
  readonly number: number
}

const containersOf = ({ shape }: Actor): ReadonlyArray<string> => [...shape.runs.keys()]
const graceOf = ({ shape }: Actor): number => Number(shape.spec["terminationGracePeriodSeconds"] ?? 30)

const patch = (name: string, body: JsonObject, more: JsonObject = {}): Verb => ({
  patch: { kind: "Pod", name, ...more, patch: body }
})

const scaled = ["Deployment", "StatefulSet", "ReplicaSet"]
const rolled = ["Deployment", "StatefulSet", "DaemonSet"]
const any = [...scaled, "DaemonSet", "Job", "CronJob"]

const resizable = ({ shape }: Actor): JsonObject | undefined => {
  const containers = shape.spec["containers"] as ReadonlyArray<JsonObject>
  return containers.find(({ resources }) => {
    const { limits, requests } = (resources ?? {}) as JsonObject
    return requests !== undefined && limits === undefined
  })
}

/** About a pod with a name; `undefined`: it has not what is to be changed. */
const onPod = (kind: ActionKind, actor: Actor, { at, cast, draw, number }: Moment): Verb | undefined => {
  const { name } = actor
  const grace = graceOf(actor)
  const container = (): string => draw.of(containersOf(actor))
  switch (kind) {
    case "kill":
      return { kill: { pod: name, container: container(), signal: draw.of(["KILL", "TERM", "INT"]) } }
    case "killSandbox":
      return { kill: { pod: name, container: "(sandbox)" } }
    case "exec":
      return { exec: { pod: name, container: container(), command: ["true"] } }
    case "label":
      return patch(name, { metadata: { labels: { step: `s${number}` } } })
    case "image": {
      const [app = "c0"] = containersOf(actor).filter((one) => one.startsWith("c"))
      return patch(name, {
        spec: { containers: [{ name: app, image: draw.of(["there:2", "pulled:1", "missing:1"]) }] }
      })
    }
    case "gate":
      return patch(
        name,
        { status: { conditions: [{ type: gateType, status: draw.of(["True", "False"]) }] } },
        { subresource: "status" }
      )
    case "debug":
      return patch(
        name,
        { spec: { ephemeralContainers: [{ name: `debug-${number}`, image: "there:1" }] } },
        { subresource: "ephemeralcontainers" }
      )
    case "resize": {
      const of = resizable(actor)
      const requests = { cpu: draw.of(["200m", "100m", "1", "50"]) }
      if (of === undefined) return undefined
      return patch(
        name,
        { spec: { containers: [{ name: of["name"] ?? "", resources: { requests } }] } },
        { subresource: "resize" }
      )
    }
    case "stalePatch":
      return patch(name, { metadata: { resourceVersion: "1", labels: { stale: "yes" } } }, { type: "merge" })
    case "evict":
      cast.ends(actor, at, grace)
      return { evict: { pod: name } }
    case "delete":
      cast.ends(actor, at, grace)
      return { delete: { kind: "Pod", name } }
    case "forceDelete":
      cast.ends(actor, at, 0)
      return { delete: { kind: "Pod", name, gracePeriodSeconds: 0 } }
    case "deleteWithGrace": {
      const seconds = draw.of([1, 2, 5, Math.max(1, grace - 1), grace + 1, 60])
      cast.ends(actor, at, seconds)
      return { delete: { kind: "Pod", name, gracePeriodSeconds: seconds } }
    }
    default:
      return undefined
  }
}

/** Only a pod that nobody else makes keeps what it was given. */
const onBarePod = (kind: ActionKind, pod: BarePod, { draw }: Moment): Verb | undefined => {
  const { name } = pod
  if (kind === "finalizer") {
    pod.finalizer = !pod.finalizer
    return patch(name, { metadata: { finalizers: pod.finalizer ? [finalizer] : null } }, { type: "merge" })
  }
  // A deadline can only be set earlier.
  const seconds = Math.min(pod.deadline, Math.max(1, Math.floor(near(draw, [30, 60, 300, 600]) / 1_000)))
  pod.deadline = seconds
  return patch(name, { spec: { activeDeadlineSeconds: seconds } }, { type: "merge" })
}

const onGroup = (kind: ActionKind, group: Group, { at, draw, number }: Moment): Verb | undefined => {
  const { name } = group
  const merge = (body: JsonObject): Verb => ({ patch: { kind: group.kind, name, type: "merge", patch: body } })
  switch (kind) {
    case "scale":
    case "scaleToZero": {
      const replicas = kind === "scale" ? 1 + draw.below(5) : 0
      group.scaledTo = replicas
      return { scale: { kind: group.kind, name, replicas } }
    }
    case "rollout": {
      const image = draw.of(["there:2", "pulled:1", "missing:1"])
      return {
        patch: {
          kind: group.kind,
          name,
          patch: { spec: { template: { spec: { containers: [{ name: "c0", image }] } } } }
        }
      }
    }
    case "template":
      return merge({ spec: { template: { metadata: { annotations: { "example.com/step": `s${number}` } } } } })
    case "pause":
      return merge({ spec: { paused: draw.rarely(3) ? null : true } })
    case "suspend":
      return merge({ spec: { suspend: !draw.rarely(3) } })
    case "apply":
      return {
        apply: {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name },
          spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8003 }] }
        }
      }
    case "deleteOne":
      return { delete: { kind: "Pod", selector: { app: name }, pick: draw.of(["oldest", "newest"]) } }
    case "deleteAll":
      return {
        delete: {
          kind: "Pod",
          selector: { app: name },
          pick: "all",
          ...(draw.rarely(3) ? { gracePeriodSeconds: 0 } : {})
        }
      }
    default:
      group.until = at
      return {
        delete: {
          kind: group.kind,
          name,
          ...(draw.rarely(2) ? { propagationPolicy: draw.of(["Foreground", "Orphan"]) } : {})
        }
      }
  }
}

const groupKinds: { readonly [kind in ActionKind]?: ReadonlyArray<string> } = {
  scale: scaled,
  scaleToZero: scaled,
  rollout: rolled,
  template: rolled,
  pause: ["Deployment"],
  suspend: ["Job", "CronJob"],
  apply: rolled,
  deleteOne: any,
  deleteAll: any,
  deleteWorkload: any
}

const again = (cast: Cast, at: number, ref: number): Verb | undefined => {
  const pod = cast.gone(at, ref)
  if (pod === undefined) return undefined
  pod.from = at
  pod.until = Number.POSITIVE_INFINITY
  pod.deadline = Number.MAX_SAFE_INTEGER
  pod.finalizer = pod.shape.finalizers
  return { apply: pod.manifest }
}

/** Bare pods are nobody's: whom it finds is gone for good. */
const drain = (node: string, { at, cast, draw }: Moment): Verb => {
  cast.emptied(node, at)
  return {
    drain: { node, force: true, ignoreDaemonSets: true, deleteEmptyDirData: true, timeout: draw.of(["30s", "5m"]) }
  }
}

/** `undefined`: nobody is there whom it could be about. */
const tryAction = (kind: ActionKind, ref: number, moment: Moment): Verb | undefined => {
  const { at, cast } = moment
  if (kind === "again") return again(cast, at, ref)
  if (kind === "drain") return drain(cast.node(ref), moment)
  if (kind === "finalizer" || kind === "deadline") {
    const pod = cast.bare(at, ref)
    return pod && onBarePod(kind, pod, moment)
  }
  const kinds = groupKinds[kind]
  if (kinds !== undefined) {
    const group = cast.group(at, ref, kinds)
    return group && onGroup(kind, group, moment)
  }
  const actor = cast.actor(at, ref)
  return actor && onPod(kind, actor, moment)
}

/**
 * The first of these kinds that can be about somebody now. Where nobody is left, somebody comes back: making pods is never off.
 * `undefined`: nobody was there yet.
 */
export const actionOf = (kinds: Iterable<ActionKind>, ref: number, moment: Moment): Verb | undefined => {
  for (const kind of kinds) {
    const verb = tryAction(kind, ref, moment)
    if (verb !== undefined) return verb
  }
  return again(moment.cast, moment.at, ref)
}
