/** Names that the API server makes up (`k8s.io/apiserver/pkg/registry/generic/registry/store.go`, createWithGenerateNameRetry). */
import { asObject, type Instant, type KubernetesObject, releaseOf, SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Engine } from "../../src/engine/Engine.ts"
import { podManifest } from "../given.ts"

const pod = (name: string) => podManifest(name, ["main"]) as unknown as KubernetesObject
const generated = { ...pod(""), metadata: { generateName: "web-" } } as unknown as KubernetesObject
const config = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { generateName: "web-" }
} as unknown as KubernetesObject

/** What a server answers where some names are taken. */
const ask = (manifest: KubernetesObject, taken: ReadonlyArray<string>, version = "1.36") => {
  const engine = new Engine((1_767_225_600 * SECOND) as Instant)
  const api = new ApiServer(engine, new Store(100), 0, releaseOf(version))
  api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } }, "")
  for (const name of taken) api.create({ ...manifest, metadata: { name } }, "n")
  return api.create(manifest, "n")
}

/** The names that it would give one after the other. */
const names = (manifest: KubernetesObject, count: number, version?: string) => {
  const taken: Array<string> = []
  while (taken.length < count) taken.push(asObject(ask(manifest, taken, version).body).metadata.name)
  return taken
}

describe("C-023: a name that is generated", () => {
  it.each([
    ["Pod", generated],
    ["ConfigMap", config]
  ])("is another one if it is taken, eight times at most: of a %s", (_, manifest) => {
    const taken = names(manifest, 8)
    expect(new Set(taken).size).toBe(8)
    const { body, status } = ask(manifest, taken)
    const kind = `${manifest.kind.toLowerCase()}s`
    expect(status).toBe(409)
    expect(body).toMatchObject({
      reason: "AlreadyExists",
      message: `${kind} "${taken[7]}" already exists, the server was not able to generate a unique name for the object`,
      details: { name: taken[7], kind, retryAfterSeconds: 1 }
    })
  })

  it("was tried once before RetryGenerateName", () => {
    const taken = names(generated, 1, "1.30")
    expect(ask(generated, taken, "1.30")).toMatchObject({ status: 409 })
  })

  it("C-039: is the one that a refusal quotes", () => {
    const wrong = { ...generated, spec: { containers: [] } } as unknown as KubernetesObject
    expect(ask(wrong, []).body).toMatchObject({
      message: expect.stringMatching(
        /^Pod "web-[bcdf-hj-np-tv-xz2456789]{5}" is invalid: spec.containers: Required value$/
      )
    })
  })
})
