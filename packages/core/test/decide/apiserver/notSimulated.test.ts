/** What a simulation cannot do is named. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { notSimulated } from "../../../src/decide/apiserver/notSimulated.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { decodeScenario } from "../../../src/port/decodeScenario.ts"
import { notSimulatedScenario } from "../../../src/port/notSimulatedScenario.ts"
import { container, manifest, stored } from "./pods.ts"

const named = (object: JsonObject) =>
  notSimulated(object as KubernetesObject).map((sentence) => sentence.replace("not simulated: ", ""))

describe("notSimulated", () => {
  it("has nothing to say of a plain pod, as it is written and as it is stored", () => {
    const plain = manifest({
      containers: [
        container({
          command: ["x"],
          env: [{ name: "A", value: "b" }],
          resources: { limits: { cpu: "1" } },
          imagePullPolicy: "Always"
        })
      ],
      restartPolicy: "Never",
      activeDeadlineSeconds: 5,
      nodeSelector: { a: "b" },
      tolerations: [{ operator: "Exists" }]
    })
    expect([
      named(plain),
      named(stored(plain)),
      named({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } })
    ]).toEqual([[], [], []])
  })

  it.each<readonly [JsonObject, ReadonlyArray<string>]>([
    [
      manifest({
        containers: [container(), container({ name: "d", volumeDevices: [], lifecycle: { preStop: { other: {} } } })]
      }),
      ["spec.containers[1].volumeDevices", "spec.containers[1].lifecycle.preStop.other"]
    ],
    [
      manifest({
        initContainers: [container({ volumeDevices: [] })],
        affinity: { nodeAffinity: {}, podAffinity: {}, hostAffinity: {} },
        shareProcessNamespace: true,
        dnsPolicy: "ClusterFirst"
      }),
      ["spec.initContainers[0].volumeDevices", "spec.affinity.hostAffinity", "spec.shareProcessNamespace"]
    ],
    [
      manifest({
        volumes: [{ name: "v", nfs: { server: "s", path: "/" } }],
        priorityClassName: "high",
        schedulerName: "mine"
      }),
      ["spec.volumes[0].nfs", "spec.schedulerName"]
    ],
    [
      manifest({
        containers: [
          container({
            ports: [{ containerPort: 80, hostPort: 80 }],
            terminationMessagePolicy: "FallbackToLogsOnError",
            volumeDevices: []
          })
        ]
      }),
      ["spec.containers[0].volumeDevices"]
    ],
    [{ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "d" } }, ["kind Ingress"]]
  ])("names what it does not act upon in %j", (object, expected) => {
    expect(named(object)).toEqual(expected)
  })
})

describe("notSimulatedScenario", () => {
  const sentences = (spec: JsonObject) => {
    const decoded = decodeScenario({
      apiVersion: "kubereel.dev/v1alpha1",
      kind: "Scenario",
      metadata: { name: "s" },
      spec: { until: "1m", ...spec }
    })
    if (Result.isFailure(decoded)) throw new Error(JSON.stringify(decoded.failure))
    return notSimulatedScenario(decoded.success)
  }

  it("has nothing to say of what the simulator does", () => {
    expect(
      sentences({
        images: [{ image: "*", present: true }],
        programs: [{ runs: [{ exitAfter: "1s", exitCode: 1, oom: true, onTerm: "ignore" }] }],
        steps: [
          { at: "0s", apply: manifest() },
          { at: "1s", kill: { pod: "p", container: "c" } },
          { at: "2s", delete: { kind: "Pod", name: "p" } },
          { at: "3s", patch: { kind: "Node", name: "n", patch: {} } },
          { at: "3s", evict: { pod: "p" } }
        ]
      })
    ).toEqual([])
  })

  it("has nothing to say of a pod without a spec: the API server refuses it", () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }
    expect(sentences({ steps: [{ at: "0s", apply: pod }] })).toEqual([])
  })

  it("names whom programs ask outside of the cluster", () => {
    const of = (...urls: ReadonlyArray<string>) =>
      sentences({ programs: [{ runs: [{}, { needs: { calls: urls.map((url) => ({ url })) } }] }] })
    expect(
      of("http://db", "http://db.s", "http://db.other.svc", "http://db-0.db.s.svc.cluster.local", "http://10.96.0.1")
    ).toEqual([])
    expect(of("http://example.com/a", "http://example.com/b", "tcp://192.0.2.1:1")).toEqual([
      "not simulated: spec.programs[0].runs[1]: calls to example.com, which is outside of the cluster: nobody answers there",
      "not simulated: spec.programs[0].runs[1]: calls to 192.0.2.1, which is outside of the cluster: nobody answers there"
    ])
  })

  it("names repositories where a kubelet would still clone them", () => {
    const pod = manifest({ volumes: [{ name: "v", gitRepo: { repository: "https://git.example/r.git" } }] })
    const of = (kubernetes: string) =>
      sentences({ kubernetes, images: [{ image: "*" }], steps: [{ at: "0s", apply: pod }] })
    expect(of("1.32")).toEqual(["not simulated: cloning a repository (Pod p)"])
    expect(of("1.33")).toEqual([])
  })

  it("names parts of runs, steps and manifests, each once", () => {
    expect(
      sentences({
        images: [{ image: "*" }],
        programs: [{ runs: [{ http: [{ port: 80 }], cpu: [{ at: "1s", usage: "1" }], terminationMessage: "m" }] }],
        steps: [
          { at: "0s", apply: [manifest({ shareProcessNamespace: true }), manifest({ shareProcessNamespace: true })] },
          { at: "5s", patch: { kind: "Ingress", name: "i", patch: {} } },
          { at: "6s", delete: { kind: "Ingress", name: "i", propagationPolicy: "Foreground" } }
        ]
      })
    ).toEqual([
      "not simulated: spec.shareProcessNamespace (Pod p)",
      "not simulated: the step at 5s: patch of a Ingress",
      "not simulated: the step at 6s: delete of a Ingress"
    ])
  })
})
