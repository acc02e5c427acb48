/** What a kubelet's pods take together, counted as they come and go. */
import type { PodObject } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { KnownPods } from "../../src/kubelet/KnownPods.ts"

const pod = (uid: string, cpu: number): PodObject => {
  const resources = { requests: { cpu: `${cpu}m` } }
  const spec = { containers: [{ name: "main", image: "busybox:1", resources }] }
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: uid, namespace: "test", uid },
    spec,
    status: {}
  } as PodObject
}

describe("the pods that a kubelet knows", () => {
  it("take together what those take that are there, whatever came and went", () => {
    const step = fc.record({ uid: fc.constantFrom("a", "b", "c"), cpu: fc.nat(900), goes: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const [known, there] = [new KnownPods(true), new Map<string, number>()]
        for (const { cpu, goes, uid } of steps) {
          if (goes) known.delete(uid)
          else if (!known.has(uid)) known.set(pod(uid, cpu))
          if (goes) there.delete(uid)
          else if (!there.has(uid)) there.set(uid, cpu)
        }
        const taken = known.takenBeside(pod("another", 1))
        expect(taken?.pods).toBe(there.size)
        expect(taken?.requested.milliCPU).toBe([...there.values()].reduce((sum, cpu) => sum + cpu, 0))
      })
    )
  })

  it("do not count the pod that is asked for", () => {
    const known = new KnownPods(true)
    const [a, b] = [pod("a", 100), pod("b", 200)]
    for (const one of [a, b]) known.set(one)
    expect(known.takenBeside(a)).toMatchObject({ pods: 1, requested: { milliCPU: 200 } })
  })

  it("are not added up once one has another spec, nor by a process that found pods with grants", () => {
    const known = new KnownPods(true)
    known.set(pod("a", 100))
    known.set({ ...pod("a", 100), spec: pod("a", 300).spec })
    expect(known.takenBeside(pod("b", 1))).toBeUndefined()
    expect(new KnownPods(false).takenBeside(pod("b", 1))).toBeUndefined()
  })
})
