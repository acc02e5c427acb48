/** What may be done to a pod and its node while it lives: by its users, by its node, by others. */
import fc from "fast-check"
import type { Json, JsonObject } from "../../event/Json.ts"
import { anyEphemeralContainer, anyImage } from "./anyContainer.ts"
import { mapping, oneOf, rarely, seconds, sometimes } from "./parts.ts"

const pod = oneOf("p", "p", "p", "p", "p", "q")
const container = oneOf("c0", "c0", "c0", "c1", "i0")

const deletion = mapping({
  kind: fc.constant("Pod"),
  name: pod,
  gracePeriodSeconds: sometimes(seconds(0, 15)),
  propagationPolicy: rarely(fc.constant("Background"))
})

const patchOf = (patch: fc.Arbitrary<unknown>, more: JsonObject = {}): fc.Arbitrary<JsonObject> =>
  fc.record({ name: pod, patch }).map(({ name, patch: body }) => ({ kind: "Pod", name, ...more, patch: body as Json }))

const resized = fc.record({
  name: container,
  resources: oneOf<JsonObject>(
    { requests: { cpu: "200m" } },
    { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "64Mi" } },
    { requests: { memory: "256Mi" }, limits: { memory: "256Mi" } },
    { requests: { cpu: "50" } }
  )
})

const patch = fc.oneof(
  patchOf(oneOf({ metadata: { labels: { app: "b" } } }, { metadata: { annotations: { "example.com/note": "m" } } })),
  patchOf(
    fc.record({ name: container, image: anyImage }).map((one) => ({ spec: { containers: [one] } })),
    { type: "strategic" }
  ),
  patchOf(
    resized.map((one) => ({ spec: { containers: [one] } })),
    { subresource: "resize" }
  ),
  patchOf(
    anyEphemeralContainer.map((one) => ({ spec: { ephemeralContainers: [{ name: "debug", ...one }] } })),
    { subresource: "ephemeralcontainers" }
  ),
  patchOf(
    seconds(1, 40).map((activeDeadlineSeconds) => ({ spec: { activeDeadlineSeconds } })),
    { type: "merge" }
  ),
  patchOf(oneOf({ metadata: { finalizers: null } }, { spec: { schedulingGates: null } }), { type: "merge" }),
  patchOf(
    oneOf("True", "False").map((status) => ({ status: { conditions: [{ type: "example.com/gate", status }] } })),
    { subresource: "status", type: "strategic" }
  ),
  patchOf(fc.constant([{ op: "add", path: "/metadata/labels", value: { app: "c" } }]), { type: "json" })
)

const evict = mapping({ pod, gracePeriodSeconds: sometimes(seconds(0, 10)) })
const kill = mapping({
  pod,
  container: oneOf("c0", "c0", "c0", "c1", "i0", "(sandbox)"),
  signal: sometimes(oneOf<number | string>("KILL", "TERM", 9, "INT", "HUP", "USR1"))
})

const pressure = oneOf<Json>(false, true, "disk", "pids", ["memory", "disk"], { memory: "50Mi" }, { disk: "1Gi" })
const node = fc
  .oneof(
    mapping({ kubelet: oneOf("restart", "stop", "start") }),
    mapping({ pressure }),
    mapping({ power: oneOf("off", "on", "shutdown") }),
    mapping({ network: oneOf("cut", "heal") }),
    mapping({ cordon: fc.boolean() })
  )
  .map((what) => ({ name: "n-1", ...what }))

const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { a: "1" } }
const token = { apiVersion: "v1", kind: "Secret", metadata: { name: "token" }, stringData: { t: "x" } }
const claim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "claim" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
}
const others: fc.Arbitrary<JsonObject> = oneOf<JsonObject>(settings, token, claim)

const deleteOther = oneOf<JsonObject>(
  { kind: "ConfigMap", name: "settings" },
  { kind: "Secret", name: "token" },
  { kind: "Pod", selector: { app: "a" }, pick: "all" }
)

/** One order without its time; a pod's manifest is put in where `again` stands. */
export const anyOrder: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ delete: deletion }) },
  { weight: 7, arbitrary: fc.record({ patch }) },
  { weight: 6, arbitrary: fc.record({ kill }) },
  { weight: 5, arbitrary: fc.record({ node }) },
  { weight: 1, arbitrary: fc.record({ evict }) },
  { weight: 2, arbitrary: fc.record({ apply: others }) },
  { weight: 1, arbitrary: fc.record({ delete: deleteOther }) },
  { weight: 1, arbitrary: fc.record({ again: pod }) }
)
