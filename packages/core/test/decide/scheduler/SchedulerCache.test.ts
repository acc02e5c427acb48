import fc from "fast-check"
import { expect, it } from "vitest"
import { isNode, type NodeObject, nodeInfoOf, type PodInfo, podInfoOf } from "../../../src/decide/scheduler/NodeInfo.ts"
import { SchedulerCache } from "../../../src/decide/scheduler/SchedulerCache.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"

const node = (name: string, cpu: string): NodeObject => {
  const object: KubernetesObject = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {},
    status: { allocatable: { cpu, memory: "1Gi", pods: "10" } }
  }
  if (!isNode(object)) throw new Error("not a node")
  return object
}

const pod = (uid: string, cpu: number): PodInfo =>
  podInfoOf({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: uid, uid },
    spec: { containers: [{ name: "main", image: "i", resources: { requests: { cpu: `${cpu}m`, "x/y": "1" } } }] },
    status: {}
  })

const nodeName = fc.constantFrom("a", "b", "c")
const uid = fc.constantFrom("p", "q", "r", "s")
const change = fc.oneof(
  fc.record({ do: fc.constant("putPod" as const), uid, nodeName, cpu: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant("removePod" as const), uid }),
  fc.record({ do: fc.constant("putNode" as const), nodeName, cpu: fc.constantFrom("1", "2") }),
  fc.record({ do: fc.constant("removeNode" as const), nodeName })
)

it("knows of every node what a count from scratch would say, in whatever order things are heard", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const cache = new SchedulerCache()
      const [nodes, pods] = [new Map<string, NodeObject>(), new Map<string, { info: PodInfo; nodeName: string }>()]
      for (const change of changes) {
        if (change.do === "putPod") {
          const info = pod(change.uid, change.cpu)
          cache.putPod(info, change.nodeName)
          pods.set(change.uid, { info, nodeName: change.nodeName })
        } else if (change.do === "removePod") {
          cache.removePod(change.uid)
          pods.delete(change.uid)
        } else if (change.do === "putNode") {
          cache.putNode(node(change.nodeName, change.cpu))
          nodes.set(change.nodeName, node(change.nodeName, change.cpu))
        } else {
          cache.removeNode(change.nodeName)
          nodes.delete(change.nodeName)
        }
        for (const known of cache.nodes) {
          const here = [...pods.values()].filter(({ nodeName }) => nodeName === known.name).map(({ info }) => info)
          const fresh = nodeInfoOf(nodes.get(known.name) ?? node("", ""), here)
          expect(known.allocatable).toEqual(fresh.allocatable)
          expect({ ...known.requested, scalar: known.requested.scalar["x/y"] ?? 0 }).toEqual({
            ...fresh.requested,
            scalar: fresh.requested.scalar["x/y"] ?? 0
          })
          expect(known.nonZero.milliCPU).toBe(fresh.nonZero.milliCPU)
          expect(new Set(known.pods.keys())).toEqual(new Set(fresh.pods.keys()))
        }
        expect(new Set(cache.nodes.map(({ name }) => name))).toEqual(new Set(nodes.keys()))
      }
    })
  )
})
