/** A container of a pod's manifest: with every field that a kubelet acts upon. */
import fc from "fast-check"
import type { JsonObject } from "../../event/Json.ts"
import { commands, list, mapping, oneOf, paths, ports, rarely, seconds, services, sometimes, volumes } from "./parts.ts"

/** What each of them does is said by the scenario's own list of images. */
export const imageNames = [
  "there:1",
  "pulled:1",
  "slow:1",
  "missing:1",
  "registry.example/private:1",
  "down.example/app:1",
  "limited.example/app:1",
  "user:1",
  "named:1"
] as const

export const anyImage: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 30, arbitrary: fc.constant("there:1") },
  { weight: 6, arbitrary: oneOf(...imageNames) },
  { weight: 1, arbitrary: oneOf("Not::An::Image", "there:1@sha256:short", "UPPER/case") }
)

const http = mapping({
  path: sometimes(oneOf(...paths)),
  port: oneOf<number | string>(...ports, "web", "nowhere"),
  scheme: rarely(oneOf("HTTP", "HTTPS")),
  host: rarely(oneOf("127.0.0.1", "elsewhere.example")),
  httpHeaders: rarely(fc.constant([{ name: "X-A", value: "b" }]))
})
const exec = fc.record({ command: oneOf(...commands) })
const tcp = fc.record({ port: oneOf<number | string>(...ports, "web") })
const one = (name: string, action: fc.Arbitrary<unknown>): fc.Arbitrary<JsonObject> => mapping({ [name]: action })

const handler = fc.oneof(
  one("exec", exec),
  one("httpGet", http),
  one("tcpSocket", tcp),
  one("grpc", mapping({ port: oneOf(...ports), service: sometimes(oneOf(...services)) }))
)

const probe = (kind: "startup" | "liveness" | "readiness"): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(
      handler,
      mapping({
        initialDelaySeconds: sometimes(seconds(0, 20)),
        periodSeconds: sometimes(seconds(1, 15)),
        timeoutSeconds: sometimes(seconds(1, 5)),
        failureThreshold: sometimes(seconds(1, 4)),
        ...(kind === "readiness"
          ? { successThreshold: sometimes(seconds(1, 3)) }
          : { terminationGracePeriodSeconds: rarely(seconds(1, 8), 4) })
      })
    )
    .map(([how, when]) => ({ ...how, ...when }))

const hook = fc.oneof(
  one("exec", exec),
  one("sleep", fc.record({ seconds: seconds(0, 12) })),
  one("httpGet", http),
  one("tcpSocket", tcp)
)
const lifecycle = mapping({
  postStart: sometimes(hook),
  preStop: sometimes(hook),
  stopSignal: rarely(oneOf("SIGTERM", "SIGUSR1", "SIGKILL"), 10)
})

const rule = fc.record({
  action: oneOf("Restart", "RestartAllContainers"),
  exitCodes: fc.record({ operator: oneOf("In", "NotIn"), values: oneOf([42], [0], [1, 137, 143]) })
})

/** A policy of its own, with rules or without. */
const ownPolicy: fc.Arbitrary<JsonObject> = mapping({
  restartPolicy: oneOf("Never", "OnFailure", "Always"),
  restartPolicyRules: sometimes(list(rule, 2))
})

export const anyResources: fc.Arbitrary<JsonObject> = oneOf<JsonObject>(
  {},
  { requests: { cpu: "100m", memory: "64Mi" } },
  { requests: { memory: "10Mi" }, limits: { memory: "100Mi" } },
  { limits: { cpu: "200m", memory: "64Mi" } },
  { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
  { requests: { cpu: "10m" }, limits: { cpu: "500m", memory: "128Mi" } },
  { limits: { memory: "50Mi", "ephemeral-storage": "10Mi" } },
  { requests: { memory: "1Gi", cpu: "1" } }
)

const variable = fc.oneof(
  fc.record({ value: fc.string({ maxLength: 5 }) }),
  oneOf(
    { valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    { valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
    { valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } },
    { valueFrom: { configMapKeyRef: { name: "settings", key: "b" } } },
    { valueFrom: { secretKeyRef: { name: "token", key: "t", optional: true } } },
    { valueFrom: { secretKeyRef: { name: "token", key: "t" } } }
  )
)
const environment = list(variable, 2).map((values) => values.map((value, i) => ({ name: `V${i}`, ...value })))

const security = mapping({
  runAsUser: sometimes(oneOf(0, 1000)),
  runAsGroup: rarely(oneOf(0, 1000)),
  runAsNonRoot: sometimes(fc.boolean()),
  readOnlyRootFilesystem: rarely(fc.boolean())
})

const resizePolicy = oneOf<ReadonlyArray<JsonObject>>(
  [{ resourceName: "cpu", restartPolicy: "NotRequired" }],
  [{ resourceName: "memory", restartPolicy: "RestartContainer" }]
)

/** What containers of every kind may have; mounts of volumes that the pod lacks are taken out by the pod. */
const common = {
  image: anyImage,
  imagePullPolicy: rarely(oneOf("IfNotPresent", "Always", "Never"), 8),
  env: rarely(environment, 10),
  envFrom: rarely(
    oneOf([{ configMapRef: { name: "settings" } }], [{ secretRef: { name: "token", optional: true } }]),
    30
  ),
  volumeMounts: rarely(
    fc
      .uniqueArray(oneOf(...volumes), { maxLength: 3 })
      .map((names) => names.map((name) => ({ name, mountPath: `/${name}` }))),
    3
  ),
  terminationMessagePath: rarely(oneOf("/dev/termination-log", "/other")),
  terminationMessagePolicy: rarely(oneOf("File", "FallbackToLogsOnError"), 3),
  securityContext: rarely(security),
  command: rarely(fc.constant(["run"])),
  stdin: rarely(fc.constant(true))
}

const declaredPorts = oneOf<ReadonlyArray<JsonObject>>(
  [{ name: "web", containerPort: 80 }],
  [{ name: "web", containerPort: 8080 }],
  [{ containerPort: 8080, hostPort: 8080 }]
)
const served = {
  startupProbe: rarely(probe("startup"), 4),
  livenessProbe: rarely(probe("liveness"), 3),
  readinessProbe: rarely(probe("readiness"), 3),
  lifecycle: rarely(lifecycle, 3),
  ports: rarely(declaredPorts, 3)
}

const withOwnPolicy = (container: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.tuple(container, rarely(ownPolicy, 5)).map(([fields, policy]) => ({ ...fields, ...policy }))

const resources = { resources: rarely(anyResources, 3) }

export const anyRegularContainer: fc.Arbitrary<JsonObject> = withOwnPolicy(
  mapping({ ...common, ...served, ...resources, resizePolicy: rarely(resizePolicy) })
)

export const anySidecar: fc.Arbitrary<JsonObject> = mapping({
  ...common,
  ...served,
  ...resources,
  restartPolicy: fc.constant("Always")
})

/** With a policy of its own that is not Always: that would make it a sidecar, which is drawn apart. */
export const anyInitContainer: fc.Arbitrary<JsonObject> = withOwnPolicy(mapping({ ...common, ...resources })).map(
  (container) => (container["restartPolicy"] === "Always" ? { ...container, restartPolicy: "OnFailure" } : container)
)

export const anyEphemeralContainer: fc.Arbitrary<JsonObject> = mapping({
  ...common,
  targetContainerName: sometimes(fc.constant("c0"))
})
