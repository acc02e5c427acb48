import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { evictionMessage } from "../../../../src/decide/kubelet/eviction/evictionMessage.ts"
import { localStorageViolation } from "../../../../src/decide/kubelet/eviction/localStorage.ts"
import { pressureLimit } from "../../../../src/decide/kubelet/eviction/pressure.ts"
import { rankPods } from "../../../../src/decide/kubelet/eviction/rankPods.ts"
import { observe, type PodStats } from "../../../../src/decide/kubelet/eviction/Stats.ts"
import { inEvictionOrder, noPressure, synchronize } from "../../../../src/decide/kubelet/eviction/synchronize.ts"
import { type EvictionSettings, evictionConfig } from "../../../../src/decide/kubelet/eviction/Threshold.ts"
import { pressureConditions } from "../../../../src/decide/kubelet/nodestatus/pressureConditions.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { PodObject } from "../../../../src/event/KubernetesObject.ts"
import { pod } from "../../scheduler/objects.ts"
import { at } from "../given.ts"

const Mi = 1024 * 1024
const config = (settings: EvictionSettings = {}) => Result.getOrThrow(evictionConfig(settings))
const node = (left: { memory?: number; disk?: number; pids?: number }) => {
  const capacity = { memory: 4096 * Mi, disk: 100_000 * Mi, pids: 4_194_304 }
  const outside = {
    memory: capacity.memory - (left.memory ?? 2048) * Mi,
    disk: capacity.disk - (left.disk ?? 50_000) * Mi,
    pids: capacity.pids - (left.pids ?? 1_000_000)
  }
  return observe({ capacity, outside, pods: { memory: 0, disk: 0, pids: 0 } })
}
const stats = (memory: number, more: Partial<PodStats> = {}): PodStats => ({
  containers: [{ name: "main", memory: memory * Mi, rootfs: 0, logs: 0 }],
  memory: memory * Mi,
  volumes: new Map(),
  processes: 2,
  ...more
})
const signals = (list: ReadonlyArray<{ readonly signal: string }>) => list.map(({ signal }) => signal)

describe("thresholds", () => {
  it("section 6.6: the defaults of 1.36, the pods' own cgroup beside the node's memory, and no others", () => {
    const texts = config().thresholds.map(({ signal, value }) =>
      value._tag === "Share" ? `${signal}<${value.share * 100}%` : `${signal}<${value.quantity.nano / 1_000_000_000n}`
    )
    expect(texts).toEqual([
      "memory.available<104857600",
      "nodefs.available<10%",
      "nodefs.inodesFree<5%",
      "imagefs.available<15%",
      "imagefs.inodesFree<5%",
      "allocatableMemory.available<104857600"
    ])
  })

  it("section 6.6: whoever sets evictionHard gets none of the defaults; 0% switches one off", () => {
    expect(signals(config({ evictionHard: { "pid.available": "1k", "nodefs.available": "0%" } }).thresholds)).toEqual([
      "pid.available"
    ])
  })

  it("says in the kubelet's words what it would not start with", () => {
    expect(evictionConfig({ evictionHard: { "memory.free": "1Gi" } })).toEqual(
      Result.fail("unsupported eviction signal memory.free")
    )
    expect(evictionConfig({ evictionSoft: { "memory.available": "1Gi" } })).toEqual(
      Result.fail("grace period must be specified for the soft eviction threshold memory.available")
    )
  })

  it("are crossed, held by what is still to be won back, and resolved", () => {
    const settings = config({
      evictionHard: { "memory.available": "100Mi" },
      evictionMinimumReclaim: { "memory.available": "400Mi" }
    })
    const look = (state = noPressure, memory = 2048, second = 0) =>
      synchronize(settings, state, node({ memory }), at(second))
    const calm = look()
    expect(calm.met).toEqual([])
    const crossed = look(calm, 99, 10)
    expect(signals(crossed.met)).toEqual(["memory.available"])
    const held = look(crossed, 499, 20)
    expect(signals(held.met)).toEqual(["memory.available"])
    expect(look(held, 500, 30).met).toEqual([])
  })

  it("section 6.6: a soft one counts only once it has been crossed for its grace period", () => {
    const soft = config({
      evictionSoft: { "memory.available": "1Gi" },
      evictionSoftGracePeriod: { "memory.available": "25s" }
    })
    let state = noPressure
    const met = [0, 10, 20, 30].map((second) => {
      state = synchronize(soft, state, node({ memory: 500 }), at(second))
      expect(state.conditions).toEqual(["MemoryPressure"])
      return signals(state.met)
    })
    expect(met).toEqual([[], [], [], ["memory.available"]])
  })

  it("section 6.6: a condition outlives its cause by five minutes", () => {
    const seen = synchronize(config(), noPressure, node({ memory: 50 }), at(0))
    const later = (second: number) => synchronize(config(), seen, node({}), at(second)).conditions
    expect(later(299)).toEqual(["MemoryPressure"])
    expect(later(300)).toEqual([])
  })

  it("K-280: memory is relieved before everything else, whatever chance says", () => {
    const { met } = synchronize(config(), noPressure, node({ disk: 1_000, memory: 50 }), at(0))
    for (const draw of [0, 0.5, 0.999]) expect(inEvictionOrder(met, () => draw)[0]?.signal).toBe("memory.available")
  })
})

