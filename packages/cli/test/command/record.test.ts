import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { FakeApiServer } from "@kubereel/backend-k8s/testing"
import { Effect } from "effect"
import { parseAllDocuments } from "yaml"
import { isPassing } from "../../src/action/recordCluster.ts"
import { invoke } from "./invoke.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-record-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const kubeconfig = (path: string, server: string): string => {
  const file = join(path, "kubeconfig")
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "fake", cluster: { server } }],
    users: [{ name: "me", user: { token: "t" } }],
    contexts: [{ name: "fake", context: { cluster: "fake", user: "me" } }],
    "current-context": "fake"
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

const given = Effect.gen(function* () {
  const path = yield* folder
  const server = yield* Effect.acquireRelease(
    Effect.promise(() => FakeApiServer.start()),
    (server) => Effect.promise(() => server.stop())
  )
  const config = kubeconfig(path, server.url)
  const reel = join(path, "a.reel")
  return {
    path,
    server,
    config,
    reel,
    record: (...more: ReadonlyArray<string>) => invoke("record", "--kubeconfig", config, ...more)
  }
})

const documents = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Record<string, never>)

describe("a failure of the log", () => {
  it("passes when it is the disk that is full, however far below (guarantee 19)", () => {
    const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" })
    assert.isTrue(isPassing({ cause: full }))
    assert.isTrue(isPassing({ cause: new Error("nothing could be appended", { cause: full }) }))
    assert.isFalse(isPassing({ cause: new Error("another writer has taken over the reel") }))
  })
})

describe("kubereel record", () => {
  it.live("writes a reel, ends well, and goes on with it", () =>
    Effect.gen(function* () {
      const { server, reel, record } = yield* given
      const env = [{ name: "PASSWORD", value: "hunter2" }]
      const pod = server.create("pods", "web-0", { spec: { containers: [{ name: "app", image: "i", env }] } })
      const first = yield* record("-o", reel, "--for", "500ms")
      assert.strictEqual(first.code, 0, first.stderr)
      assert.match(first.stderr, /a\.reel: \d+ events in .*, 0 gaps; `kubereel show .*` shows them$/)
      server.delete(pod.metadata.uid)
      const second = yield* record("-o", reel, "--for", "500ms", "--json")
      const answer = JSON.parse(second.stdout)
      assert.strictEqual(answer.received, answer.events + answer.repeated)
      assert.deepInclude(answer, { schemaVersion: 1, reel, gaps: { stopped: 10 }, denied: [] })
      const shown = yield* invoke("show", reel)
      assert.match(shown.stdout, /web-0 .*listed/)
      assert.match(
        shown.stdout,
        /GAP: pods not observed since .* \(stopped\): the recorder was not running; nothing was found changed/
      )
      assert.match(shown.stdout, /web-0 .*gone/)
      assert.strictEqual(statSync(`${reel}.key`).mode & 0o777, 0o600)
      assert.notInclude(readFileSync(reel, "latin1"), "hunter2")
      assert.strictEqual((yield* invoke("verify", reel)).code, 0)
    }).pipe(Effect.scoped)
  )

  it.live("leaves nothing behind where the cluster cannot be reached, and says so (69)", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const config = kubeconfig(path, "http://127.0.0.1:1")
      const { code, stderr } = yield* invoke("record", "--kubeconfig", config, "-o", join(path, "a.reel"))
      assert.strictEqual(code, 69)
      assert.strictEqual(stderr, "kubereel: http://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1")
      assert.deepStrictEqual(readdirSync(path), ["kubeconfig"])
    }).pipe(Effect.scoped)
  )

  it.live("refuses with one sentence what it cannot do", () =>
    Effect.gen(function* () {
      const { path, config, reel, server, record } = yield* given
      const said = (result: { readonly code: number; readonly stderr: string }) => `${result.code} ${result.stderr}`
      assert.match(
        said(yield* invoke("record", "--kubeconfig", join(path, "none"))),
        /^66 kubereel: .*none: cannot be read/
      )
      assert.match(said(yield* record("--context", "other")), /^64 kubereel: .*: has no context "other"; it has fake$/)
      assert.match(said(yield* record("--for", "soon")), /^64 kubereel: --for: "soon" is no duration/)
      assert.match(said(yield* record("--max-size", "much")), /^64 kubereel: --max-size: "much" is no size/)
      assert.match(said(yield* record("--max-size", "1Mi")), /^64 kubereel: --max-size: 1Mi is too little/)
      assert.match(said(yield* record("--max-age", "old")), /^64 kubereel: --max-age: "old" is no duration/)
      writeFileSync(join(path, "broken"), "[")
      assert.match(
        said(yield* invoke("record", "--kubeconfig", join(path, "broken"))),
        /^65 kubereel: .*broken: is no kubeconfig/
      )
      assert.strictEqual((yield* record("-o", reel, "--for", "100ms")).code, 0)
      assert.match(
        said(yield* record("-o", reel, "-n", "shop")),
        /^65 kubereel: .*a\.reel: was recorded with neither --namespace nor --selector; name another file with -o$/
      )
      for (const name of [
        "pods",
        "nodes",
        "events",
        "namespaces",
        "deployments.apps",
        "replicasets.apps",
        "statefulsets.apps",
        "daemonsets.apps",
        "jobs.batch",
        "cronjobs.batch"
      ])
        server.forbidden.add(name)
      const other = join(path, "b.reel")
      assert.match(said(yield* record("-o", other)), /^69 kubereel: nothing may be recorded: .*--print-rbac/)
      assert.isFalse(existsSync(other))
      assert.isTrue(existsSync(config))
    }).pipe(Effect.scoped)
  )

  it.effect("prints the least rights, without a cluster", () =>
    Effect.gen(function* () {
      const [account, role, binding] = documents((yield* invoke("record", "--print-rbac")).stdout)
      assert.deepStrictEqual([account?.["kind"], role?.["kind"], binding?.["kind"]], [
        "ServiceAccount",
        "ClusterRole",
        "ClusterRoleBinding"
      ] as never)
      const rules = role?.["rules"] as unknown as ReadonlyArray<{
        verbs: ReadonlyArray<string>
        resources: ReadonlyArray<string>
        resourceNames?: ReadonlyArray<string>
      }>
      for (const { verbs, resources, resourceNames } of rules) {
        assert.notInclude(resources, "secrets")
        assert.deepStrictEqual(verbs, resourceNames === undefined ? ["list", "watch"] : ["get"])
      }
      const narrow = documents((yield* invoke("record", "--print-rbac", "-n", "shop")).stdout)
      assert.deepStrictEqual(
        narrow.map((document) => String(document["kind"])),
        ["ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]
      )
    })
  )

  it.effect("prints what runs it in the cluster", () =>
    Effect.gen(function* () {
      const without = yield* invoke("record", "--print-manifest")
      assert.deepInclude(without, { code: 64 })
      assert.match(without.stderr, /--image$/)
      const all = documents(
        (yield* invoke("record", "--print-manifest", "--image", "here/kubereel:1", "-n", "shop", "--no-redact")).stdout
      )
      const workload = all.find((document) => document["kind"] === "StatefulSet") as unknown as {
        spec: {
          replicas: number
          template: { spec: { containers: ReadonlyArray<{ image: string; command: ReadonlyArray<string> }> } }
        }
      }
      assert.strictEqual(workload.spec.replicas, 1)
      assert.deepStrictEqual(
        workload.spec.template.spec.containers.map(({ image, command }) => [image, command.join(" ")]),
        [["here/kubereel:1", "kubereel record --out /reel/cluster.reel --namespace shop --no-redact"]]
      )
    })
  )
})
