/** Volumes whose content is an image. */
import type { ClusterEvent } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { containerState, podManifest, podMessages, podMoments, simulate, waitingReasons, when } from "../given.ts"

const there = { image: "busybox:1", present: true }
const volume = (reference: string, policy: object = {}) => ({ name: "data", image: { reference, ...policy } })
const mounting = (name: string) => ({ name, image: "busybox:1", volumeMounts: [{ name: "data", mountPath: "/data" }] })
const pod = (spec: object) => ({ at: "0s", apply: { ...podManifest("p", []), spec } })
const aboutPod = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  facts.flatMap((fact) => {
    const object = fact._tag === "ObjectChanged" ? JSON.parse(JSON.stringify(fact.object)) : {}
    const own = object.kind === "Event" && object.involvedObject.fieldPath === undefined
    return own && object.involvedObject.kind === "Pod" ? [`${object.reason}: ${object.message}`] : []
  })

describe("an image volume whose image is in the registry", () => {
  const facts = simulate({
    images: [there, { image: "data:1", pull: "3s", size: 700 }],
    steps: [pod({ volumes: [volume("data:1")], containers: [mounting("main")] })],
    until: "20s"
  })
  const moments = podMoments(facts)

  it("K-332: is pulled before any container starts, with Events about the pod", () => {
    expect(aboutPod(facts).slice(0, 3)).toEqual([
      "Scheduled: Successfully assigned test/p to n-1",
      'Pulling: Pulling image "data:1"',
      expect.stringMatching(
        /^Pulled: Successfully pulled image "data:1" in 3s \(3s including waiting\)\. Image size: 700 bytes\.$/
      )
    ])
    expect(when(moments, (one) => containerState(one) === "running").seconds).toBeGreaterThan(3)
  })

  it("S-008: is reported as a mount like any other", () => {
    const { status } = when(moments, (one) => containerState(one) === "running").pod
    expect(status.containerStatuses?.[0]?.volumeMounts?.[0]).toEqual({ name: "data", mountPath: "/data" })
  })

  it("K-332: is looked for again in every later sync", () => {
    const again = 'Pulled: Container image "data:1" already present on machine and can be accessed by the pod'
    expect(aboutPod(facts).filter((event) => event === again).length).toBeGreaterThan(0)
  })

  it("K-332: with policy Always it is pulled again in every sync", () => {
    const always = simulate({
      images: [there, { image: "data", pull: "1s" }],
      steps: [pod({ volumes: [volume("data")], containers: [mounting("main")] })],
      until: "20s"
    })
    expect(podMessages(always)).toContainEqual(expect.stringMatching(/^Pulling x([2-9]|\d\d): Pulling image "data"$/))
    expect(podMoments(always)[0]?.pod.spec.volumes?.[0]?.["image"]).toEqual({ reference: "data", pullPolicy: "Always" })
  })
})

describe("K-387: an image volume whose image is nowhere", () => {
  const missing = [there, { image: "data:1", error: "NotFound" }]
  const facts = simulate({
    images: missing,
    steps: [
      pod({
        volumes: [volume("data:1")],
        containers: [mounting("main"), { name: "other", image: "busybox:1" }]
      })
    ],
    until: "40s"
  })

  it("stops the containers that mount it, for the reason of the pull, and no other", () => {
    expect(waitingReasons(podMoments(facts)).slice(0, 3)).toEqual([
      "ContainerCreating",
      "ErrImagePull",
      "ImagePullBackOff"
    ])
    const { pod: last } = podMoments(facts).at(-1) ?? { pod: undefined }
    expect(last?.status.phase).toBe("Pending")
    expect(last === undefined ? "" : containerState(last, "other")).toBe("running")
  })

  it("the failed pull is the pod's Event, the failed start the container's", () => {
    const messages = podMessages(facts).map((event) => event.replace(/ x\d+/, ""))
    expect(messages).toEqual(
      expect.arrayContaining([
        'Pulling: Pulling image "data:1"',
        expect.stringMatching(/^Failed: Failed to pull image "data:1": rpc error: code = NotFound /),
        "Failed: Error: ErrImagePull",
        'BackOff: Back-off pulling image "data:1"',
        "Failed: Error: ImagePullBackOff"
      ])
    )
    expect(aboutPod(facts)).toContain('BackOff: Back-off pulling image "data:1"')
    expect(aboutPod(facts)).not.toContain("Failed: Error: ErrImagePull")
  })

  it("an init container that mounts it keeps all others from starting", () => {
    const init = simulate({
      images: missing,
      steps: [
        pod({
          volumes: [volume("data:1", { pullPolicy: "Never" })],
          initContainers: [mounting("i")],
          containers: [mounting("main")]
        })
      ],
      until: "20s"
    })
    const { status } = podMoments(init).at(-1)?.pod ?? {}
    expect(status?.initContainerStatuses?.[0]?.state?.waiting).toEqual({
      reason: "ErrImageNeverPull",
      message: 'Container image "data:1" is not present with pull policy of Never'
    })
    expect(status?.containerStatuses?.[0]?.state?.waiting).toEqual({ reason: "PodInitializing" })
  })

  it("a version without the gate ImageVolume stores neither the volume nor its mounts", () => {
    const old = simulate({
      images: missing,
      kubernetes: "1.34",
      steps: [
        pod({ volumes: [volume("data:1")], containers: [mounting("main")], automountServiceAccountToken: false })
      ],
      until: "9s"
    })
    const last = podMoments(old).at(-1)?.pod
    expect([last?.spec.volumes, last?.spec.containers[0]?.volumeMounts, last?.status.phase]).toEqual([
      undefined,
      undefined,
      "Running"
    ])
  })
})
