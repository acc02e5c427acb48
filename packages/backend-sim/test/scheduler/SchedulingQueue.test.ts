import { type Instant, type PluginName, type PodInfo, type PodObject, podInfoOf, SECOND } from "@kubereel/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type QueuedPod, SchedulingQueue } from "../../src/scheduler/SchedulingQueue.ts"

const START = 1_767_225_600_000_000

const info = (uid: string, priority = 0): PodInfo =>
  podInfoOf({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: uid, uid },
    spec: { containers: [], priority },
    status: {}
  })

const onNode = (pod: PodObject): PodObject => ({ ...pod, spec: { ...pod.spec, nodeName: "n" } })

const at = (seconds: number) => Math.round(START + seconds * SECOND) as Instant
const room: ReadonlySet<PluginName> = new Set(["NodeResourcesFit"])
const gone = { _tag: "AssignedPodDeleted", pod: { ...info("other"), pod: onNode(info("other").pod) } } as const

const popped = (queue: SchedulingQueue): QueuedPod => {
  const pod = queue.pop()
  if (pod === undefined) throw new Error("nobody is ready")
  return pod
}

const step = fc.oneof(
  fc.record({ do: fc.constant("add" as const), pod: fc.nat(5), priority: fc.nat(2) }),
  fc.record({ do: fc.constantFrom("pop" as const, "change" as const) }),
  fc.record({ do: fc.constant("refuse" as const), error: fc.boolean() }),
  fc.record({ do: fc.constant("delete" as const), pod: fc.nat(5) }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(0, 0.4, 1, 7, 301) })
)

describe("the scheduling queue", () => {
  it("gives pods by priority, then by the time at which they came", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(4)), { maxLength: 40 }), (pods) => {
        const queue = new SchedulingQueue()
        for (const [index, [priority]] of pods.entries()) queue.add(info(`p${index}`, priority), at(index))
        const expected = pods
          .map(([priority], index) => ({ uid: `p${index}`, priority, index }))
          .sort((a, b) => b.priority - a.priority || a.index - b.index)
        expect(pods.map(() => popped(queue).info.uid)).toEqual(expected.map(({ uid }) => uid))
      })
    )
  })

  it("never loses a pod, never holds one twice, whatever happens", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = new SchedulingQueue()
        const [inside, out] = [new Set<string>(), new Map<string, QueuedPod>()]
        let now = 0
        for (const step of steps) {
          if (step.do === "add" && !out.has(`p${step.pod}`)) {
            queue.add(info(`p${step.pod}`, step.priority), at(now))
            inside.add(`p${step.pod}`)
          } else if (step.do === "pop") {
            const pod = queue.pop()
            if (pod !== undefined) {
              expect(inside.delete(pod.info.uid)).toBe(true)
              out.set(pod.info.uid, pod)
            }
          } else if (step.do === "refuse") {
            const [pod] = out.values()
            if (pod === undefined) continue
            out.delete(pod.info.uid)
            queue.giveBack(pod, step.error ? new Set() : room, at(now))
            inside.add(pod.info.uid)
          } else if (step.do === "change") queue.move(gone, at(now))
          else if (step.do === "delete") {
            queue.delete(`p${step.pod}`)
            inside.delete(`p${step.pod}`)
          } else if (step.do === "wait") now += step.seconds
          for (let pod = 0; pod <= 5; pod++) expect(queue.has(`p${pod}`)).toBe(inside.has(`p${pod}`))
        }
        // In the end each is ready: the pool is let go, and the errors are long over.
        queue.sweepPool(at(now + 1_000))
        queue.flushErrors(at(now + 1_000))
        const rest = Array.from(inside, () => popped(queue).info.uid)
        expect(new Set(rest)).toEqual(inside)
        expect([queue.pop(), queue.oldestInPool, queue.nextFlush, queue.awaitsDeletion]).toEqual([
          undefined,
          undefined,
          undefined,
          false
        ])
      })
    )
  })

  it("C-231, C-407: lets a pod that was turned down be tried early when nobody else is ready", () => {
    const queue = new SchedulingQueue()
    queue.add(info("p"), at(0))
    queue.giveBack(popped(queue), room, at(0))
    expect([queue.pop(), queue.oldestInPool, queue.awaitsDeletion]).toEqual([undefined, at(0), true])
    queue.move(gone, at(0.2))
    queue.add(info("new"), at(0.3))
    expect([popped(queue).info.uid, popped(queue).info.uid]).toEqual(["new", "p"])
  })

  it("C-230: makes an error wait: 1, 2, 4, 8, then 10 seconds, down to the second and over its end", () => {
    const queue = new SchedulingQueue()
    queue.add(info("p"), at(0))
    let pod = popped(queue)
    const waits: Array<number> = []
    for (let errors = 1, now = 0.5; errors <= 6; errors++) {
      queue.giveBack(pod, new Set(), at(now))
      queue.move(gone, at(now))
      expect(queue.pop()).toBeUndefined()
      const due = ((queue.nextFlush ?? 0) - START) / SECOND
      queue.flushErrors(at(due - 0.000_001))
      expect(queue.pop()).toBeUndefined()
      queue.flushErrors(at(due))
      pod = popped(queue)
      waits.push(due - Math.floor(now))
      now = due + 0.5
    }
    expect(waits).toEqual([2, 3, 5, 9, 11, 11])
  })

  it("lets go what has been in the pool for more than five minutes", () => {
    const queue = new SchedulingQueue()
    queue.add(info("p"), at(0))
    queue.giveBack(popped(queue), room, at(0))
    queue.sweepPool(at(300))
    expect(queue.pop()).toBeUndefined()
    queue.sweepPool(at(300.000_001))
    expect(popped(queue).info.uid).toBe("p")
  })
})
