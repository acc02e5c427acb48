/** Which resources the server has, by any name that kubectl takes for them. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import { Effect, Runtime, Schema } from "effect"
import type { ApiClient } from "../client/ApiClient.ts"
import { defaultResources, type Resource, resourceOf } from "./Resource.ts"

/** A name that means nothing to the server, or something that cannot be watched. */
export class UnknownResource extends Schema.TaggedError<UnknownResource>()("UnknownResource", {
  resource: Schema.String,
  problem: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = 64
  override get message() {
    return `--resource ${this.resource}: ${this.problem}`
  }
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "")
const objects = (value: Json | undefined): ReadonlyArray<JsonObject> =>
  Array.isArray(value) ? value.filter((item: Json) => isJsonObject(item)) : []
const texts = (value: Json | undefined): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((item: Json): item is string => typeof item === "string") : []

interface Offered {
  readonly resource: Resource
  readonly names: ReadonlySet<string>
  readonly watchable: boolean
}

const offered = (groupVersion: string, list: JsonObject): ReadonlyArray<Offered> => {
  const [version = "", group = ""] = groupVersion.split("/").toReversed()
  return objects(list.resources)
    .filter((item) => !text(item.name).includes("/"))
    .map((item) => {
      const [plural, kind] = [text(item.name), text(item.kind)]
      const resource = resourceOf({ group, version, plural, kind, namespaced: item.namespaced === true })
      const names = [plural, text(item.singularName), kind.toLowerCase(), ...texts(item.shortNames)]
      const verbs = texts(item.verbs)
      return {
        resource,
        names: new Set([...names, ...names.map((name) => `${name}.${group}`)]),
        watchable: verbs.includes("list") && verbs.includes("watch")
      }
    })
}

/** Every resource in the version that its group prefers; a group whose server is down has none. */
const everything = Effect.fnUntraced(function* (client: ApiClient) {
  const groups = objects((yield* client.get("/apis")).groups)
  const versions = groups.map((group) =>
    isJsonObject(group.preferredVersion) ? text(group.preferredVersion.groupVersion) : ""
  )
  const found = [offered("v1", yield* client.get("/api/v1"))]
  for (const version of versions.filter((version) => version !== "")) {
    const list = client.get(`/apis/${version}`)
    found.push(offered(version, yield* Effect.catchTag(list, "Refused", () => Effect.succeed({}))))
  }
  return found.flat()
})

/** The resources of those names, beside the usual ones unless `only`. The server is asked for names that are none of the usual. */
export const discover = Effect.fn("discover")(function* (
  client: ApiClient,
  names: ReadonlyArray<string>,
  only: boolean
) {
  const chosen = new Map<string, Resource>(only ? [] : defaultResources.map((resource) => [resource.name, resource]))
  let all: ReadonlyArray<Offered> | undefined
  for (const name of names) {
    const usual = defaultResources.find((resource) => resource.name === name || resource.plural === name)
    if (usual !== undefined) {
      chosen.set(usual.name, usual)
      continue
    }
    all ??= yield* everything(client)
    const found = all.find((one) => one.names.has(name.toLowerCase()))
    if (found === undefined)
      return yield* new UnknownResource({
        resource: name,
        problem: "the server has no such resource; `kubectl api-resources` lists them"
      })
    if (!found.watchable)
      return yield* new UnknownResource({ resource: name, problem: "it cannot be listed and watched" })
    chosen.set(found.resource.name, found.resource)
  }
  if (chosen.size === 0)
    return yield* new UnknownResource({ resource: "", problem: "with --only at least one resource must be named" })
  return [...chosen.values()]
})
