/** What a pod gets from its RuntimeClass (`plugin/pkg/admission/runtimeclass/admission_test.go`, `pkg/util/tolerations/tolerations_test.go`). */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { admitRuntimeClass, refusedOverhead } from "../../../../src/decide/apiserver/admission/runtimeClass.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../../src/event/KubernetesObject.ts"

const classOf = (more: JsonObject): KubernetesObject => ({
  apiVersion: "node.k8s.io/v1",
  kind: "RuntimeClass",
  metadata: { name: "c" },
  handler: "h",
  ...more
})
const admitted = (spec: JsonObject, more: JsonObject) =>
  admitRuntimeClass({ runtimeClassName: "c", ...spec }, "p", classOf(more))
const given = (spec: JsonObject, more: JsonObject) => Result.getOrThrow(admitted(spec, more))
const why = (answer: ReturnType<typeof admitRuntimeClass>) => Result.isFailure(answer) && answer.failure.message

describe("a pod's RuntimeClass", () => {
  it("has to be there, if it names one", () => {
    const spec = { containers: [] }
    expect(Result.getOrThrow(admitRuntimeClass(spec, "p", undefined))).toBe(spec)
    expect(why(admitRuntimeClass({ runtimeClassName: "x" }, "p", undefined))).toBe(
      'pods "p" is forbidden: pod rejected: RuntimeClass "x" not found'
    )
  })

  it("says what its runtime needs for itself; the pod may say the same", () => {
    const overhead = { podFixed: { cpu: "100m", memory: "1Gi" } }
    expect(given({}, { overhead })["overhead"]).toEqual(overhead.podFixed)
    expect(given({ overhead: { cpu: "0.1", memory: "1024Mi" } }, { overhead })["overhead"]).toEqual(overhead.podFixed)
    for (const other of [{ cpu: "100m" }, { cpu: "100m", memory: "2Gi" }])
      expect(why(admitted({ overhead: other }, { overhead }))).toBe(
        `pods "p" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead`
      )
  })

  it("is the only one to say what a runtime needs", () => {
    const pod = { metadata: { name: "p" }, spec: { overhead: { cpu: "1" } } } as unknown as PodObject
    const refused =
      'pods "p" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'
    expect(refusedOverhead(pod, undefined)?.message).toBe(refused)
    expect(refusedOverhead(pod, classOf({}))?.message).toBe(refused)
    expect(refusedOverhead(pod, classOf({ overhead: { podFixed: { cpu: "1" } } }))).toBeUndefined()
  })

  it("chooses among nodes, beside what the pod asks for", () => {
    const scheduling = { nodeSelector: { foo: "bar" } }
    expect(given({}, { scheduling })["nodeSelector"]).toEqual({ foo: "bar" })
    expect(given({ nodeSelector: { fizz: "buzz", foo: "bar" } }, { scheduling })["nodeSelector"]).toEqual({
      fizz: "buzz",
      foo: "bar"
    })
    expect(why(admitted({ nodeSelector: { foo: "baz" } }, { scheduling }))).toBe(
      'pods "p" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[foo] = bar; pod.spec.nodeSelector[foo] = baz'
    )
  })

  const [foo, bar] = ["foo", "bar"].map((value) => ({ key: "a", operator: "Equal", value, effect: "NoSchedule" }))
  const any = { key: "a", operator: "Exists", effect: "NoSchedule" }
  const all = { operator: "Exists" }
  const lasting = (tolerationSeconds: number) => ({
    key: "a",
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds
  })
  it.each([
    ["both", [foo], [bar], [foo, bar]],
    ["one of two that are equal", [foo, bar], [bar], [foo, bar]],
    ["the wider one, wherever it stands", [foo], [any], [any]],
    ["the wider one", [any], [foo], [any]],
    ["what tolerates everything", [foo, any, lasting(5)], [all], [all]],
    ["the one that lasts longer", [lasting(5)], [lasting(10)], [lasting(10)]]
  ])("adds its tolerations: %s", (_, own, theirs, merged) => {
    const tolerations = theirs as unknown as JsonObject
    expect(given({ tolerations: own as never }, { scheduling: { tolerations } })["tolerations"]).toEqual(merged)
  })
})
