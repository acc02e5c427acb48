/** Field selectors as `fields.ParseSelector` of Kubernetes 1.36.3 reads them, and the fields that each kind has (C, section 3.3). */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { matchesObject, type SelectedKind, supportedFields } from "../../../../src/decide/apiserver/list/fieldLabels.ts"
import {
  matchesFields,
  parseFieldSelector,
  requiredValue
} from "../../../../src/decide/apiserver/list/fieldSelector.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"
import { golden, type Said, titled } from "./golden.ts"

const { objects } = golden<{ objects: ReadonlyArray<{ readonly [field: string]: string }> }>("fieldCases")
const said = golden<{
  selectors: ReadonlyArray<Said>
  labels: { readonly [kind: string]: { readonly [label: string]: string } }
}>("goFields")

const kindOf = (name: string): SelectedKind => {
  const parts = name.split("/")
  const [group, version, kind] = parts.length === 3 ? parts : ["", "v1", name]
  return { group: group ?? "", version: version ?? "", kind: kind ?? "", namespaced: true }
}

describe("a field selector", () => {
  it.each(titled(said.selectors))("$title", ({ text, error, selected }) => {
    const parsed = parseFieldSelector(text)
    expect(Result.isFailure(parsed) ? parsed.failure : undefined).toBe(error)
    if (Result.isFailure(parsed)) return
    const chosen = objects.flatMap((one, i) => (matchesFields(parsed.success, (field) => one[field] ?? "") ? [i] : []))
    expect(chosen).toEqual(selected)
  })

  it("requires a value only where it says so itself", () => {
    const selector = Result.getOrThrow(parseFieldSelector("a!=x,b=y"))
    expect([requiredValue(selector, "a"), requiredValue(selector, "b"), requiredValue(selector, "c")]).toEqual([
      undefined,
      "y",
      undefined
    ])
  })
})

describe("the fields of a kind", () => {
  it.each(Object.entries(said.labels))("%s: those that it takes, and what it says of others", (name, labels) => {
    const answers = Object.keys(labels).map((field) => {
      const answer = supportedFields(kindOf(name), [{ field, operator: "=", value: "x" }])
      return [field, Result.isFailure(answer) ? answer.failure : ""]
    })
    expect(Object.fromEntries(answers)).toEqual(labels)
  })

  const selects = (kind: string, selector: string, object: JsonObject, crd?: JsonObject): boolean =>
    matchesObject(
      kindOf(kind),
      Result.getOrThrow(parseFieldSelector(selector)),
      { metadata: { name: "n", namespace: "ns" }, ...object } as unknown as KubernetesObject,
      crd
    )

  it.each([
    ["Pod", "metadata.name=n,metadata.namespace=ns,spec.host=node-1", { spec: { nodeName: "node-1" } }, true],
    ["Pod", "spec.nodeName=", {}, true],
    ["Pod", "spec.hostNetwork=false", {}, true],
    ["Pod", "spec.hostNetwork=true", { spec: { hostNetwork: true } }, true],
    ["Pod", "status.phase!=Running,spec.restartPolicy=Never", { spec: { restartPolicy: "Never" } }, true],
    ["Pod", "status.podIP=10.0.0.1", { status: { podIPs: [{ ip: "10.0.0.1" }] } }, true],
    ["Pod", "status.podIP=10.0.0.1", { status: { podIP: "10.0.0.2", podIPs: [{ ip: "10.0.0.1" }] } }, false],
    ["Pod", "status.podIPs=10.0.0.1", { status: { podIPs: [{ ip: "10.0.0.1" }] } }, false],
    ["Node", "spec.unschedulable=false", { spec: {} }, true],
    ["Node", "spec.unschedulable=true", { spec: { unschedulable: true } }, true],
    ["Event", "involvedObject.uid=u,reason=Killing", { involvedObject: { uid: "u" }, reason: "Killing" }, true],
    ["Event", "source=kubelet", { source: { component: "kubelet" } }, true],
    ["Event", "source=kubelet,reportingComponent=kubelet", { source: {}, reportingComponent: "kubelet" }, true],
    ["Event", "reportingComponent=kubelet", { source: { component: "kubelet" } }, false],
    ["events.k8s.io/v1/Event", "regarding.name=p,type=Normal", { regarding: { name: "p" }, type: "Normal" }, true],
    ["Namespace", "status.phase=Active", { status: { phase: "Active" } }, true],
    ["Secret", "type=Opaque", { type: "Opaque" }, true],
    ["Service", "spec.clusterIP=None", { spec: { clusterIP: "None" } }, true],
    ["batch/v1/Job", "status.successful=0", {}, true],
    ["batch/v1/Job", "status.successful=2", { status: { succeeded: 2 } }, true],
    ["ConfigMap", "metadata.name!=n", {}, false]
  ])("%s with %s", (kind, selector, object, expected) => {
    expect(selects(kind, selector, object)).toBe(expected)
  })

  const objectsOfKinds = golden<ReadonlyArray<KubernetesObject>>("fieldObjects")
  const values = golden<ReadonlyArray<{ readonly [field: string]: string }>>("goFieldValues")
  /** Kubernetes keeps an Event of either group under the names of the older one. */
  const newer = (field: string) =>
    field.replace(/^involvedObject/, "regarding").replace("reportingComponent", "reportingController")

  it.each(
    objectsOfKinds.map((object, i) => [`${object.apiVersion}/${object.kind}`, JSON.stringify(object), i] as const)
  )("%s: what stands in them is what Kubernetes selects by: %s", (name, _, i) => {
    const object = objectsOfKinds[i] as KubernetesObject
    const kind = kindOf(name.replace(/^v1\//, ""))
    const fields = Object.entries(values[i] ?? {}).map(([field, value]) => [
      kind.group === "events.k8s.io" ? newer(field) : field,
      value
    ])
    const supported = fields.flatMap(([field = "", value = ""]) => {
      const selector = [{ field, operator: "=" as const, value }]
      return Result.isSuccess(supportedFields(kind, selector)) ? [selector] : []
    })
    expect(supported.length).toBeGreaterThan(0)
    for (const selector of supported) {
      expect([selector, matchesObject(kind, selector, object)]).toEqual([selector, true])
      const negated = selector.map((one) => ({ ...one, operator: "!=" as const }))
      expect([negated, matchesObject(kind, negated, object)]).toEqual([negated, false])
    }
  })

  it("a custom resource has those that its definition lists", () => {
    const crd = { name: "v1", selectableFields: [{ jsonPath: ".spec.color" }, { jsonPath: ".spec.size" }] }
    const kind = { ...kindOf("Pod"), group: "example.com", kind: "Shirt" }
    const ask = (field: string, namespaced = true) =>
      supportedFields({ ...kind, namespaced }, [{ field, operator: "=", value: "x" }], crd)
    expect(Result.isSuccess(ask("spec.color"))).toBe(true)
    expect(ask("spec.shape")).toEqual(Result.fail("field label not supported: spec.shape"))
    expect(ask("metadata.namespace", false)).toEqual(Result.fail("field label not supported: metadata.namespace"))
    expect(
      selects("example.com/v1/Shirt", "spec.color=blue,spec.size=3", { spec: { color: "blue", size: 3 } }, crd)
    ).toBe(true)
    expect(selects("example.com/v1/Shirt", "spec.color=blue", { spec: {} }, crd)).toBe(false)
  })
})
