/** The hash by which a pod template is known: `pod-template-hash` (`pkg/controller/controller_utils.go`, ComputeHash; C-266). */
import type { JsonObject } from "../../event/Json.ts"
import { dumpForHash } from "./dumpForHash.ts"
import { madeOnce } from "./remembered.ts"

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a of 32 bits. `from`: what it was of the bytes before these. */
const fnv32a = (bytes: ArrayLike<number>, from: number): number => {
  let hash = from
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), FNV_PRIME)
  return hash >>> 0
}

const hashOfTemplate = madeOnce((template) =>
  fnv32a(new TextEncoder().encode(dumpForHash("PodTemplateSpec", template)), FNV_OFFSET)
)

/** No vowels, nothing that looks like another: no bad words (`k8s.io/apimachinery/pkg/util/rand`, SafeEncodeString). */
const SAFE = "bcdfghjklmnpqrstvwxz2456789"

export const safeEncode = (text: string): string =>
  Array.from(text, (letter) => SAFE[letter.charCodeAt(0) % SAFE.length]).join("")

const littleEndian = (count: number): ReadonlyArray<number> => [
  ...[0, 8, 16, 24].map((shift) => (count >>> shift) & 0xff),
  ...[0, 0, 0, 0]
]

/** `template`: as the API server keeps it. `collisionCount`: how often another template had its hash; absent: never. */
export const computeHash = (template: JsonObject, collisionCount?: number): string => {
  const collisions = collisionCount === undefined ? [] : littleEndian(collisionCount)
  return safeEncode(String(fnv32a(collisions, hashOfTemplate(template))))
}
