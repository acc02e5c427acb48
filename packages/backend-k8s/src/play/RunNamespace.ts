/** The namespace of a run: made for it, told from others by a label, and gone after it. */
import {
  type Answer,
  type Instant,
  isJsonObject,
  type JsonObject,
  later,
  type Micros,
  toObserved
} from "@kubereel/core"
import { Clock, Effect } from "effect"
import type { ApiWriter } from "../client/ApiWriter.ts"
import { type ApiFailure, failureOf, Refused } from "../client/failures.ts"
import { defaultResources, pathOf } from "../record/Resource.ts"
import { NotPlayable } from "./Finding.ts"

/** Who made it. */
export const RUN_LABEL = "kubereel.dev/run"
/** Until when its run lasts. Later, nobody needs it any more. */
const UNTIL = "kubereel.dev/until"

export interface RunNamespace {
  readonly name: string
  readonly uid: string
}

/** How long things of the control plane may take. */
const PATIENCE = 60_000
/** How long pods are given to end by themselves before they are removed. */
const FORCED_AFTER = 8_000
const STRIPPED_AFTER = 3_000
/** What a run may last longer than its scenario: its start, its cleaning up. */
const SLACK: Micros = 120_000_000

const path = (name: string): string => `/api/v1/namespaces/${encodeURIComponent(name)}`

const inside = (value: unknown, ...keys: ReadonlyArray<string>): unknown =>
  keys.reduce<unknown>(
    (found, key) => (isJsonObject(found as JsonObject) ? (found as JsonObject)[key] : undefined),
    value
  )

const now = Effect.map(Clock.currentTimeMillis, (millis) => (millis * 1_000) as Instant)

/** What the server has refused, in a sentence. */
export const refusal = ({ body, status }: Answer, what: string): ApiFailure =>
  failureOf({ server: "the API server", status, detail: `${what}: ${String(body["message"] ?? status)}` })

/** Why a namespace of that name stays as it is; `undefined`: it is what an earlier run left. */
const taken = (name: string, namespace: JsonObject, at: Instant): string | undefined => {
  if (inside(namespace, "metadata", "labels", RUN_LABEL) === undefined)
    return `spec.namespace: namespace ${name} is there already and was not made by kubereel; name another one`
  const until = inside(namespace, "metadata", "annotations", UNTIL)
  return typeof until === "string" &&
    until > toObserved(at) &&
    inside(namespace, "metadata", "deletionTimestamp") === undefined
    ? `spec.namespace: a run uses namespace ${name} until ${until}; wait for it, or, if it is long dead, \`kubectl delete namespace ${name}\``
    : undefined
}

/** Asks until the answer is the right one. */
const eventually = (
  ask: Effect.Effect<Answer, ApiFailure>,
  holds: (answer: Answer) => boolean,
  what: string
): Effect.Effect<Answer, ApiFailure> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    for (;;) {
      const answer = yield* ask
      if (holds(answer)) return answer
      if ((yield* Clock.currentTimeMillis) - began > PATIENCE)
        return yield* new Refused({ status: answer.status, detail: `${what} within ${PATIENCE / 1_000} s` })
      yield* Effect.sleep("100 millis")
    }
  })

const remove = (writer: ApiWriter, { name, uid }: RunNamespace): Effect.Effect<Answer, ApiFailure> =>
  writer.ask({
    method: "DELETE",
    path: path(name),
    body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } }
  })

/** Where objects of a namespace can be held back from going. */
const holders = defaultResources.filter(({ name, namespaced }) => namespaced && name !== "events")

/** Objects that are to go and are held by a finalizer of the scenario's, which nobody will take away. */
const strip = Effect.fnUntraced(function* (writer: ApiWriter, namespace: string) {
  for (const resource of holders) {
    const collection = pathOf(resource, { namespace })
    const { body } = yield* writer.ask({ method: "GET", path: collection })
    for (const item of Array.isArray(body["items"]) ? body["items"] : []) {
      const held = inside(item, "metadata", "finalizers")
      if (!Array.isArray(held) || inside(item, "metadata", "deletionTimestamp") === undefined) continue
      yield* writer.ask({
        method: "PATCH",
        path: `${collection}/${encodeURIComponent(String(inside(item, "metadata", "name")))}`,
        contentType: "application/merge-patch+json",
        body: { metadata: { uid: inside(item, "metadata", "uid") as string, finalizers: null } }
      })
    }
  }
})

