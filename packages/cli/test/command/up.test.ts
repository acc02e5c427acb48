/** A cluster that lives, as a process of its own; its clock and its faults are steered from here. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterAll, beforeAll } from "vitest"
import { invoke } from "./invoke.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-up-"))
const at = (name: string): string => join(folder, name)
const [kubeconfig, reel] = [at("up.kubeconfig"), at("up.reel")]
const main = join(import.meta.dirname, "../../src/main.ts")

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          { name: "main", image: "busybox", command: ["sleep", "86400"], env: [{ name: "PASSWORD", value: "hunter2" }] }
        ]
      }
    }
  }
}

const settings = [
  { apiVersion: "v1", kind: "Secret", metadata: { name: "login" }, stringData: { password: "hunter3" } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "colours" }, data: { sky: "hunter4" } }
]

let child: ChildProcess
let said = ""
const ended = () => new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)))

beforeAll(async () => {
  writeFileSync(at("web.json"), JSON.stringify(deployment))
  writeFileSync(at("settings.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items: settings }))
  const flags = [
    "--paused",
    "--nodes",
    "2",
    "--kubeconfig",
    kubeconfig,
    "-o",
    reel,
    "-f",
    at("web.json"),
    "-f",
    at("settings.json")
  ]
  child = spawn(process.execPath, ["--conditions=source", main, "up", ...flags], { cwd: folder })
  child.stdout?.on("data", (chunk) => (said += chunk))
  child.stderr?.on("data", (chunk) => (said += chunk))
  await new Promise<void>((resolve, reject) => {
    const look = setInterval(() => {
      if (!existsSync(kubeconfig) && child.exitCode === null) return
      clearInterval(look)
      if (child.exitCode === null) resolve()
      else reject(new Error(said))
    }, 50)
  })
}, 60_000)

afterAll(() => {
  child.kill("SIGKILL")
  rmSync(folder, { recursive: true })
})

const clock = (...args: ReadonlyArray<string>) => invoke("clock", ...args, "--kubeconfig", kubeconfig)
const fault = (...args: ReadonlyArray<string>) => invoke("fault", ...args, "--kubeconfig", kubeconfig)

describe("kubereel up", () => {
  it.effect("has a clock that is read and steered", () =>
    Effect.gen(function* () {
      assert.match((yield* clock("status")).stdout, /^\S+Z, paused \(10x when it runs\)\n$/)
      const before = JSON.parse((yield* clock("status", "--json")).stdout)
      const after = JSON.parse((yield* clock("step", "30s", "--json")).stdout)
      assert.strictEqual(Date.parse(after.now) - Date.parse(before.now), 30_000)
      assert.match((yield* clock("speed", "max")).stdout, /paused \(as fast as it goes when it runs\)/)
      const ready = yield* clock("until", "ready")
      assert.deepStrictEqual([ready.code, ready.stderr], [0, ""])
    })
  )

  it.effect("has faults that are made, listed and healed", () =>
    Effect.gen(function* () {
      const made = yield* fault("node", "node-1", "power=off", "--name", "dark")
      assert.deepStrictEqual([made.code, made.stdout], [0, "fault dark: injected; healed when it is deleted\n"])
      assert.match((yield* fault("list")).stdout, /^dark\tInjected\t\{"node":\{"name":"node-1","power":"off"\}\}/)
      yield* clock("step", "2m")
      assert.deepStrictEqual(yield* fault("heal", "dark"), { code: 0, stdout: "fault dark is over\n", stderr: "" })
      assert.strictEqual((yield* fault("list")).stdout, "there are no faults\n")
      const nobody = yield* fault("kill", "nobody/main")
      assert.strictEqual(nobody.code, 65)
      assert.match(nobody.stderr, /^kubereel: fault fault-\w+: no process of nobody\/main runs/)
      assert.strictEqual((yield* fault("list")).stdout, "there are no faults\n")
    })
  )

  it.effect("says in a sentence what is wrong with an order", () =>
    Effect.gen(function* () {
      const wrong: ReadonlyArray<readonly [number, RegExp, ReturnType<typeof invoke>]> = [
        [64, /there is no order "stop"; there are status, pause, resume, step, speed, jump, until/, clock("stop")],
        [64, /clock step: needs a duration such as 30s/, clock("step")],
        [64, /clock step: "soon" is no duration/, clock("step", "soon")],
        [64, /clock jump: the clock stands at .* and cannot go back to/, clock("jump", "2001-01-01T00:00:00Z")],
        [64, /there is no order "burn"; there are node, kill, runtime, watch, list, heal/, fault("burn")],
        [64, /fault: "power" is no KEY=VALUE/, fault("node", "node-1", "power")],
        [65, /spec\.node\.power: .*off/, fault("node", "node-1", "power=half")],
        [65, /nodes "elsewhere" not found/, fault("node", "elsewhere", "power=off")],
        [65, /faults\.kubereel\.dev "none" not found/, fault("heal", "none")],
        [
          66,
          /there is no such file; start a cluster with `kubereel up`/,
          invoke("clock", "status", "--kubeconfig", at("none"))
        ],
        [64, /--speed: "fast" is none/, invoke("up", "--speed", "fast")],
        [64, /--nodes: got -1/, invoke("up", "--nodes", "-1")],
        [66, /there is no such file/, invoke("up", "-f", at("none.yaml"))],
        [
          65,
          /serves no such kind in version example\.com\/v1/,
          invoke("up", "-f", at("cat.json"), "-o", at("other.reel"))
        ]
      ]
      writeFileSync(
        at("cat.json"),
        JSON.stringify({ apiVersion: "example.com/v1", kind: "Cat", metadata: { name: "c" } })
      )
      for (const [code, message, asked] of wrong) {
        const answer = yield* asked
        assert.match(answer.stderr, message)
        assert.deepStrictEqual([answer.code, answer.stdout], [code, ""], answer.stderr)
      }
      assert.isFalse(existsSync(at("other.reel")))
    })
  )

  it.effect("leaves a whole reel behind when it is stopped, without secrets", () =>
    Effect.gen(function* () {
      const end = ended()
      child.kill("SIGINT")
      assert.strictEqual(yield* Effect.promise(() => end), 0, said)
      assert.match(
        said,
        /a simulated cluster of 2 nodes is served at https:\/\/127\.0\.0\.1:\d+, its clock stands still/
      )
      assert.strictEqual((yield* invoke("verify", reel)).code, 0)
      const lines = (yield* invoke("export", reel, "--format", "watch")).stdout
      assert.include(lines, '"name":"web"')
      for (const secret of ["hunter2", "hunter3", "hunter4"]) assert.notInclude(lines, secret)
      assert.match(lines, /"password":"\[redacted by kubereel:/)
      assert.match(lines, /"sky":"\[redacted by kubereel:/)
      assert.match((yield* invoke("show", reel)).stdout, /node-1/)
      const again = yield* invoke("up", "-o", reel)
      assert.notStrictEqual(again.code, 0)
      assert.match(again.stderr, /up\.reel/)
    })
  )
})
