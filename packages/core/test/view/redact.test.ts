import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonical, type JsonObject } from "../../src/event/Json.ts"
import { isMark, makeRedactor, redactionSummary } from "../../src/view/redact.ts"

const key = new Uint8Array(32).fill(7)
const canary = "hunter2-canary"

const pod: JsonObject = {
  kind: "Pod",
  metadata: {
    name: "p",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": `{"env":"${canary}"}`, note: "kept" },
    managedFields: [{ fieldsV1: { "f:env": { 'k:{"name":"A"}': {} } } }]
  },
  spec: {
    initContainers: [{ name: "i", env: [{ name: "A", value: canary }] }],
    containers: [
      {
        name: "c",
        image: "nginx@sha256:abc",
        env: [
          { name: "A", value: canary },
          { name: "EMPTY", value: "" },
          { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }
        ],
        args: [
          `--db=postgres://bob:${canary}@db:5432/x`,
          "user@example.com",
          "http://plain/path?at=@",
          `https://${canary}@git/x`
        ]
      }
    ]
  }
}

describe("redaction", () => {
  it("hides literal environment values, last-applied annotations and credentials in URLs, and counts them", () => {
    const redactor = makeRedactor(key)
    const text = JSON.stringify(redactor.redact(pod))
    expect(text).not.toContain(canary)
    expect(text).toContain("postgres://bob:[redacted by kubereel:")
    expect(redactor.counts()).toEqual({ env: 2, secret: 0, "config-map": 0, "last-applied": 1, url: 2 })
    expect(redactionSummary(redactor.counts())).toBe(
      "redacted before writing (policy 2): 2 environment values, 1 last-applied annotations, 2 credentials in URLs"
    )
  })

  it("hides the data of Secrets, and keeps their keys", () => {
    const redactor = makeRedactor(key)
    const secret = redactor.redact({
      kind: "Secret",
      type: "Opaque",
      data: { a: canary, b: canary },
      stringData: { c: "x" }
    })
    expect(JSON.stringify(secret)).not.toContain(canary)
    expect(Object.keys(secret.data as JsonObject)).toEqual(["a", "b"])
    expect(secret.type).toBe("Opaque")
    expect(redactor.counts().secret).toBe(3)
  })

  it("guarantee 18: hides the data of ConfigMaps, and keeps their keys: nothing keeps people from writing passwords there", () => {
    const redactor = makeRedactor(key)
    const map = redactor.redact({ kind: "ConfigMap", data: { a: canary }, binaryData: { b: canary }, immutable: true })
    expect(JSON.stringify(map)).not.toContain(canary)
    expect(Object.keys(map)).toEqual(["kind", "immutable", "data", "binaryData"])
    expect(Object.keys(map.data as JsonObject)).toEqual(["a"])
    expect(redactionSummary(redactor.counts())).toBe("redacted before writing (policy 2): 2 values of ConfigMaps")
  })

  it("keeps everything else exactly, the very same object where nothing is hidden", () => {
    const harmless = {
      kind: "Pod",
      spec: { containers: [{ env: [{ name: "EMPTY", value: "" }], args: ["a@b", "x://"] }] }
    }
    expect(makeRedactor(key).redact(harmless)).toBe(harmless)
    const redacted = makeRedactor(key).redact(pod) as { spec: { containers: Array<JsonObject> }; metadata: JsonObject }
    expect(redacted.metadata.managedFields).toBe((pod.metadata as JsonObject).managedFields)
    expect(redacted.spec.containers[0]?.image).toBe("nginx@sha256:abc")
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        fc.pre(!/env|Secret|:\/\/|last-applied/.test(JSON.stringify(object)))
        expect(canonical(makeRedactor(key).redact(object as JsonObject))).toBe(canonical(object as JsonObject))
      })
    )
  })

  it("gives equal values equal marks under one key, and other marks under another", () => {
    const env = (value: string, with_ = key) =>
      ((makeRedactor(with_).redact({ env: [{ name: "A", value }] }).env as ReadonlyArray<JsonObject>)[0]?.value ??
        "") as string
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        expect(isMark(env(value))).toBe(true)
        expect(env(value)).toBe(env(value))
        expect(env(value)).not.toBe(env(`${value}!`))
        expect(env(value)).not.toBe(env(value, new Uint8Array(32)))
      }),
      { numRuns: 50 }
    )
  })

  it("does nothing to what is redacted already", () => {
    const once = makeRedactor(key).redact(pod)
    const again = makeRedactor(new Uint8Array(32))
    expect(again.redact(once)).toBe(once)
    expect(redactionSummary(again.counts())).toBeUndefined()
  })
})
