/** What a Pod becomes when it is stored, and what is refused. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createPod, generateName } from "../../../src/decide/apiserver/createPod.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { container, manifest, names, stored } from "./pods.ts"

const containerOf = (fields: JsonObject): JsonObject =>
  stored(manifest({ containers: [container(fields)] })).spec.containers[0] as JsonObject

describe("a stored Pod", () => {
  it("C-001, C-010, C-405, S-010, S-016, S-019, S-020, S-377: is complete (the golden object of section 1.4)", () => {
    const mount = {
      name: "kube-api-access-4xq7p",
      readOnly: true,
      mountPath: "/var/run/secrets/kubernetes.io/serviceaccount"
    }
    expect(JSON.stringify(stored(manifest()))).toBe(
      JSON.stringify({
        kind: "Pod",
        apiVersion: "v1",
        metadata: {
          name: "p",
          namespace: "ns",
          uid: "u-1",
          resourceVersion: "7",
          generation: 1,
          creationTimestamp: "2026-01-01T00:00:00Z"
        },
        spec: {
          volumes: [
            {
              name: "kube-api-access-4xq7p",
              projected: {
                sources: [
                  { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
                  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
                  {
                    downwardAPI: {
                      items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }]
                    }
                  }
                ],
                defaultMode: 420
              }
            }
          ],
          containers: [
            {
              name: "c",
              image: "nginx:1.27",
              resources: {},
              volumeMounts: [mount],
              terminationMessagePath: "/dev/termination-log",
              terminationMessagePolicy: "File",
              imagePullPolicy: "IfNotPresent"
            }
          ],
          restartPolicy: "Always",
          terminationGracePeriodSeconds: 30,
          dnsPolicy: "ClusterFirst",
          serviceAccountName: "default",
          serviceAccount: "default",
          securityContext: {},
          schedulerName: "default-scheduler",
          tolerations: [
            { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
            { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }
          ],
          priority: 0,
          enableServiceLinks: true,
          preemptionPolicy: "PreemptLowerPriority"
        },
        status: { phase: "Pending", qosClass: "BestEffort" }
      })
    )
  })

  it.each([
    ["nginx", "Always"],
    ["nginx:latest", "Always"],
    ["nginx:1", "IfNotPresent"],
    ["127.0.0.1:5000/busybox", "Always"],
    ["127.0.0.1:5000/busybox:1", "IfNotPresent"],
    [`nginx@sha256:${"a".repeat(64)}`, "IfNotPresent"],
    ["NOT an image", "IfNotPresent"]
  ])("S-261, S-262: with the image %s is pulled %s (SetDefaults_Container)", (image, policy) => {
    expect(containerOf({ image })).toMatchObject({ imagePullPolicy: policy })
  })

  it.each<readonly [string, JsonObject, JsonObject]>([
    [
      "requests from limits, key by key",
      { resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "0.5" } } },
      { resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m", memory: "1Gi" } } }
    ],
    [
      "quantities rounded up to thousandths",
      { resources: { requests: { cpu: "100.5m" } } },
      { resources: { requests: { cpu: "101m" } } }
    ],
    [
      "a number for a quantity",
      { resources: { requests: { cpu: 1, memory: 1048576 } } },
      { resources: { requests: { cpu: "1", memory: "1048576" } } }
    ],
    ["a port's protocol", { ports: [{ containerPort: 80 }] }, { ports: [{ containerPort: 80, protocol: "TCP" }] }],
    [
      "a probe's numbers (S-202, S-203, S-204)",
      { livenessProbe: { httpGet: { port: 80 } } },
      {
        livenessProbe: {
          httpGet: { path: "/", port: 80, scheme: "HTTP" },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3
        }
      }
    ],
    [
      "a grpc probe's service",
      { startupProbe: { grpc: { port: 1 } } },
      { startupProbe: { grpc: { port: 1, service: "" } } }
    ],
    [
      "the version of a field reference",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
      { env: [{ name: "A", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } }] }
    ]
  ])("gets %s", (_, given, made) => {
    expect(containerOf(given)).toMatchObject(made)
  })

  it("S-017: keeps stdin, stdinOnce and tty, and is given none of them", () => {
    const interactive = { stdin: true, stdinOnce: true, tty: true }
    expect(containerOf(interactive)).toMatchObject(interactive)
    const plain = containerOf({})
    expect(Object.keys(interactive).filter((field) => Object.hasOwn(plain, field))).toEqual([])
  })

  it("takes host ports from container ports on the host's network", () => {
    const pod = stored(manifest({ hostNetwork: true, containers: [container({ ports: [{ containerPort: 80 }] })] }))
    expect(pod.spec.containers[0]?.["ports"]).toEqual([{ hostPort: 80, containerPort: 80, protocol: "TCP" }])
  })

  it("S-316: gives volumes their modes, and one without a source an emptyDir", () => {
    const volumes = [
      { name: "a" },
      { name: "b", configMap: { name: "m" } },
      { name: "c", hostPath: { path: "/x" } },
      { name: "d", secret: { secretName: "s", defaultMode: 0 } },
      { name: "e", emptyDir: {} }
    ]
    expect(stored(manifest({ volumes })).spec.volumes?.slice(0, 5)).toEqual([
      { name: "a", emptyDir: {} },
      { name: "b", configMap: { name: "m", defaultMode: 420 } },
      { name: "c", hostPath: { path: "/x", type: "" } },
      { name: "d", secret: { secretName: "s", defaultMode: 0 } },
      { name: "e", emptyDir: {} }
    ])
  })

  it("derives pod-level requests from containers, then from limits", () => {
    const pod = stored(
      manifest({
        resources: { limits: { cpu: "2", memory: "2Gi" } },
        containers: [container({ resources: { requests: { cpu: "500m" } } })]
      })
    )
    expect(pod.spec["resources"]).toEqual({
      limits: { cpu: "2", memory: "2Gi" },
      requests: { cpu: "500m", memory: "2Gi" }
    })
  })

  it("has no token where it does not want one (C-009)", () => {
    const pod = stored(manifest({ automountServiceAccountToken: false }))
    expect([pod.spec.volumes, pod.spec.containers[0]?.volumeMounts]).toEqual([undefined, undefined])
  })

  it("has none where its account does not want one and it says nothing itself (C-009)", () => {
    const serviceAccounts = () => ({ automountServiceAccountToken: false })
    const volumes = (spec: JsonObject) => {
      const created = createPod(manifest(spec), { ...names, serviceAccounts })
      return Result.isSuccess(created) ? created.success.spec.volumes?.length : created.failure
    }
    expect(volumes({})).toBeUndefined()
    expect(volumes({ automountServiceAccountToken: true })).toBe(1)
  })

  it("keeps a mount that is already at the token's path (C-011)", () => {
    const own = { name: "v", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }
    const pod = stored(
      manifest({ volumes: [{ name: "v", emptyDir: {} }], containers: [container({ volumeMounts: [own] })] })
    )
    expect([pod.spec.volumes?.length, pod.spec.containers[0]?.volumeMounts?.length]).toEqual([1, 1])
  })

  it("tolerates what it says itself, and is given the rest (C-013)", () => {
    const keys = (tolerations: ReadonlyArray<JsonObject>) =>
      stored(manifest({ tolerations })).spec.tolerations?.map(({ key }) => key)
    expect(
      keys([{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 3 }])
    ).toEqual(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
    expect(keys([{ operator: "Exists" }])).toEqual([undefined])
  })

  it("counts a client's status and server-side metadata for nothing (K-233)", () => {
    const pod = stored({
      ...manifest({}, { uid: "mine", generation: 9, deletionTimestamp: "2020-01-01T00:00:00Z" }),
      status: { phase: "Running" }
    })
    expect([pod.metadata.uid, pod.metadata.generation, pod.metadata.deletionTimestamp, pod.status.phase]).toEqual([
      "u-1",
      1,
      undefined,
      "Pending"
    ])
  })

  it("waits for its scheduling gates (C-027)", () => {
    expect(stored(manifest({ schedulingGates: [{ name: "g" }] })).status.conditions).toEqual([
      {
        type: "PodScheduled",
        status: "False",
        lastProbeTime: null,
        lastTransitionTime: "2026-01-01T00:00:00Z",
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates"
      }
    ])
  })

  it("is named after generateName (C-022)", () => {
    const { metadata } = stored(manifest({}, { name: undefined, generateName: "web-" }))
    expect([metadata.name, metadata.generateName]).toEqual([`web-${names.nameSuffix}`, "web-"])
    expect(generateName("x".repeat(80), "bcdfg")).toHaveLength(63)
  })

  it("is what it was when it is stored again", () => {
    const once = stored(manifest({ containers: [container({ livenessProbe: { exec: { command: ["x"] } } })] }))
    expect(stored(once)).toEqual(once)
  })
})
