/** What users get wrong is refused as a real cluster (1.36.3) refuses it, word for word: `ask.ts` asked one. */
import { readFileSync } from "node:fs"
import {
  type DeleteOptions,
  type Instant,
  type Json,
  type JsonObject,
  type KubernetesObject,
  SECOND
} from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { ApiServer } from "../../../src/apiserver/ApiServer.ts"
import { Store } from "../../../src/apiserver/Store.ts"
import { Engine } from "../../../src/engine/Engine.ts"
import { type Answered, answersFile, groups, objects, type Request, requests, timeless } from "./cases.ts"

const answers = JSON.parse(readFileSync(answersFile, "utf8")) as { readonly [title: string]: Answered }

/** As the quota's controller counts a new one. */
const counted = (quota: KubernetesObject): KubernetesObject => {
  const hard = (quota["spec"] as JsonObject)["hard"] as JsonObject
  return { ...quota, status: { hard, used: Object.fromEntries(Object.keys(hard).map((name) => [name, "0"])) } }
}

const cluster = (): ApiServer => {
  const api = new ApiServer(new Engine((1_767_225_600 * SECOND) as Instant), new Store(0), 1)
  const system = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } }
  for (const object of [system, ...objects()]) {
    const manifest = object as unknown as KubernetesObject
    const { body, status } = api.create(manifest, manifest.metadata.namespace ?? "")
    if (status !== 201) throw new Error(JSON.stringify(body))
  }
  for (const quota of api.list("ResourceQuota", "limited")) api.update(counted(quota), "status")
  return api
}

const ask = (api: ApiServer, request: Request): Answered => {
  const { body, kind, name, namespace, subresource, type, verb } = request
  const of = { kind, namespace, name }
  const object = body as unknown as KubernetesObject
  switch (verb) {
    case "create":
      return api.create(object, namespace)
    case "update":
      return api.update(object, subresource, of)
    case "patch":
      return api.patch(of, subresource, { type, body })
    case "delete":
      return api.delete(kind, namespace, name, body as DeleteOptions)
  }
}

/** By the file: what its requests show. */
const rules: { readonly [group: string]: string } = {
  pods: "C-043, C-044, C-045: pods",
  workloads: "what makes pods",
  services: "Services and their slices",
  config: "ConfigMaps, Secrets, accounts, claims",
  cluster: "C-020: what is of the whole cluster, and bounds of a namespace",
  writes: "C-118, C-140, C-142, C-403: writes of what is there",
  podSecurity: "C-017: pods above the level that their namespace enforces"
}

describe.each(groups)("the API server refuses what is wrong, as a real one does: $0", (group) => {
  it(`${rules[group]}: all of it was asked`, () => {
    expect(requests(group).filter(({ title }) => answers[title] === undefined)).toEqual([])
  })

  it.each(requests(group))("$title", (request) => {
    const api = cluster()
    const there = api.get(request)
    expect(timeless(ask(api, request), there as Json | undefined)).toEqual(answers[request.title])
  })
})