describe("section 6.6: who goes first", () => {
  const named = (name: string, spec: JsonObject = {}, requests: { readonly [resource: string]: string } = {}) => {
    const one = pod(spec, requests)
    return { ...one, metadata: { ...one.metadata, name } }
  }
  const order = (
    signal: "memory.available" | "nodefs.available" | "pid.available",
    list: ReadonlyArray<readonly [PodObject, PodStats | undefined]>
  ) =>
    rankPods(
      signal,
      list.map(([one]) => one),
      (one) => list.find(([known]) => known === one)?.[1]
    ).map(({ metadata }) => metadata.name)

  it("memory: above the request, then low priority, then the largest excess", () => {
    expect(
      order("memory.available", [
        [named("within", { priority: -10 }, { memory: "1Gi" }), stats(900)],
        [named("small"), stats(10)],
        [named("large", {}, { memory: "100Mi" }), stats(500)],
        [named("important", { priority: 10 }), stats(2_000)]
      ])
    ).toEqual(["large", "small", "important", "within"])
  })

  it("a pod of which nothing is known goes before all others", () => {
    expect(
      order("memory.available", [
        [named("greedy"), stats(900)],
        [named("starting"), undefined]
      ])
    ).toEqual(["starting", "greedy"])
  })

  it("disk: what containers, logs and volumes take, beyond the request; a volume of memory is not on the disk", () => {
    const volumes = {
      volumes: [
        { name: "v", emptyDir: {} },
        { name: "m", emptyDir: { medium: "Memory" } }
      ]
    }
    const used = (v: number, m: number) =>
      stats(1, {
        volumes: new Map([
          ["v", v],
          ["m", m]
        ])
      })
    expect(
      order("nodefs.available", [
        [named("memory", volumes), used(5, 900)],
        [named("asked", volumes, { "ephemeral-storage": "1Ki" }), used(1_030, 0)],
        [named("most", volumes), used(50, 0)]
      ])
    ).toEqual(["most", "asked", "memory"])
  })

  it("processes: low priority, then the most", () => {
    expect(
      order("pid.available", [
        [named("few"), stats(1, { processes: 2 })],
        [named("many"), stats(1, { processes: 4 })],
        [named("low", { priority: -1 }), stats(1, { processes: 1 })]
      ])
    ).toEqual(["low", "many", "few"])
  })
})

