/** What a write would make of objects that are in no cluster: the past can be asked what it would have answered. */
import {
  type Answer,
  type JsonObject,
  type KubernetesObject,
  latestRelease,
  type ManagedFields,
  namespaceObjects,
  noManagedFields,
  releaseOf,
  type TryWrite
} from "@kubereel/core"
import { ApiServer } from "../apiserver/ApiServer.ts"
import { DryRunStore } from "../apiserver/DryRunStore.ts"
import { Store } from "../apiserver/Store.ts"
import { apartFromFields, shown } from "../apiserver/writes.ts"
import { Engine } from "../engine/Engine.ts"
import { carryOut } from "./write.ts"

/** Namespaces and what is in each of them may not have been recorded: what is there has a place to be in. */
const withNamespace = (objects: ReadonlyArray<KubernetesObject>, name: string): ReadonlyArray<KubernetesObject> => {
  const namespace = { kind: "Namespace", apiVersion: "v1", metadata: { name }, status: { phase: "Active" } }
  const missing = [namespace, ...namespaceObjects(name)].map((made) =>
    made.kind === "Namespace" ? made : { ...made, metadata: { ...made.metadata, namespace: name } }
  )
  const isThere = ({ kind, metadata }: KubernetesObject) =>
    objects.some((object) => object.kind === kind && object.metadata.name === metadata.name)
  return [...objects, ...missing.filter((made) => !isThere(made))]
}

/** Nothing is kept, whatever the write says. */
export const tryWrite: TryWrite = (objects, write, { now, version }): Answer => {
  const under = new Store(0)
  const { namespace } = write
  for (const object of namespace === undefined ? objects : withNamespace(objects, namespace)) {
    const { given, rest } = apartFromFields(object)
    under.create(rest as KubernetesObject, (given as ManagedFields | undefined) ?? noManagedFields)
  }
  const store = new DryRunStore(under)
  const api = new ApiServer(new Engine(now), store, 0, releaseOf(version.replace(/^v/, "")) ?? latestRelease)
  const answer = api.withWarnings(() => carryOut({ api, store }, write), write.fieldValidation)
  if (answer.status >= 300 || answer.body["kind"] === "Status") return answer
  return { ...answer, body: shown(store, answer.body as unknown as KubernetesObject) as JsonObject }
}
