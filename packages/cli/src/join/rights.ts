/** What joined nodes may do has to be allowed: asked before anything is done. */
import type { RequestPool } from "@kubereel/backend-k8s"
import { type Answer, isJsonObject } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

interface Right {
  readonly verbs: ReadonlyArray<string>
  readonly group?: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
}

const seen = ["list", "watch"]

const rights: ReadonlyArray<Right> = [
  { verbs: [...seen, "create", "delete"], resource: "nodes" },
  { verbs: ["patch"], resource: "nodes", subresource: "status" },
  { verbs: [...seen, "create", "delete"], resource: "pods" },
  { verbs: ["patch"], resource: "pods", subresource: "status" },
  { verbs: ["create", "patch"], resource: "events" },
  { verbs: ["get", ...seen], resource: "configmaps" },
  { verbs: ["get", ...seen], resource: "secrets" },
  { verbs: seen, resource: "services" },
  { verbs: seen, group: "discovery.k8s.io", resource: "endpointslices" },
  { verbs: ["get", ...seen], resource: "persistentvolumeclaims" },
  { verbs: ["patch"], resource: "persistentvolumeclaims", subresource: "status" },
  { verbs: seen, resource: "persistentvolumes" },
  { verbs: seen, group: "storage.k8s.io", resource: "csidrivers" },
  { verbs: seen, group: "node.k8s.io", resource: "runtimeclasses" },
  {
    verbs: ["get", "create", "update", "delete"],
    group: "coordination.k8s.io",
    resource: "leases",
    namespace: "kube-node-lease"
  }
]

const ask = (pool: RequestPool, { group = "", namespace, resource, subresource = "" }: Right, verb: string) => {
  const resourceAttributes = { verb, group, resource, subresource, ...(namespace === undefined ? {} : { namespace }) }
  const body = {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    spec: { resourceAttributes }
  }
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
  return Effect.callback<Answer>((resume) =>
    pool.send({ method: "POST", path, body }, (answer) => resume(Effect.succeed(answer)))
  )
}

/** A server that cannot be asked (it knows no reviews) shows what it forbids when it is done. */
const isRefused = ({ body: { status: review }, status }: Answer): boolean =>
  status === 201 && isJsonObject(review) && review["allowed"] === false

/** What a kubelet needs to know who asks it, and what they may. */
const reviews: ReadonlyArray<Right> = [
  { verbs: ["create"], group: "authentication.k8s.io", resource: "tokenreviews" },
  { verbs: ["create"], group: "authorization.k8s.io", resource: "subjectaccessreviews" }
]

export const mayReview = (pool: RequestPool): Effect.Effect<boolean> =>
  Effect.map(
    Effect.forEach(reviews, (right) => ask(pool, right, "create")),
    (answers) => !answers.some(isRefused)
  )

/** Fails with one sentence that names all that is missing. */
export const checkRights = Effect.fn("checkRights")(function* (pool: RequestPool, who: string) {
  const all = rights.flatMap((right) => right.verbs.map((verb) => ({ right, verb })))
  const answers = yield* Effect.forEach(all, ({ right, verb }) => ask(pool, right, verb), { concurrency: 16 })
  const missing = all.filter((_, i) => {
    const answer = answers[i]
    return answer !== undefined && isRefused(answer)
  })
  if (missing.length === 0) return
  const words = missing.map(({ right: { namespace, resource, subresource }, verb }) => {
    const what = subresource === undefined ? resource : `${resource}/${subresource}`
    return `${verb} ${what}${namespace === undefined ? "" : ` in ${namespace}`}`
  })
  const problem = `the user of context ${who} may not ${words.join(", ")}: nodes that join need that in the whole cluster`
  return yield* new Complaint({ code: exitCodes.unavailable, problem })
})
