/** The past over HTTP: what clients of the Kubernetes API see of a recording at its moments. */
import type { ClusterEvent, JsonObject } from "@kubereel/core"
import { expect, test } from "vitest"
import { at, changed, pod, serving } from "../serving.ts"

const started = (more: JsonObject = {}): ClusterEvent => ({
  _tag: "RecordingStarted",
  observed: at("00"),
  header: { t0: "2026-01-01T00:00:00Z", kubernetes: "v1.35.2", ...more }
})

const life: ReadonlyArray<ClusterEvent> = [
  started(),
  changed("01", "ADDED", pod("a", 11)),
  changed("02", "ADDED", pod("b", 12)),
  changed("05", "MODIFIED", pod("a", 15, { status: { phase: "Running" } })),
  changed("08", "DELETED", pod("b", 18))
]

const pods = "/api/v1/namespaces/shop/pods"
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

const names = (list: JsonObject): ReadonlyArray<string> =>
  (list["items"] as ReadonlyArray<{ readonly metadata: { readonly name: string } }>).map(
    ({ metadata }) => metadata.name
  )

const frames = (body: string): ReadonlyArray<string> =>
  body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { object, type } = JSON.parse(line)
      return `${type} ${object.metadata.name}`
    })

test("a list is what was there at its moment, by time, by number, after the start or by a name", async () => {
  const { json } = await serving(life, { marks: new Map([["alert", at("03")]]) })
  expect(names(await json(pods))).toEqual(["a"])
  expect(names(await json(`/at/2026-01-01T00:00:02.5Z${pods}`))).toEqual(["a", "b"])
  expect(names(await json(`/at/1s${pods}`))).toEqual(["a"])
  expect(names(await json(`/at/alert${pods}`))).toEqual(["a", "b"])
  expect(names(await json(`/seq/2${pods}`))).toEqual(["a"])
  expect(names(await json(`/at/start${pods}`))).toEqual([])
})

test("C-203: ages in a table are as of the moment", async () => {
  const { json } = await serving(life)
  const ages = async (moment: string) => {
    const table = await json(`/at/${moment}${pods}`, { accept: TABLE })
    return (table["rows"] as ReadonlyArray<{ readonly cells: ReadonlyArray<string> }>).map(({ cells }) => cells[4])
  }
  expect(await ages("4s")).toEqual(["4s", "4s"])
  expect(await ages("150s")).toEqual(["2m30s"])
})

test("an object is exactly as it was recorded; one that is not there is not found in Kubernetes' words", async () => {
  const { ask, json } = await serving(life)
  expect(await json(`${pods}/a`)).toEqual(pod("a", 15, { status: { phase: "Running" } }))
  const gone = await ask(`${pods}/b`)
  expect(gone.status).toBe(404)
  expect(JSON.parse(gone.body)).toMatchObject({ reason: "NotFound", message: 'pods "b" not found' })
})

test("a watch from a list's version tells what came after it, each once", async () => {
  const { ask, json } = await serving(life)
  const { metadata } = (await json(`/at/2s@max${pods}`)) as { readonly metadata: { readonly resourceVersion: string } }
  const { body } = await ask(`/at/2s@max${pods}?watch=true&resourceVersion=${metadata.resourceVersion}`, {
    until: (heard) => heard.includes("DELETED")
  })
  expect(frames(body)).toEqual(["MODIFIED a", "DELETED b"])
})

test("C-174: through a selector an object enters and leaves", async () => {
  const { ask } = await serving(life)
  const query = "watch=true&resourceVersion=12&fieldSelector=status.phase%3DPending"
  const { body } = await ask(`/at/2s@max${pods}?${query}`, { until: (heard) => heard.split("DELETED").length > 2 })
  expect(frames(body)).toEqual(["DELETED a", "DELETED b"])
})

test("C-166, C-168: a watch from nowhere begins with what there is, and says when that is all", async () => {
  const { ask } = await serving(life)
  const { body } = await ask(`/at/2s@hold${pods}?watch=true&allowWatchBookmarks=true`, {
    until: (heard) => heard.includes("BOOKMARK")
  })
  expect(frames(body)).toEqual(["ADDED a", "ADDED b", "BOOKMARK undefined"])
  expect(body).toContain('"k8s.io/initial-events-end":"true"')
})

test("a watch is told at the recording's pace, and faster where that is asked for", async () => {
  const { ask } = await serving(life)
  const { body } = await ask(`/at/1.9s@30x${pods}?watch=true&resourceVersion=11`, {
    until: (heard) => heard.includes("MODIFIED")
  })
  expect(frames(body)).toEqual(["ADDED b", "MODIFIED a"])
})

test("C-172: a version that the reel has no longer, or never had, is expired", async () => {
  const { ask } = await serving(life)
  const { body, status } = await ask(`${pods}?watch=true&resourceVersion=3`)
  expect(status).toBe(200)
  expect(JSON.parse(body)).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } })
})

test("C-162: a version that is not there yet is too large", async () => {
  const { ask } = await serving(life)
  const { body, status } = await ask(`${pods}?resourceVersion=99&resourceVersionMatch=NotOlderThan`)
  expect(status).toBe(504)
  expect(JSON.parse(body).message).toContain("Too large resource version: 99, current:")
})

test("C-159: pages are of one state", async () => {
  const { json } = await serving(life)
  const first = await json(`/at/2s${pods}?limit=1`)
  expect(names(first)).toEqual(["a"])
  expect(first["metadata"]).toMatchObject({ remainingItemCount: 1 })
  const { continue: token } = first["metadata"] as { readonly continue: string }
  const second = await json(`/at/2s${pods}?limit=1&continue=${token}`)
  expect(names(second)).toEqual(["b"])
  expect(second["metadata"]).not.toHaveProperty("continue")
})

