/** How the checks of pod security look at a pod and put their findings into words (`k8s.io/pod-security-admission/policy/{visitor,helpers}.go`). */
import { isJsonObject, type JsonObject } from "../../../../event/Json.ts"
import { containersOf as containersOfSpec, mapping, specOf, text } from "../../fields.ts"

export interface Finding {
  readonly reason: string
  readonly detail: string
}

/** `minor`: of the version that the namespace asks for. */
export type Check = (pod: JsonObject, minor: number) => Finding | undefined

export const securityOf = (owner: JsonObject): JsonObject => mapping(owner, "securityContext")
export const nameOf = (owner: JsonObject): string => text(owner, "name")

/** visitContainers. */
export const containersOf = (pod: JsonObject): ReadonlyArray<JsonObject> => containersOfSpec(specOf(pod))

export const quoted = (items: Iterable<string>): string => [...items].map((item) => `"${item}"`).join(", ")
export const sorted = (items: Iterable<string>): ReadonlyArray<string> => [...new Set(items)].sort()

export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`)
export const verb = (count: number): string => (count === 1 ? "uses" : "use")

/** `containers "a", "b"`. */
export const those = (word: string, names: ReadonlyArray<string>): string =>
  `${plural(word, names.length)} ${quoted(names)}`

export const badContainers = (pod: JsonObject, isBad: (container: JsonObject) => boolean): ReadonlyArray<string> =>
  containersOf(pod).filter(isBad).map(nameOf)

/** `pod and container "a"`: who sets what may not be set; empty if nobody does. */
export const setters = (podToo: boolean, containers: ReadonlyArray<string>): string =>
  [...(podToo ? ["pod"] : []), ...(containers.length > 0 ? [those("container", containers)] : [])].join(" and ")

/** A pod that has users of its own (`hostUsers: false`) may do more. */
export const hasOwnUsers = (pod: JsonObject): boolean => specOf(pod)["hostUsers"] === false
export const isWindows = (pod: JsonObject): boolean => text(mapping(specOf(pod), "os"), "name") === "windows"

/** The pod's own security context, and those of its containers that say something in `field`. */
export const saying = (pod: JsonObject, field: string) => {
  const [own, containers] = [securityOf(specOf(pod))[field], containersOf(pod)]
  return {
    own: isJsonObject(own) ? own : undefined,
    containers: containers.flatMap((container) => {
      const said = securityOf(container)[field]
      return isJsonObject(said) ? [{ name: nameOf(container), said }] : []
    })
  }
}
