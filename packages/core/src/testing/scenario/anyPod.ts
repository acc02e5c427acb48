/** A whole pod with the programs of its containers, each of them drawn together so that they shrink together. */
import fc from "fast-check"
import type { JsonObject } from "../../event/Json.ts"
import { anyInitContainer, anyRegularContainer, anyResources, anySidecar } from "./anyContainer.ts"
import { anyRuns } from "./anyRun.ts"
import { list, mapping, oneOf, rarely, seconds, sometimes } from "./parts.ts"

export interface AnyPod {
  readonly manifest: JsonObject
  readonly programs: ReadonlyArray<JsonObject>
}

interface Part {
  readonly container: JsonObject
  readonly runs: ReadonlyArray<JsonObject> | undefined
}

const part = (container: fc.Arbitrary<JsonObject>): fc.Arbitrary<Part> =>
  fc.record({ container, runs: sometimes(anyRuns) })

const reference = sometimes(fc.constant(true))

/** The volumes that mounts may name; what they come from may be missing. */
const volume = fc.oneof(
  { withCrossShrink: true },
  mapping({
    name: fc.constant("scratch"),
    emptyDir: mapping({ medium: rarely(fc.constant("Memory")), sizeLimit: rarely(oneOf("1Mi", "1Gi"), 3) })
  }),
  mapping({
    name: fc.constant("settings"),
    configMap: mapping({ name: fc.constant("settings"), optional: reference })
  }),
  mapping({ name: fc.constant("token"), secret: mapping({ secretName: fc.constant("token"), optional: reference }) }),
  fc.constant<JsonObject>({
    name: "both",
    projected: { sources: [{ configMap: { name: "settings" } }, { secret: { name: "token", optional: true } }] }
  }),
  fc.constant<JsonObject>({
    name: "me",
    downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] }
  }),
  mapping({
    name: fc.constant("host"),
    hostPath: mapping({
      path: oneOf("/tmp", "/no/such/path", "/etc/hostname"),
      type: sometimes(oneOf("", "Directory", "DirectoryOrCreate", "File", "Socket"))
    })
  }),
  fc.constant<JsonObject>({ name: "claim", persistentVolumeClaim: { claimName: "claim" } }),
  mapping({
    name: fc.constant("content"),
    image: mapping({
      reference: oneOf("there:1", "pulled:1", "missing:1", "no such image"),
      pullPolicy: sometimes(oneOf("Always", "IfNotPresent", "Never"))
    })
  })
)

const podFields = mapping({
  restartPolicy: sometimes(oneOf("Never", "OnFailure", "Always")),
  terminationGracePeriodSeconds: fc.oneof({ withCrossShrink: true }, seconds(0, 12), fc.constant(undefined)),
  activeDeadlineSeconds: rarely(seconds(1, 60), 5),
  nodeName: rarely(oneOf("n-1", "n-1", "n-9"), 16),
  nodeSelector: rarely(fc.constant({ disk: "ssd" }), 40),
  hostNetwork: rarely(fc.constant(true), 12),
  readinessGates: rarely(fc.constant([{ conditionType: "example.com/gate" }]), 12),
  schedulingGates: rarely(fc.constant([{ name: "example.com/wait" }]), 20),
  imagePullSecrets: rarely(oneOf([{ name: "token" }], [{ name: "absent" }]), 10),
  priorityClassName: rarely(fc.constant("system-node-critical"), 16),
  tolerations: rarely(
    fc.constant([{ key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" }]),
    12
  ),
  serviceAccountName: rarely(fc.constant("default"), 16),
  resources: rarely(anyResources, 16),
  securityContext: rarely(
    mapping({ runAsNonRoot: rarely(fc.constant(true), 3), fsGroup: sometimes(seconds(1, 9)) }),
    10
  )
})

const metadata = mapping({
  labels: rarely(fc.constant({ app: "a" }), 3),
  annotations: rarely(fc.constant({ "example.com/note": "n" }), 8),
  finalizers: rarely(fc.constant(["example.com/hold"]), 10)
})

const mountsOf = (container: JsonObject, volumes: ReadonlyArray<JsonObject>): JsonObject => {
  const { volumeMounts, ...rest } = container
  if (!Array.isArray(volumeMounts)) return rest
  const there = (mount: unknown) => volumes.some(({ name }) => name === (mount as JsonObject)["name"])
  return { ...rest, volumeMounts: volumeMounts.filter(there) }
}

/** The n-th regular container is called `c<n>`, the n-th of the others `i<n>`. */
export const anyPod = (name: string): fc.Arbitrary<AnyPod> =>
  fc
    .record({
      regular: fc.array(part(anyRegularContainer), { minLength: 1, maxLength: 3 }),
      init: rarely(list(fc.oneof({ withCrossShrink: true }, part(anyInitContainer), part(anySidecar)), 3), 2),
      volumes: rarely(fc.uniqueArray(volume, { maxLength: 3, selector: (one) => one["name"] }), 2),
      metadata,
      spec: podFields
    })
    .map(({ init = [], metadata: meta, regular, spec, volumes = [] }) => {
      const parts = [
        ...init.map((one, i) => ({ ...one, name: `i${i}` })),
        ...regular.map((one, i) => ({ ...one, name: `c${i}` }))
      ]
      const containers = parts.map(({ container, name: own }) => ({ name: own, ...mountsOf(container, volumes) }))
      const inits = containers.slice(0, init.length)
      return {
        manifest: {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name, ...meta },
          spec: {
            ...spec,
            ...(volumes.length === 0 ? {} : { volumes }),
            ...(inits.length === 0 ? {} : { initContainers: inits }),
            containers: containers.slice(init.length)
          }
        },
        programs: parts.flatMap(({ name: container, runs }) =>
          runs === undefined ? [] : [{ match: { pod: name, container }, runs }]
        )
      }
    })