test("two lives under one name: each moment shows its own", async () => {
  const again = { ...pod("b", 30), metadata: { ...(pod("b", 30)["metadata"] as JsonObject), uid: "second" } }
  const { json } = await serving([...life, changed("12", "ADDED", again)])
  expect(await json(`/at/3s${pods}/b`)).toMatchObject({ metadata: { uid: "uid-b" } })
  expect(await json(`/at/13s${pods}/b`)).toMatchObject({ metadata: { uid: "second" } })
})

test("the past is read-only", async () => {
  const { ask } = await serving(life)
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const { body, status } = await ask(`${pods}/a`, { method, body: "{}", type: "application/json" })
    expect([method, status, body]).toEqual([method, 405, expect.anything()])
    expect(JSON.parse(body)).toMatchObject({ reason: "MethodNotAllowed", message: "the past is read-only" })
  }
})

test("C-196: what would be written if it were not the past can be asked", async () => {
  const tried: Array<unknown> = []
  const { ask } = await serving(life, {
    tryWrite: (objects, write, { version }) => {
      tried.push([objects.map(({ metadata }) => metadata.name), write.verb, write.fieldManager, version])
      return { status: 200, body: pod("a", 15, { status: { phase: "Tried" } }) }
    }
  })
  const asking = { method: "PATCH", body: "{}", type: "application/merge-patch+json" }
  const { body, status } = await ask(`${pods}/a?dryRun=All&fieldManager=me`, asking)
  expect([status, JSON.parse(body).status.phase]).toEqual([200, "Tried"])
  expect(tried).toEqual([[["a"], "patch", "me", "v1.35.2"]])
  expect((await ask(`${pods}/a?fieldManager=me`, asking)).status).toBe(405)
})

test("a gap at the moment is said in a warning and on the objects that it concerns", async () => {
  const gap: ClusterEvent = {
    _tag: "Gap",
    observed: at("03"),
    cause: "closed",
    detail: "the connection broke",
    resource: "pods",
    from: { at: at("03") }
  }
  const { ask } = await serving([...life.slice(0, 3), gap, ...life.slice(3)])
  const { body, headers } = await ask(`/at/4s${pods}/a`)
  expect(String(headers["warning"])).toMatch(
    /^299 - "reading the past at 2026-01-01T00:00:04\.000Z: pods were not observed since .* \(closed: the connection broke\)"$/
  )
  expect(JSON.parse(body).metadata.annotations["kubereel.dev/not-observed"]).toContain("the connection broke")
  expect((await ask(`/at/2s${pods}/a`)).headers["warning"]).toBeUndefined()
  expect((await ask("/at/4s/api/v1/nodes")).headers["warning"]).toBeUndefined()
})

test("before the recording, and long after it, a warning says so", async () => {
  const { ask } = await serving(life)
  expect(String((await ask(`/at/2025-12-31T23:00:00Z${pods}`)).headers["warning"])).toContain("is before the recording")
  expect(String((await ask(`/at/2026-01-01T01:00:00Z${pods}`)).headers["warning"])).toContain("is after the end")
  expect((await ask(`/at/20s${pods}`)).headers["warning"]).toBeUndefined()
})

test("what the recorder was not allowed to see is forbidden, not empty", async () => {
  const recorder = { resources: ["pods", "nodes"], namespace: null, selector: null, cluster: "" }
  const denied: ClusterEvent = {
    _tag: "Gap",
    observed: at("00"),
    cause: "denied",
    detail: "nodes is forbidden: not you",
    resource: "nodes"
  }
  const { ask, json } = await serving([started({ recorder }), denied, ...life.slice(1)])
  const { body, status } = await ask("/at/4s/api/v1/nodes")
  expect(status).toBe(403)
  expect(JSON.parse(body).message).toContain("the recorder was not allowed to look")
  const { resources } = (await json("/api/v1")) as { readonly resources: ReadonlyArray<{ readonly name: string }> }
  expect(resources.map(({ name }) => name).filter((name) => !name.includes("/"))).toEqual(["nodes", "pods"])
  expect((await ask("/api/v1/events")).status).toBe(404)
})

test("with shifted times the moment is now, and a warning says that times were moved", async () => {
  const { ask } = await serving(life, { shiftTimes: true })
  const { body, headers } = await ask(`/at/5s${pods}/a`)
  const created = Date.parse(JSON.parse(body).metadata.creationTimestamp)
  const age = (Date.parse(String(headers["date"])) - created) / 1_000
  expect(Math.round(age)).toBeGreaterThanOrEqual(4)
  expect(Math.round(age)).toBeLessThanOrEqual(6)
  expect(String(headers["warning"])).toContain("all times are shifted")
})

test("a moment that is none is refused with a sentence that says how to write one", async () => {
  const { json } = await serving(life)
  expect((await json("/at/noon/version"))["message"]).toContain('"noon" is no moment; write /at/2026-')
  expect((await json("/seq/x/version"))["message"]).toContain("write /seq/1234")
  expect((await json("/live@fast/version"))["message"]).toContain("write /live@2x")
  expect((await json("/at/3s@fast/version"))["message"]).toContain("write @60x")
})

test("nobody is answered without the token, but that the server is well", async () => {
  const { ask } = await serving(life)
  expect((await ask(pods, { token: "guess" })).status).toBe(401)
  expect(JSON.parse((await ask(pods, { token: "guess" })).body)).toMatchObject({ reason: "Unauthorized" })
  expect(await ask("/healthz", { token: "guess" })).toMatchObject({ status: 200, body: "ok" })
})

test("the version is the recording's own", async () => {
  const { json } = await serving(life)
  expect(await json("/version")).toMatchObject({ gitVersion: "v1.35.2", minor: "35" })
})