describe("K-282: what an evicted pod is told", () => {
  const two = pod({
    containers: [
      { name: "a", image: "i", resources: { requests: { memory: "100Mi" } } },
      { name: "b", image: "i" }
    ]
  })
  const used = stats(0, {
    containers: [
      { name: "a", memory: 300 * Mi, rootfs: 0, logs: 0 },
      { name: "b", memory: 1_001, rootfs: 0, logs: 0 }
    ]
  })
  const observations = node({ memory: 50, disk: 1_000 })
  const { met: thresholds } = synchronize(config(), noPressure, observations, at(0))

  it("the threshold, what is left, and each container above its request", () => {
    expect(evictionMessage("memory", two, () => used, { thresholds, observations })).toEqual({
      message:
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. " +
        "Container a was using 300Mi, request is 100Mi, has larger consumption of memory. " +
        "Container b was using 1001, request is 0, has larger consumption of memory. ",
      annotations: {
        offending_containers: "a,b",
        offending_containers_usage: "300Mi,1001",
        starved_resource: "memory"
      }
    })
  })

  it("K-281, K-282: a pod with requests of its own is named before its containers", () => {
    const whole = pod({ resources: { requests: { memory: "200Mi" } } })
    const { annotations, message } = evictionMessage("memory", whole, () => stats(300), { thresholds, observations })
    expect(message).toContain(
      `available: 50Mi. Pod ${whole.metadata.name} was using 300Mi, request is 200Mi, has larger consumption of memory. Container main`
    )
    expect(annotations).toMatchObject({ offending_pod: whole.metadata.name, offending_pod_usage: "300Mi" })
  })

  it("a share of the disk in bytes; nothing more of a pod that is not known", () => {
    const disk = thresholds.filter(({ signal }) => signal === "nodefs.available")
    const words = evictionMessage("ephemeral-storage", two, () => undefined, { thresholds: disk, observations })
    expect(words).toEqual({
      message: "The node was low on resource: ephemeral-storage. Threshold quantity: 10485760156, available: 1000Mi. ",
      annotations: {}
    })
  })
})

describe("K-283: local storage", () => {
  const limited = (limit: string | undefined, volumes: ReadonlyArray<JsonObject> = []) =>
    pod({
      volumes,
      containers: [
        {
          name: "main",
          image: "i",
          ...(limit === undefined ? {} : { resources: { limits: { "ephemeral-storage": limit } } })
        }
      ]
    })
  const using = (rootfs: number, volumes: ReadonlyMap<string, number> = new Map()) =>
    stats(0, { containers: [{ name: "main", memory: 0, rootfs, logs: 0 }], volumes })

  it("a volume above its limit, to the byte", () => {
    const one = limited(undefined, [{ name: "v", emptyDir: { sizeLimit: "1Ki" } }])
    expect(localStorageViolation(one, using(0, new Map([["v", 1_024]])))).toBeUndefined()
    expect(localStorageViolation(one, using(0, new Map([["v", 1_025]])))).toBe(
      'Usage of EmptyDir volume "v" exceeds the limit "1Ki". '
    )
  })

  it("the pod as a whole speaks before its container", () => {
    expect(localStorageViolation(limited("1Mi"), using(2 * Mi))).toBe(
      "Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. "
    )
    const both = pod({
      containers: ["main", "other"].map((name) => ({
        name,
        image: "i",
        resources: { limits: { "ephemeral-storage": "1Mi" } }
      }))
    })
    expect(localStorageViolation(both, using(1.5 * Mi))).toBe(
      'Container main exceeded its local ephemeral storage limit "1Mi". '
    )
  })
})

it("section 8: conditions of pressure turn with reason, message, time and an Event, and keep their place", () => {
  const conditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({
    type,
    status: type === "Ready" ? "True" : "False",
    lastTransitionTime: "2025-01-01T00:00:00Z"
  }))
  const turned = pressureConditions(conditions, ["DiskPressure"], at(10))
  expect(turned.events).toEqual(["NodeHasDiskPressure"])
  expect(turned.conditions.map(({ status }) => status)).toEqual(["False", "True", "False", "True"])
  expect(turned.conditions[1]).toMatchObject({
    reason: "KubeletHasDiskPressure",
    message: "kubelet has disk pressure",
    lastTransitionTime: turned.conditions[1]?.["lastHeartbeatTime"]
  })
  expect(turned.conditions[0]).toMatchObject({ lastTransitionTime: "2025-01-01T00:00:00Z" })
  const back = pressureConditions(turned.conditions, [], at(20))
  expect(back.events).toEqual(["NodeHasNoDiskPressure"])
})

it("a scenario's pressure leaves half of the lowest threshold, and nothing happens without one", () => {
  expect(pressureLimit(config(), "memory", 4096 * Mi)).toBe(50 * Mi)
  expect(pressureLimit(config(), "disk", 1_000)).toBe(50)
  expect(pressureLimit(config(), "pids", 4_194_304)).toBeUndefined()
})
