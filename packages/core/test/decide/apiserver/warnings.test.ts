/**
 * What the API server says of objects that it takes, in the words of Kubernetes' own strategies (1.36.3): each case of
 * `goWarnings.json` is a change of one of its objects, for which rest.BeforeCreate or rest.BeforeUpdate was called and
 * the warnings were kept.
 */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { askedObject, createObject } from "../../../src/decide/apiserver/createObject.ts"
import { mergePatch } from "../../../src/decide/apiserver/mergePatch.ts"
import { updateObject } from "../../../src/decide/apiserver/updateObject.ts"
import { warningsOnCreate, warningsOnUpdate } from "../../../src/decide/apiserver/warnings/objectWarnings.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { at, stored } from "./pods.ts"

interface Case {
  readonly verb: "create" | "update"
  /** Its object: `Pod/pod`. */
  readonly of: string
  /** What is otherwise, as a merge patch. */
  readonly with: JsonObject
  readonly warnings: ReadonlyArray<string>
}

const golden = JSON.parse(readFileSync(new URL("./goWarnings.json", import.meta.url), "utf8")) as {
  readonly objects: { readonly [name: string]: KubernetesObject }
  readonly warnings: { readonly [kind: string]: ReadonlyArray<Case> }
}

const identity = { namespace: "default", uid: "u-1", resourceVersion: "7", now: at("00:00:00"), nameSuffix: "bcdfg" }

const patched = (object: KubernetesObject, patch: JsonObject) =>
  mergePatch(object, patch) as unknown as KubernetesObject

const create = (object: KubernetesObject): KubernetesObject =>
  object.kind === "Pod"
    ? stored(patched(object, { metadata: { namespace: null } }))
    : Result.getOrThrow(createObject(object, identity))

const ask = ({ of, verb, with: patch }: Case): ReadonlyArray<string> => {
  const object = golden.objects[of] as KubernetesObject
  const asked = patched(object, patch)
  if (verb === "create") return warningsOnCreate(create(asked), askedObject(asked))
  const old = create(object)
  const next = updateObject(old, patched(old, patch) as unknown as JsonObject, "")
  return warningsOnUpdate(Result.getOrThrow(next), old, "")
}

describe.each(Object.keys(golden.warnings))("warnings of a %s", (kind) => {
  const cases = (golden.warnings[kind] ?? []).map((one) => ({ ...one, title: JSON.stringify(one.with).slice(0, 120) }))

  it.each(cases)("$verb $of with $title", (one) => expect(ask(one)).toEqual(one.warnings))
})
