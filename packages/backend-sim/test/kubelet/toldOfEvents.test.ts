/** What users of Kubernetes are told of Events: what they are, of which type, and in which order a pod's come. */
import type { ClusterEvent, KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podManifest, podMoments, simulate, timedEvents } from "../given.ts"

const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
const apply = (spec: object) => ({ at: "0s", apply: { ...podManifest("p", []), spec } })
const container = (name: string, more: object = {}) => ({ name, image: "busybox:1", ...more })

describe("Events", () => {
  const images = [
    { image: "busybox:1", present: true },
    { image: "*", pull: "1s" }
  ]
  const eventsOf = (facts: ReadonlyArray<ClusterEvent>) =>
    facts.flatMap((fact) => {
      const object = fact._tag === "ObjectChanged" ? (fact.object as unknown as KubernetesObject) : undefined
      return object?.kind === "Event" ? [object] : []
    })
  const reasons = (facts: ReadonlyArray<ClusterEvent>) =>
    timedEvents(facts).map((line) => line.split(" ").slice(1, 3).join(" "))
  const plain = simulate({
    nodes: zero,
    images,
    steps: [
      apply({ containers: [container("main", { image: "nginx:1" })] }),
      { at: "20s", delete: { kind: "Pod", name: "p" } }
    ],
    until: "90s"
  })

  it("S-368: of a plain pod: Scheduled, Pulling, Pulled, Created, Started", () => {
    expect(reasons(plain).slice(0, 5)).toEqual([
      "Scheduled Successfully",
      "Pulling main",
      "Pulled main",
      "Created main",
      "Started main"
    ])
  })

  it("S-369: with init containers: the same of each of them first; a present image is not pulled", () => {
    const facts = simulate({
      nodes: zero,
      images,
      runs: { i: [{ exitAfter: "1s" }], j: [{ exitAfter: "1s" }] },
      steps: [
        apply({
          initContainers: [container("i", { image: "i:1" }), container("j", { image: "j:1" })],
          containers: [container("a"), container("b", { image: "b:1" })]
        })
      ],
      until: "30s"
    })
    const pulled = (name: string) => ["Pulling", "Pulled", "Created", "Started"].map((reason) => `${reason} ${name}`)
    expect(reasons(facts)).toEqual([
      "Scheduled Successfully",
      ...pulled("i"),
      ...pulled("j"),
      ...pulled("a").slice(1),
      ...pulled("b")
    ])
  })

  it("S-364: are objects of their own, which outlive the pod that they are about", () => {
    expect(podMoments(plain).at(-1)?.change).toBe("DELETED")
    const events = eventsOf(plain)
    expect(new Set(events.map(({ apiVersion }) => apiVersion))).toEqual(new Set(["v1"]))
    for (const { metadata } of events) expect(metadata.uid).not.toBe(podMoments(plain)[0]?.pod.metadata.uid)
    const changes = plain.flatMap((fact) =>
      fact._tag === "ObjectChanged" && fact.object.kind === "Event" ? [fact.change] : []
    )
    expect(new Set(changes)).toEqual(new Set(["ADDED"]))
    expect(JSON.stringify(podMoments(plain))).not.toContain("Pulling image")
  })

  it("S-364: and are gone an hour later, the pod living on; the kubelet writes a new one of the old name when it has more to say", () => {
    const manifest = {
      containers: [container("main", { readinessProbe: { exec: { command: ["check"] }, periodSeconds: 300 } })]
    }
    const facts = simulate({
      nodes: zero,
      runs: {
        main: [
          {
            execs: [
              { command: ["check"], exitCode: 1, until: "30s" },
              { command: ["check"], exitCode: 1, from: "7000s" }
            ]
          }
        ]
      },
      steps: [apply(manifest)],
      until: "7400s"
    })
    const ofReason = (reason: string) =>
      facts.flatMap((fact) => {
        const object = fact._tag === "ObjectChanged" ? (fact.object as unknown as KubernetesObject) : undefined
        return fact._tag === "ObjectChanged" && object?.kind === "Event" && object.reason === reason
          ? [`${fact.change} x${object.count ?? 1}`]
          : []
      })
    expect(ofReason("Started")).toEqual(["ADDED x1", "DELETED x1"])
    const unhealthy = ofReason("Unhealthy")
    const gone = unhealthy.findIndex((line) => line.startsWith("DELETED"))
    expect(gone).toBeGreaterThan(0)
    const before = Number(unhealthy[gone]?.split("x")[1])
    expect(unhealthy[gone + 1]).toBe(`ADDED x${before + 1}`)
    expect(podMoments(facts).at(-1)?.pod.status.phase).toBe("Running")
  })

  it("S-367: are Normal or a Warning, and nothing else", () => {
    const failing = simulate({
      nodes: zero,
      images: [{ image: "busybox:1", present: true }],
      runs: { a: [{ exitAfter: "1s", exitCode: 1 }] },
      steps: [apply({ containers: [container("a"), container("b", { image: "missing:1" })] })],
      until: "60s"
    })
    const types = new Map(eventsOf(failing).map(({ reason, type }) => [`${reason}`, type]))
    expect(new Set(types.values())).toEqual(new Set(["Normal", "Warning"]))
    expect(Object.fromEntries(types)).toMatchObject({ Scheduled: "Normal", Started: "Normal", Failed: "Warning" })
  })
})
