/** What a workload's template was, one object a version (`pkg/controller/history/controller_history.go`; C-266). */
import { isJsonObject, type Json, type JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { integer, mapping } from "../../apiserver/fields.ts"
import { safeEncode } from "../computeHash.ts"
import { controllerRef } from "../podOfTemplate.ts"
import { madeOnce, rememberedEqual } from "../remembered.ts"

export const REVISION_HASH = "controller-revision-hash"
const MOST_PREFIX = 223

const FNV_OFFSET = 0x811c9dc5

/** FNV-1 of 32 bits: multiplied first, unlike the hash of a pod template. `from`: what it was of the text before this one. */
const fnv32 = (text: string, from: number): number => {
  const bytes = new TextEncoder().encode(text)
  let hash = from
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash, 0x01000193) ^ (bytes[i] ?? 0)
  return hash >>> 0
}

const sorted = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(sorted)
    : isJsonObject(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key] ?? null)])
        )
      : value

const escapes: { readonly [letter: string]: string } = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029"
}

/** As Go's encoder writes a map: keys in order, and nothing in it that a browser might take for markup. */
const goJson = (value: Json): string =>
  JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/g, (letter) => escapes[letter] ?? letter)

const patchTo = madeOnce(
  (template): JsonObject => sorted({ spec: { template: { $patch: "replace", ...template } } }) as JsonObject
)

/** getPatch: what restores the template of a set. It went through a map, so its keys are in order: clients compare its bytes (Match). */
const patchOf = (owner: KubernetesObject): JsonObject => patchTo(mapping(mapping(owner, "spec"), "template"))

const hashOfData = madeOnce((data) => fnv32(goJson(data), FNV_OFFSET))

/** The name of a revision; `collisions`: how often it was somebody else's already. */
export const revisionHash = (data: JsonObject, collisions: number): string =>
  safeEncode(String(fnv32(String(collisions), hashOfData(data))))

/** The revision that an owner's template would be, under the hash of its kind's own making. */
export const revisionWithHash = (owner: KubernetesObject, revision: number, hash: string): KubernetesObject => {
  const data = patchOf(owner)
  const labels = mapping(mapping(mapping(mapping(owner, "spec"), "template"), "metadata"), "labels")
  const { annotations, name, namespace = "" } = owner.metadata
  return {
    kind: "ControllerRevision",
    apiVersion: "apps/v1",
    metadata: {
      name: `${name.slice(0, MOST_PREFIX)}-${hash}`,
      namespace,
      labels: { ...labels, [REVISION_HASH]: hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerRef(owner)]
    },
    data,
    revision
  } as unknown as KubernetesObject
}

/** NewControllerRevision, as StatefulSets name theirs. */
export const newRevision = (owner: KubernetesObject, revision: number, collisions: number): KubernetesObject =>
  revisionWithHash(owner, revision, revisionHash(patchOf(owner), collisions))

/** The same under another name, for which there was no other. */
export const renamedRevision = (
  revision: KubernetesObject,
  owner: KubernetesObject,
  collisions: number
): KubernetesObject => ({
  ...revision,
  metadata: {
    ...revision.metadata,
    name: `${owner.metadata.name.slice(0, MOST_PREFIX)}-${revisionHash(mapping(revision, "data"), collisions)}`
  }
})

export const revisionNumber = (revision: KubernetesObject): number => integer(revision, "revision") ?? 0

/** EqualRevision. */
export const isEqualRevision = (a: KubernetesObject, b: KubernetesObject): boolean =>
  rememberedEqual(mapping(a, "data"), mapping(b, "data"))

/** SortControllerRevisions: by number, then by age, then by name. */
export const sortRevisions = (revisions: ReadonlyArray<KubernetesObject>): ReadonlyArray<KubernetesObject> => {
  const order = (revision: KubernetesObject): readonly [number, string, string] => [
    revisionNumber(revision),
    revision.metadata.creationTimestamp ?? "",
    revision.metadata.name
  ]
  return revisions.toSorted((left, right) => {
    const [a, b] = [order(left), order(right)]
    return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] < b[2] ? -1 : 1)
  })
}

/** ApplyRevision: the owner with the template that the revision keeps. */
export const applyRevision = (owner: KubernetesObject, revision: KubernetesObject): KubernetesObject => {
  const { $patch: _, ...template } = mapping(mapping(mapping(revision, "data"), "spec"), "template")
  return { ...owner, spec: { ...mapping(owner, "spec"), template } }
}

/** Those that are nobody's any more and beyond what is kept, the oldest first (truncateHistory). */
export const deadRevisions = (
  revisions: ReadonlyArray<KubernetesObject>,
  live: ReadonlySet<string>,
  limit: number
): ReadonlyArray<KubernetesObject> => {
  const history = revisions.filter(({ metadata }) => !live.has(metadata.name))
  return limit < 0 ? [] : history.slice(0, Math.max(0, history.length - limit))
}
