/** A cluster behaves as the version that its scenario names. */
import { isPod, type KubernetesObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { Cluster } from "../src/Cluster.ts"
import { podManifest, podMoments, scenario, simulate, when } from "./given.ts"

const given = (kubernetes?: string) => ({
  ...(kubernetes === undefined ? {} : { kubernetes }),
  steps: [{ at: "0s", apply: podManifest("p", ["main"]) }],
  until: "5s"
})

const objects = (kubernetes: string): ReadonlyArray<KubernetesObject> =>
  simulate(given(kubernetes)).flatMap((fact) =>
    fact._tag === "ObjectChanged" ? [fact.object as unknown as KubernetesObject] : []
  )

/** Of the Events about the pod. */
const told = (kubernetes: string, field: "reason" | "message"): ReadonlyArray<unknown> =>
  objects(kubernetes).flatMap((object) =>
    object.kind === "Event" && (object["involvedObject"] as { kind?: string }).kind === "Pod" ? [object[field]] : []
  )

describe("spec.kubernetes", () => {
  it("S-372, X-27: chooses the words of Events", () => {
    const words = (kubernetes: string, present: string, ...more: ReadonlyArray<string>) =>
      expect(told(kubernetes, "message")).toEqual([
        "Successfully assigned test/p to n-1",
        `Container image "busybox:1" already present on machine${present}`,
        ...more
      ])
    words("1.31", "", "Created container main", "Started container main")
    words("v1.34.2", "", "Created container: main", "Started container main")
    words("1.36", " and can be accessed by the pod", "Container created", "Container started")
  })

  it("S-372: and leaves their reasons as they are", () => {
    for (const kubernetes of ["1.31", "1.34", "1.36"])
      expect(told(kubernetes, "reason")).toEqual(["Scheduled", "Pulled", "Created", "Started"])
  })

  it("is what the node's kubelet calls itself", () => {
    const version = (kubernetes: string) => objects(kubernetes).find(({ kind }) => kind === "Node")?.status
    expect(version("1.34")).toMatchObject({ nodeInfo: { kubeletVersion: "v1.34.0" } })
    expect(version("v1.36.3")).toMatchObject({ nodeInfo: { kubeletVersion: "v1.36.3" } })
  })

  it("K-209: a pod has a generation since 1.33, and reports which it knows since 1.34", () => {
    const last = (kubernetes: string) => objects(kubernetes).filter(isPod).at(-1)
    expect(last("1.32")?.metadata.generation).toBeUndefined()
    expect(last("1.33")?.metadata.generation).toBe(1)
    expect(JSON.stringify(last("1.33"))).not.toContain("observedGeneration")
    expect(last("1.34")?.status.observedGeneration).toBe(1)
    expect(last("1.34")?.status.conditions?.every((one) => one.observedGeneration === 1)).toBe(true)
  })

  it("K-016: before PLEGOnDemandRelist a start is seen at the next relist", () => {
    const seen = (kubernetes: string): number =>
      [0, 1, 2, 3, 4, 5].reduce((sum, seed) => {
        const moments = podMoments(simulate({ ...given(kubernetes), until: "8s" }, seed))
        return sum + when(moments, (pod) => pod.status.phase === "Running").seconds
      }, 0) / 6
    expect(seen("1.35") - seen("1.36")).toBeGreaterThan(0.2)
  })

  it("K-055: the sandbox is reported in a patch of its own since 1.36", () => {
    const alone = (kubernetes: string): boolean =>
      podMoments(simulate(given(kubernetes))).some(
        ({ pod }) =>
          pod.status.conditions?.some(
            ({ type, status }) => type === "PodReadyToStartContainers" && status === "True"
          ) === true && pod.status.containerStatuses?.[0]?.state?.waiting !== undefined
      )
    expect([alone("1.35"), alone("1.36")]).toEqual([false, true])
  })

  it("K-071: refuses a container's own restart policy before ContainerRestartRules, in Kubernetes' words", () => {
    const answer = (kubernetes: string) => {
      const made = scenario({ ...given(kubernetes), steps: [] })
      const cluster = new Cluster(made)
      const main = { name: "main", image: "busybox:1", restartPolicy: "OnFailure" }
      const pod = { ...podManifest("p", []), spec: { containers: [main], restartPolicy: "Never" } }
      const [intention] = scenario({ ...given(kubernetes), steps: [{ at: "0s", apply: pod }] }).steps
      const answers = intention === undefined ? undefined : cluster.submit(intention.intention)
      return answers?.map(({ body, status }) => [status, (body as { readonly message?: string }).message])
    }
    expect(answer("1.33")).toEqual([
      [422, 'Pod "p" is invalid: spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers']
    ])
    expect(answer("1.34")).toEqual([[201, undefined]])
  })

  it("K-360: resizes a container in place since InPlacePodVerticalScaling", () => {
    const sized = (cpu: string) => ({ requests: { cpu } })
    const main = { name: "main", image: "busybox:1", resources: sized("100m") }
    const apply = { ...podManifest("p", []), spec: { containers: [main] } }
    const patch = { spec: { containers: [{ name: "main", resources: sized("200m") }] } }
    const resize = { kind: "Pod", name: "p", subresource: "resize", type: "strategic", patch }
    const steps = [
      { at: "0s", apply },
      { at: "4s", patch: resize }
    ]
    const asked = (kubernetes: string) =>
      podMoments(simulate({ kubernetes, steps, until: "10s" })).at(-1)?.pod.spec.containers[0]?.resources
    expect(asked("1.32")).toEqual(sized("100m"))
    expect(asked("1.33")).toEqual(sized("200m"))
  })

  it("of nothing is the newest; of a version that nobody knows is an error", () => {
    expect(simulate(given())).toEqual(simulate(given("v1.36.3")))
    expect(() => new Cluster({ ...scenario(given()), kubernetes: "1.28" })).toThrow('Kubernetes "1.28" is not known')
  })
})
