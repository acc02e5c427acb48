/**
 * Asks a real, new cluster what its API server says to everything that is asked for here, and keeps it in `answers.json`:
 * `rig.sh up ask`, `rig.sh kubectl ask proxy --port 8001`, and then, from the root,
 * `npx node --conditions=source packages/backend-sim/test/apiserver/refusals/ask.ts http://127.0.0.1:8001`.
 */
import { writeFileSync } from "node:fs"
import { apiResource, type Json, type JsonObject } from "@kubereel/core"
import { type Answered, answersFile, groups, objects, type Request, requests, timeless } from "./cases.ts"

const server = process.argv[2] ?? "http://127.0.0.1:8001"

const contentTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json"
}

const methods = { create: "POST", update: "PUT", patch: "PATCH", delete: "DELETE" }

const pathOf = ({ kind, name, namespace, subresource, verb }: Request): string => {
  const { group, namespaced, resource, version } = apiResource(kind)
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`
  const within = namespaced ? `/namespaces/${namespace}` : ""
  const one = verb === "create" ? "" : `/${name}${subresource === "" ? "" : `/${subresource}`}`
  return `${root}${within}/${resource}${one}`
}

const ask = async (request: Request): Promise<Answered> => {
  const url = `${server}${pathOf(request)}?fieldManager=kubectl&fieldValidation=Strict`
  const type = request.verb === "patch" ? contentTypes[request.type] : "application/json"
  const answer = await fetch(request.verb === "delete" ? (url.split("?")[0] ?? url) : url, {
    method: methods[request.verb],
    headers: { "Content-Type": type },
    body: JSON.stringify(request.body)
  })
  return { status: answer.status, body: (await answer.json()) as Json }
}

const create = (body: JsonObject): Request => ({
  title: "what is there",
  verb: "create",
  kind: String(body["kind"]),
  namespace: String((body["metadata"] as JsonObject)["namespace"] ?? ""),
  name: "",
  subresource: "",
  type: "merge",
  body
})

for (const body of objects()) {
  const { body: said, status } = await ask(create(body))
  if (status !== 201)
    process.stderr.write(`${JSON.stringify(body["metadata"])} is not there: ${JSON.stringify(said)}\n`)
}
// Namespaces get their accounts a moment after they are made, and quotas their counts.
await new Promise((resolve) => setTimeout(resolve, 5_000))

const answers: { [title: string]: Answered } = {}
for (const request of groups.flatMap(requests)) {
  const there = (await (
    await fetch(`${server}${pathOf({ ...request, verb: "update", subresource: "" })}`)
  ).json()) as Json
  const answer = await ask(request)
  if (answer.status < 400) throw new Error(`this is no refusal: ${request.title}`)
  answers[request.title] = timeless(answer, there)
}
writeFileSync(answersFile, `${JSON.stringify(answers, null, 2)}\n`)
