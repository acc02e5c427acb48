/** A container with its probes and hooks, and the program that answers them. */
import type { JsonObject } from "../../../event/Json.ts"
import { someMillis, text } from "./boundaries.ts"
import { present } from "./fields.ts"
import type { Draw } from "./genes.ts"
import { type Answers, programOf, type Surroundings } from "./programOf.ts"

export interface Made {
  readonly container: JsonObject
  readonly runs: ReadonlyArray<JsonObject>
}

type Collected = { readonly [kind in keyof Answers]: Array<JsonObject> }

/** Healthy, late, for a while only, in a window, slow, never. */
const window = (draw: Draw, around: Surroundings): JsonObject | undefined => {
  switch (draw.below(6)) {
    case 1:
    case 2:
      return { from: text(someMillis(draw, around.seconds)) }
    case 3:
      return { until: text(someMillis(draw, around.seconds, 600)) }
    case 4: {
      const from = someMillis(draw, around.seconds)
      return { from: text(from), until: text(from + someMillis(draw, around.seconds)) }
    }
    case 5:
      return draw.rarely(2) ? undefined : { takes: text(1_000 * (1 + draw.below(3)) + draw.of([0, -100, 100])) }
    default:
      return {}
  }
}

const probeNames = ["startup", "liveness", "readiness"] as const
const ports = { startup: 8001, liveness: 8002, readiness: 8003 } as const

/** How it asks; what answers is put with the others. */
const handler = (draw: Draw, name: (typeof probeNames)[number], when: JsonObject | undefined, into: Collected) => {
  const port = ports[name]
  const { takes: _, ...open } = when ?? {}
  switch (draw.below(4)) {
    case 1:
      if (when !== undefined) into.http.push({ port, path: `/${name}`, ...when })
      return { httpGet: { port, path: `/${name}` } }
    case 2:
      if (when !== undefined) into.tcp.push({ port, ...open })
      return { tcpSocket: { port } }
    case 3:
      if (when !== undefined) into.grpc.push({ port, ...when })
      return { grpc: { port } }
    default:
      into.execs.push({ command: [name], ...(when ?? { exitCode: 1 }) })
      if (when !== undefined && ("from" in when || "until" in when)) into.execs.push({ command: [name], exitCode: 1 })
      return { exec: { command: [name] } }
  }
}

const probeOf = (draw: Draw, name: (typeof probeNames)[number], around: Surroundings, into: Collected): JsonObject => {
  const periodSeconds = draw.of([10, 1, 2, 5])
  const failureThreshold = draw.of([3, 1, 2])
  const near = [...around.seconds, periodSeconds * failureThreshold]
  const when = window(draw, { ...around, seconds: near })
  return present({
    ...handler(draw, name, when, into),
    periodSeconds,
    failureThreshold: name === "startup" ? failureThreshold * draw.of([1, 5]) : failureThreshold,
    initialDelaySeconds: draw.rarely(4) ? draw.of([1, 10, 30]) : undefined,
    successThreshold: name === "readiness" && draw.rarely(4) ? 2 : undefined,
    terminationGracePeriodSeconds: name !== "readiness" && draw.rarely(5) ? draw.of([1, 5]) : undefined
  })
}

/** A sleep that is longer than the grace of its pod is refused. */
const hookOf = (draw: Draw, name: "postStart" | "preStop", around: Surroundings, into: Collected): JsonObject => {
  if (around.grace > 0 && draw.rarely(3)) {
    const seconds = Math.floor(someMillis(draw, around.seconds) / 1_000)
    return { sleep: { seconds: Math.max(1, Math.min(seconds, around.grace)) } }
  }
  const takes = draw.rarely(6) ? "10m" : text(someMillis(draw, around.seconds))
  into.execs.push({ command: [name], takes, ...(draw.rarely(4) ? { exitCode: 1 } : {}) })
  return { exec: { command: [name] } }
}

const lifecycleOf = (draw: Draw, around: Surroundings, into: Collected): JsonObject | undefined => {
  if (around.role === "init" || !around.features.has("hooks")) return undefined
  const [postStart, preStop] = [draw.rarely(3), draw.rarely(2)]
  if (!postStart && !preStop) return undefined
  return present({
    postStart: postStart ? hookOf(draw, "postStart", around, into) : undefined,
    preStop: preStop ? hookOf(draw, "preStop", around, into) : undefined
  })
}

/** A policy of its own, in rules or as a whole; "Always" would make an init container a sidecar. */
const policyOf = (draw: Draw, { features, role }: Surroundings): JsonObject => {
  if (role === "sidecar") return { restartPolicy: "Always" }
  if (!features.has("rules") || !draw.rarely(3)) return {}
  const restartPolicy = draw.of(role === "init" ? ["Never", "OnFailure"] : ["Never", "OnFailure", "Always"])
  if (!draw.rarely(2)) return { restartPolicy }
  const values = draw.of([[42], [1], [137, 143]])
  return {
    restartPolicy,
    restartPolicyRules: [
      {
        action: draw.of(["Restart", "RestartAllContainers"]),
        exitCodes: { operator: draw.of(["In", "NotIn"]), values }
      }
    ]
  }
}

const images = ["pulled:1", "slow:1", "missing:1", "registry.example/private:1", "down.example/app:1"] as const
const rareImages = ["limited.example/app:1", `there@sha256:${"0".repeat(64)}`] as const

const imageOf = (draw: Draw, { features }: Surroundings): string => {
  if (!features.has("images") || !draw.rarely(3)) return "there:1"
  return draw.rarely(4) ? draw.of(rareImages) : draw.of(images)
}

const resources = [
  { requests: { cpu: "100m", memory: "64Mi" } },
  { requests: { cpu: "500m" } },
  { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
  { requests: { memory: "1Gi" } },
  { limits: { memory: "100Mi" } }
] as const

export const containerOf = (draw: Draw, name: string, around: Surroundings): Made => {
  const into: Collected = { execs: [], http: [], tcp: [], grpc: [] }
  const image = imageOf(draw, around)
  const limits = around.features.has("limits") && draw.rarely(2) ? draw.of(resources) : undefined
  const probed = around.features.has("probes") && around.role !== "init"
  const [startup, liveness, readiness] = probeNames.map((of) =>
    probed && draw.rarely(3) ? probeOf(draw, of, around, into) : undefined
  )
  const lifecycle = lifecycleOf(draw, around, into)
  const policy = policyOf(draw, around)
  const container = present({
    ...{ name, image, ...policy, resources: limits, lifecycle },
    startupProbe: startup,
    livenessProbe: liveness,
    readinessProbe: readiness
  })
  const counted = [liveness, readiness, startup].flatMap((probe) =>
    probe === undefined ? [] : [Number(probe["periodSeconds"]) * Number(probe["failureThreshold"])]
  )
  return { container, runs: programOf(draw, { ...around, seconds: [...around.seconds, ...counted] }, into) }
}
