/** HorizontalPodAutoscalers as Kubernetes' own strategy judges them: `goAutoscalers.json` is what `pkg/registry/autoscaling` 1.36.3 answered, asked in Go. */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../../src/decide/apiserver/createObject.ts"
import { strategyOf } from "../../../../src/decide/apiserver/resources.ts"
import { updateObject } from "../../../../src/decide/apiserver/updateObject.ts"
import { latestRelease, releaseOf } from "../../../../src/decide/kubelet/featureGates.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"
import { at } from "../pods.ts"

interface Case {
  readonly name: string
  readonly new: KubernetesObject
  /** What is there already, however it came to be. */
  readonly old?: KubernetesObject
  readonly sub?: string
  readonly causes: ReadonlyArray<{ readonly reason: string; readonly field: string; readonly body: string }>
  readonly object?: JsonObject
}

const cases = JSON.parse(readFileSync(new URL("goAutoscalers.json", import.meta.url), "utf8")) as ReadonlyArray<Case>

const identity = { namespace: "ns", uid: "u-1", resourceVersion: "7", now: at("00:00:00"), nameSuffix: "bcdfg" }

/** As it was stored when nobody minded. */
const there = (object: KubernetesObject): KubernetesObject => {
  const metadata = { ...object.metadata, namespace: "ns", uid: "u-1", resourceVersion: "7" }
  return strategyOf(object.kind).create({ ...object, metadata }, latestRelease) as unknown as KubernetesObject
}

const answer = ({ new: asked, old, sub = "" }: Case) => {
  if (old === undefined) return createObject(asked, identity)
  const known = there(old)
  return updateObject(known, { ...asked, metadata: known.metadata }, sub)
}

describe("a HorizontalPodAutoscaler", () => {
  it.each(cases)("$name", (given) => {
    const found = answer(given)
    if (given.causes.length === 0) {
      const { spec, status } = Result.getOrThrow(found)
      expect({ spec, status }).toEqual(given.object)
      return
    }
    const details = (Result.isFailure(found) ? found.failure.details : {}) as {
      causes?: ReadonlyArray<{ reason: string; message: string; field: string }>
    }
    expect(details.causes?.map(({ field, message, reason }) => ({ reason, field, body: message }))).toEqual(
      given.causes
    )
  })

  it("has no generation", () => {
    const [usual] = cases
    const stored = Result.getOrThrow(createObject(usual?.new as KubernetesObject, identity))
    expect(stored.metadata.generation).toBeUndefined()
    const spec = { ...(stored["spec"] as JsonObject), maxReplicas: 9 }
    expect(Result.getOrThrow(updateObject(stored, { ...stored, spec }, "")).metadata.generation).toBeUndefined()
  })

  it("of a version that knows no tolerances forgets them", () => {
    const given = cases.find(({ name }) => name === "a behavior that only scales down")?.new as KubernetesObject
    const release = releaseOf("1.34") ?? latestRelease
    const { spec } = Result.getOrThrow(createObject(given, { ...identity, release }))
    expect((spec as { behavior?: { scaleDown?: object } }).behavior?.scaleDown).not.toHaveProperty("tolerance")
    expect((spec as { behavior?: { scaleDown?: object } }).behavior?.scaleDown).toHaveProperty("policies")
  })
})
