/** What differs between any two runs of a cluster and says nothing: unique ids, addresses, generated names, durations. */
import type { KubernetesObject } from "../event/KubernetesObject.ts"

/** What `normaliseText` and `NameBook` make plain, in the words in which a comparison states it. */
export const normalised = [
  "uids",
  "addresses",
  "container ids",
  "generated names",
  "durations and sizes in messages",
  "a pod's own resources in its status (read from cgroups)",
  "scripts that play a program"
] as const

/** The letters of generated names: no vowels, no digits that look like letters (apimachinery `util/rand`). */
const safe = "[bcdfghjklmnpqrstvwxz2456789]"
const suffix = new RegExp(`-${safe}{5}(?![a-z0-9])`, "g")
const templateHash = new RegExp(`-${safe}{8,10}(?![a-z0-9])`, "g")
const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const containerId = /(?:[a-z]+:\/\/)?\b[0-9a-f]{64}\b/g
const apiAccess = /kube-api-access-[a-z0-9]{5}/g
const privateAddress =
  /\b(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168|169\.254|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.\d{1,3}\.\d{1,3}\b/g
const pulledIn = /\bin \d[\w.µ]*s \(\d[\w.µ]*s including waiting\)/g
const imageSize = /Image size: \d+ bytes/g
const connection = /ADDRESS:\d+->(?:ADDRESS:\d+)?/g
const fractionOfTime = /\d+\.\d+(?:e\+\d+)?(?:s|ms|µs)\b/g

/** A name without the parts that a controller generates: `web-c8b54bf9b-kkjpg` is `web-*-*`. */
const plainName = (name: string): string => name.replace(suffix, "-*").replace(templateHash, "-*")

/** A message as another run of the same cluster would have written it. */
export const normaliseText = (text: string): string =>
  plainName(text.replace(uid, "UID").replace(containerId, "CONTAINER-ID").replace(apiAccess, "kube-api-access-*"))
    .replace(privateAddress, "ADDRESS")
    .replace(connection, "CONNECTION")
    .replace(pulledIn, "in DURATION")
    .replace(imageSize, "Image size: N bytes")
    .replace(fractionOfTime, "DURATION")

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** Owners that give the objects they create random names. A StatefulSet numbers its pods instead. */
const generating = new Set(["ReplicaSet", "Job", "DaemonSet", "Deployment", "CronJob", "Service"])

/** The generated names of one history, each with the name that it has in every run. */
export class NameBook {
  readonly #plain = new Map<string, string>()
  #pattern: RegExp | undefined

  /** Owners are learnt before what they own, as a watch delivers them; an owner never seen is guessed from its name. */
  learn(object: KubernetesObject): void {
    const { name, generateName, ownerReferences } = object.metadata
    if (this.#plain.has(name)) return
    const owner = ownerReferences?.[0]
    const plain =
      owner !== undefined && generating.has(owner.kind)
        ? `${this.#plain.get(owner.name) ?? plainName(owner.name)}-*`
        : owner === undefined && generateName !== undefined && name.startsWith(generateName)
          ? `${generateName}*`
          : undefined
    if (plain === undefined) return
    this.#plain.set(name, plain)
    this.#pattern = undefined
  }

  plainOf(name: string): string {
    return this.#plain.get(name) ?? name
  }

  /** Every learnt name in a text replaced; what else differs between runs made plain. */
  normalise(text: string): string {
    if (this.#plain.size === 0) return normaliseText(text)
    this.#pattern ??= new RegExp(
      [...this.#plain.keys()]
        .sort((a, b) => b.length - a.length)
        .map(escaped)
        .join("|"),
      "g"
    )
    return normaliseText(text.replace(this.#pattern, (name) => this.plainOf(name)))
  }
}
