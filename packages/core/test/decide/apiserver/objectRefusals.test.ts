/**
 * What is wrong with objects, in the words of Kubernetes' own strategies (1.36.3): each case of `goObjectRefusals.json`
 * is a change of one of its objects, for which rest.BeforeCreate or rest.BeforeUpdate was called.
 */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createObject } from "../../../src/decide/apiserver/createObject.ts"
import { entries } from "../../../src/decide/apiserver/fields.ts"
import { mergePatch } from "../../../src/decide/apiserver/mergePatch.ts"
import { updateObject } from "../../../src/decide/apiserver/updateObject.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { at, stored } from "./pods.ts"

interface Case {
  readonly verb: "create" | "update"
  /** Its object: `Job/indexed`. */
  readonly of: string
  /** What is otherwise, as a merge patch. */
  readonly with: JsonObject
  readonly causes: ReadonlyArray<readonly [field: string, reason: string, message: string]>
}

const golden = JSON.parse(readFileSync(new URL("./goObjectRefusals.json", import.meta.url), "utf8")) as {
  readonly objects: { readonly [name: string]: KubernetesObject }
  readonly refusals: { readonly [kind: string]: ReadonlyArray<Case> }
}

/** Of Pods only what is wrong with updates is here; the rest is in `podRefusals.test.ts`. */
const identity = { namespace: "default", uid: "u-1", resourceVersion: "7", now: at("00:00:00"), nameSuffix: "bcdfg" }

const patched = (object: KubernetesObject, patch: JsonObject) =>
  mergePatch(object, patch) as unknown as KubernetesObject

const ask = ({ of, verb, with: patch }: Case) => {
  const object = golden.objects[of] as KubernetesObject
  if (verb === "create") return createObject(patched(object, patch), identity)
  const old = object.kind === "Pod" ? stored(object) : Result.getOrThrow(createObject(object, identity))
  return updateObject(old, patched(old, patch) as unknown as JsonObject, "")
}

const ruleOf = (kind: string) => (kind === "Pod" ? "C-111, C-113, C-114, C-115: updates" : "C-005: validation")

describe.each(Object.keys(golden.refusals).map((kind) => [ruleOf(kind), kind]))("%s of a %s", (_, kind = "") => {
  const cases = (golden.refusals[kind] ?? []).map((one) => ({ ...one, title: JSON.stringify(one.with).slice(0, 120) }))

  it.each(cases)("$verb $of with $title", (one) => {
    const asked = ask(one)
    if (Result.isSuccess(asked)) throw new Error("it was stored")
    const causes = entries(asked.failure.details ?? {}, "causes")
    expect(causes.map((cause) => [cause["field"], cause["reason"], cause["message"]])).toEqual(one.causes)
  })
})

describe("names", () => {
  const created = (object: JsonObject) => createObject(object as unknown as KubernetesObject, identity)
  const budget = (name: string): JsonObject => ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name }
  })

  it("of a kind without a rule of its own have to be a part of a path", () => {
    const message = (name: string) => {
      const made = created(budget(name))
      return Result.isFailure(made) ? made.failure.message : undefined
    }
    const refused = "PodDisruptionBudget.policy"
    expect(message("a/b")).toBe(`${refused} "a/b" is invalid: metadata.name: Invalid value: "a/b": may not contain '/'`)
    expect(message("..")).toBe(`${refused} ".." is invalid: metadata.name: Invalid value: "..": may not be '..'`)
    expect(message("My Budget")).toBeUndefined()
  })

  it("are given to a LimitRange that has none", () => {
    const range = Result.getOrThrow(
      created({ apiVersion: "v1", kind: "LimitRange", metadata: {}, spec: { limits: [] } })
    )
    expect(range.metadata.name).toBe("u-1")
  })
})