const endPods = (writer: ApiWriter, namespace: string, gracePeriodSeconds: number) =>
  writer.ask({
    method: "DELETE",
    path: `${path(namespace)}/pods`,
    body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds }
  })

const isGone = ({ uid }: RunNamespace, { body, status }: Answer): boolean =>
  status === 404 || (status === 200 && inside(body, "metadata", "uid") !== uid)

/** Deletes it with all that is in it. Fails if something of it is still there after a minute. */
export const removeNamespace = Effect.fn("removeNamespace")(function* (writer: ApiWriter, namespace: RunNamespace) {
  const { name } = namespace
  const answer = yield* remove(writer, namespace)
  if (answer.status === 404 || answer.status === 409) return
  if (answer.status >= 300) return yield* refusal(answer, `namespace ${name} is not deleted`)
  yield* endPods(writer, name, 1)
  const began = yield* Clock.currentTimeMillis
  let forced = false
  for (;;) {
    if (isGone(namespace, yield* writer.ask({ method: "GET", path: path(name) }))) return
    const waited = (yield* Clock.currentTimeMillis) - began
    if (waited > PATIENCE)
      return yield* new Refused({ status: 409, detail: `namespace ${name} is still being deleted` })
    if (waited > STRIPPED_AFTER) yield* strip(writer, name)
    if (waited > FORCED_AFTER && !forced) {
      forced = true
      yield* endPods(writer, name, 0)
    }
    yield* Effect.sleep("250 millis")
  }
})

/** A run that is over, or dead, has no more use for it; its namespace may be looked at until the next run comes. */
export const keepNamespace = (writer: ApiWriter, { name, uid }: RunNamespace): Effect.Effect<Answer, ApiFailure> =>
  writer.ask({
    method: "PATCH",
    path: path(name),
    contentType: "application/merge-patch+json",
    body: { metadata: { uid, annotations: { [UNTIL]: null } } }
  })

const create = Effect.fnUntraced(function* (writer: ApiWriter, name: string, run: string, lasts: Micros) {
  const until = toObserved(later(yield* now, lasts + SLACK))
  return yield* writer.ask({
    method: "POST",
    path: "/api/v1/namespaces",
    body: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { [RUN_LABEL]: run }, annotations: { [UNTIL]: until } }
    }
  })
})

/** Makes it; what an earlier run left of that name goes first. `run` tells this run from others. */
export const makeNamespace = Effect.fn("makeNamespace")(function* (
  writer: ApiWriter,
  name: string,
  { lasts, run }: { readonly run: string; readonly lasts: Micros }
) {
  for (;;) {
    const made = yield* create(writer, name, run, lasts)
    const uid = String(inside(made.body, "metadata", "uid"))
    if (made.status === 201) return { name, uid } satisfies RunNamespace
    if (made.status !== 409) return yield* refusal(made, `namespace ${name} is not made`)
    const found = yield* writer.ask({ method: "GET", path: path(name) })
    if (found.status === 404) continue
    if (found.status !== 200) return yield* refusal(found, `namespace ${name} is not read`)
    const problem = taken(name, found.body, yield* now)
    if (problem !== undefined) return yield* new NotPlayable({ problems: [problem] })
    yield* removeNamespace(writer, { name, uid: String(inside(found.body, "metadata", "uid")) })
  }
})

/** A namespace is of use once the control plane has put into it what every pod needs. */
export const awaitNamespace = Effect.fn("awaitNamespace")(function* (writer: ApiWriter, name: string) {
  for (const [kind, part] of [
    ["ServiceAccount default", "serviceaccounts/default"],
    ["ConfigMap kube-root-ca.crt", "configmaps/kube-root-ca.crt"]
  ] as const)
    yield* eventually(
      writer.ask({ method: "GET", path: `${path(name)}/${part}` }),
      ({ status }) => status === 200,
      `nobody made ${kind} in namespace ${name}`
    )
})
