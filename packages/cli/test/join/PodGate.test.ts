/** A node hears of a pod once all that is known which the pod names. */
import { isPod, type KubernetesObject, type PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { type ObjectName, PodGate } from "../../src/join/PodGate.ts"

const pod = (name: string, volumes: ReadonlyArray<object> = []): PodObject => {
  const made = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "n", uid: name },
    spec: { nodeName: "n-1", containers: [{ name: "main", image: "i" }], volumes },
    status: {}
  } as unknown as KubernetesObject
  if (!isPod(made)) throw new Error("no pod")
  return made
}

const config = { name: "c", configMap: { name: "settings" } }
const claim = { name: "d", persistentVolumeClaim: { claimName: "data" } }

const given = (known: ReadonlyArray<string> = []) => {
  const there = new Set(known)
  const passed: Array<string> = []
  const asked: Array<{ readonly name: ObjectName; readonly then: (object: KubernetesObject | undefined) => void }> = []
  const gate = new PodGate({
    isKnown: ({ kind, name }) => there.has(`${kind}/${name}`),
    ask: (name, then) => void asked.push({ name, then }),
    pass: (change, object) => {
      there.add(`${object.kind}/${object.metadata.name}`)
      passed.push(`${change} ${object.kind} ${object.metadata.name}`)
    }
  })
  return { gate, passed, asked }
}

const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "n" } }

describe("the gate", () => {
  it("is open for a pod that names nothing, or what is known", () => {
    const { asked, gate, passed } = given(["ConfigMap/settings"])
    gate.hear("ADDED", pod("p"))
    gate.hear("ADDED", pod("q", [config]))
    expect([passed, asked]).toEqual([["ADDED Pod p", "ADDED Pod q"], []])
  })

  it("lets what a pod names in before it, and what happens to the pod meanwhile behind it", () => {
    const { asked, gate, passed } = given()
    gate.hear("ADDED", pod("p", [config, claim]))
    gate.hear("MODIFIED", pod("p", [config, claim]))
    gate.hear("ADDED", pod("q"))
    expect(passed).toEqual(["ADDED Pod q"])
    expect(asked.map(({ name: { kind, name } }) => `${kind}/${name}`)).toEqual([
      "ConfigMap/settings",
      "PersistentVolumeClaim/data"
    ])
    asked[0]?.then(settings)
    expect(passed).toEqual(["ADDED Pod q", "ADDED ConfigMap settings"])
    asked[1]?.then(undefined)
    expect(passed.slice(2)).toEqual(["ADDED Pod p", "MODIFIED Pod p"])
    gate.hear("DELETED", pod("p", [config, claim]))
    expect(passed.at(-1)).toBe("DELETED Pod p")
  })

  it("asks for one thing once for a pod, and not for what a watch has shown meanwhile", () => {
    const { asked, gate, passed } = given()
    gate.hear("ADDED", pod("p", [config, { ...config, name: "again" }]))
    expect(asked).toHaveLength(1)
    asked[0]?.then(undefined)
    gate.hear("ADDED", pod("q", [config]))
    expect([asked.length, passed]).toEqual([2, ["ADDED Pod p"]])
  })
})
