/** The pods that controllers ask for, and whose they are. */
import { describe, expect, it } from "vitest"
import {
  controllerOf,
  controllerRef,
  isControlledBy,
  podOfTemplate
} from "../../../src/decide/controller/podOfTemplate.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"

const owner = (name: string): KubernetesObject => ({
  kind: "ReplicaSet",
  apiVersion: "apps/v1",
  metadata: { name, namespace: "n", uid: `uid-${name}` }
})

describe("a pod of a template", () => {
  it("C-261: has the owner's name as its beginning, the template's labels, annotations and finalizers, and one owner", () => {
    const metadata = { labels: { app: "web" }, annotations: { a: "b" }, finalizers: ["x/y"], name: "not this" }
    const spec = { containers: [] }
    expect(podOfTemplate({ metadata, spec }, owner("web"))).toEqual({
      kind: "Pod",
      apiVersion: "v1",
      metadata: {
        generateName: "web-",
        labels: { app: "web" },
        annotations: { a: "b" },
        finalizers: ["x/y"],
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "ReplicaSet",
            name: "web",
            uid: "uid-web",
            controller: true,
            blockOwnerDeletion: true
          }
        ]
      },
      spec
    })
  })

  it("C-261: has no dash where no name could go on after it", () => {
    const generateName = (name: string) => podOfTemplate({}, owner(name)).metadata.generateName
    expect(generateName("a.b")).toBe("a.b-")
    expect(generateName("x".repeat(252))).toBe("x".repeat(252))
    expect(generateName("x".repeat(251))).toBe(`${"x".repeat(251)}-`)
  })

  it("is controlled by the one owner that says so, not by any other", () => {
    const [mine, other] = [owner("a"), owner("b")]
    const references = [{ ...controllerRef(other), controller: false }, controllerRef(mine)]
    const dependent = { ...owner("c"), metadata: { name: "c", ownerReferences: references } }
    expect(controllerOf(dependent)?.uid).toBe("uid-a")
    expect([isControlledBy(dependent, mine), isControlledBy(dependent, other)]).toEqual([true, false])
    expect(controllerOf(mine)).toBeUndefined()
  })
})
