/** Where the API server keeps objects of a kind, whatever a scenario calls it. */
import { groupVersionOf, type KubernetesObject } from "@kubereel/core"
import { Effect } from "effect"
import type { ApiClient } from "../client/ApiClient.ts"
import type { ApiFailure } from "../client/failures.ts"
import { discover, UnknownResource } from "../record/discover.ts"
import { defaultResources, type Resource } from "../record/Resource.ts"

/** Kinds of the core group that scenarios speak of and recorders do not watch. */
const more = (["ConfigMap", "Secret", "ServiceAccount", "Service", "PersistentVolumeClaim"] as const).map(
  (kind): Resource => {
    const plural = `${kind.toLowerCase()}s`
    return { name: plural, group: "", version: "v1", plural, kind, namespaced: true }
  }
)

export class Kinds {
  readonly #client: ApiClient
  readonly #known = new Map<string, Resource>()

  constructor(client: ApiClient) {
    this.#client = client
    for (const resource of [...defaultResources, ...more]) {
      this.#known.set(resource.kind.toLowerCase(), resource)
      this.#known.set(`${groupVersionOf(resource)}/${resource.kind}`, resource)
    }
  }

  /** As a step names it: `Pod`, `deployments`, `po`. `undefined`: the server has none. */
  named(kind: string): Effect.Effect<Resource | undefined, ApiFailure> {
    return this.#find(kind.toLowerCase(), kind)
  }

  /** As a manifest names it. */
  of({
    apiVersion,
    kind
  }: Pick<KubernetesObject, "apiVersion" | "kind">): Effect.Effect<Resource | undefined, ApiFailure> {
    const [version = "", group = ""] = apiVersion.split("/").toReversed()
    const name = group === "" ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
    return Effect.map(this.#find(`${apiVersion}/${kind}`, name), (resource) =>
      resource === undefined ? undefined : { ...resource, version }
    )
  }

  #find(key: string, name: string): Effect.Effect<Resource | undefined, ApiFailure> {
    const known = this.#known.get(key)
    if (known !== undefined) return Effect.succeed(known)
    return discover(this.#client, [name], true).pipe(
      Effect.map(([resource]) => resource),
      Effect.catch((error) => (error instanceof UnknownResource ? Effect.succeed(undefined) : Effect.fail(error))),
      Effect.tap((resource) =>
        Effect.sync(() => {
          // A kind that is not there may be made by the scenario itself.
          if (resource !== undefined) this.#known.set(key, resource)
        })
      )
    )
  }
}
