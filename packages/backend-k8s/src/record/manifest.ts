/** A recorder inside the cluster: one pod that writes to a volume of its own. */
import type { JsonObject } from "@kubereel/core"
import type { Resource, Scope } from "./Resource.ts"
import { rbacOf } from "./rbac.ts"

export interface ManifestOptions {
  readonly resources: ReadonlyArray<Resource>
  readonly scope: Scope
  /** An image with `kubereel` in its path. */
  readonly image: string
  /** What `kubereel` is called with, beside the file. */
  readonly args: ReadonlyArray<string>
}

const NAME = "kubereel"
const USER = 65_532

const restricted = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: "RuntimeDefault" }
}

const container = ({ image, args }: ManifestOptions): JsonObject => ({
  name: "recorder",
  image,
  command: ["kubereel", "record", "--out", "/reel/cluster.reel", ...args],
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  volumeMounts: [
    { name: "reel", mountPath: "/reel" },
    // SQLite's and Node.js's files of passing value: the rest of the file system is read-only.
    { name: "tmp", mountPath: "/tmp" }
  ]
})

/** One replica, and never two: a reel has one writer. It ends in good order within its grace period. */
const workload = (options: ManifestOptions): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: NAME, namespace: NAME, labels: { app: NAME } },
  spec: {
    serviceName: NAME,
    replicas: 1,
    selector: { matchLabels: { app: NAME } },
    template: {
      metadata: { labels: { app: NAME } },
      spec: {
        serviceAccountName: NAME,
        terminationGracePeriodSeconds: 30,
        securityContext: restricted,
        containers: [container(options)],
        volumes: [{ name: "tmp", emptyDir: {} }]
      }
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "reel" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } }
      }
    ]
  }
})

/** Namespace, rights, and the recorder with its volume. */
export const manifestOf = (options: ManifestOptions): ReadonlyArray<JsonObject> => [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: NAME } },
  ...rbacOf(options.resources, options.scope, { name: NAME, namespace: NAME }),
  workload(options)
]
