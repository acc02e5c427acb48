/**
 * Joined nodes beside KWOK at scale, on one real control plane: how long until the nodes are ready, how long until all pods run, how long
 * until they are gone, and what processor time and memory that takes, of the nodes' own process and of the API server with its etcd.
 *
 *   bash packages/backend-k8s/rig/rig.sh up scale -
 *   node --conditions=source packages/cli/bench/joined/scale.ts KUBECONFIG kubereel|"KWOK --config STAGES" [NODES [PODS]]
 *
 * Pods are made with their node's name, as fast as the server takes them: what controllers and the scheduler may ask a second would be all
 * that is measured otherwise. KWOK is `go install sigs.k8s.io/kwok/cmd/kwok@v0.8.0`; its stages are files of that module, in
 * `kustomize/stage`: node/fast, node/heartbeat-with-lease and pod/fast.
 */
import { spawn } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { RequestPool } from "@kubereel/backend-k8s"
import type { Answer, Json, JsonObject } from "@kubereel/core"
import { Effect } from "effect"

const [kubeconfig = "", who = "kubereel", nodesText = "1000", podsText = "10000"] = process.argv.slice(2)
const [kwok = "", ...flags] = who.split(" ")
const [nodes, pods] = [Number(nodesText), Number(podsText)]
const pool = await Effect.runPromise(RequestPool.make({ kubeconfig }))

const ask = (method: "GET" | "POST" | "DELETE", path: string, body?: Json): Promise<Answer> =>
  new Promise((resolve) => pool.send({ method, path, ...(body === undefined ? {} : { body }) }, resolve))

interface Use {
  /** Seconds of processor time. */
  readonly cpu: number
  /** Megabytes, at most. */
  readonly memory: number
}

const TICKS_A_SECOND = 100

const useOf = (pid: number): Use => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ")
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0"
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, memory: Number(peak) / 1_024 }
}

const pidsOf = (program: string): ReadonlyArray<number> =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === program
      } catch {
        return false
      }
    })

const sum = (pids: ReadonlyArray<number>): number => pids.map((pid) => useOf(pid).cpu).reduce((a, b) => a + b, 0)

const servers = (): number => sum([...pidsOf("kube-apiserver"), ...pidsOf("etcd")])

const nodeName = (index: number): string => `scale-${index}`

const start = () => {
  const main = join(import.meta.dirname, "../../src/main.ts")
  const ours = [
    "--conditions=source",
    main,
    "join",
    "--kubeconfig",
    kubeconfig,
    "--name",
    "scale",
    "--nodes",
    `${nodes}`
  ]
  const theirs = ["--kubeconfig", kubeconfig, "--manage-all-nodes=true", "--node-lease-duration-seconds=40"]
  return who === "kubereel"
    ? spawn(process.execPath, ours, { stdio: "inherit" })
    : spawn(kwok, [...flags, ...theirs], { stdio: ["ignore", "ignore", "inherit"] })
}

/** KWOK looks after Nodes that somebody makes. */
const makeNodes = () =>
  Promise.all(
    Array.from({ length: nodes }, (_, i) =>
      ask("POST", "/api/v1/nodes", {
        ...{ apiVersion: "v1", kind: "Node" },
        metadata: { name: nodeName(i) },
        status: {
          allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
          capacity: { cpu: "4", memory: "8Gi", pods: "110" }
        }
      })
    )
  )

const pod = (index: number): Json => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `p-${index}` },
  spec: {
    nodeName: nodeName(index % nodes),
    tolerations: [{ operator: "Exists" }],
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: "example.com/app:1" }]
  }
})

type Items = ReadonlyArray<JsonObject>

const isReady = ({ status }: JsonObject): boolean =>
  (((status as JsonObject)["conditions"] ?? []) as Items).some(
    (one) => one["type"] === "Ready" && one["status"] === "True"
  )

const count = async (path: string, holds: (item: JsonObject) => boolean): Promise<number> => {
  const { body } = await ask("GET", `${path}?resourceVersion=0`)
  return ((body["items"] ?? []) as Items).filter(holds).length
}

const began = performance.now()
const seconds = (): number => (performance.now() - began) / 1_000
const say = (what: string, child: { readonly pid?: number | undefined }): void => {
  const { cpu, memory } = useOf(child.pid ?? 0)
  process.stdout.write(
    `${what}: ${seconds().toFixed(1)} s; ${who === "kubereel" ? "kubereel" : "kwok"}: ${cpu.toFixed(1)} s of processor time, ${memory.toFixed(0)} MB at most; API server and etcd: ${(servers() - before).toFixed(1)} s\n`
  )
}

/** Longer than that it takes on no machine, unless something is wrong. In seconds. */
const PATIENCE = 900

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) {
    if (seconds() > PATIENCE) {
      process.stdout.write(`given up after ${PATIENCE} s\n`)
      return
    }
    await sleep(3_000)
  }
}

const before = servers()
const child = start()
await ask("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "scale" } })
if (who !== "kubereel") await makeNodes()
await until(async () => (await count("/api/v1/nodes", isReady)) >= nodes)
say(`${nodes} nodes ready`, child)
const podsPath = "/api/v1/namespaces/scale/pods"
const made = await Promise.all(Array.from({ length: pods }, (_, i) => ask("POST", podsPath, pod(i))))
const refused = made.find(({ status }) => status !== 201)
if (refused !== undefined) process.stdout.write(`refused: ${JSON.stringify(refused.body)}\n`)
say(`${pods} pods made`, child)
await until(async () => (await count(podsPath, isReady)) >= pods)
say(`${pods} pods ready`, child)
await sleep(30_000)
say("30 s later", child)
await Promise.all(Array.from({ length: pods }, (_, i) => ask("DELETE", `${podsPath}/p-${i}`)))
await until(async () => (await count(podsPath, () => true)) === 0)
say(`${pods} pods gone`, child)
child.kill("SIGINT")
await new Promise((resolve) => child.once("exit", resolve))
if (who !== "kubereel") await ask("DELETE", "/api/v1/nodes")
await ask("DELETE", "/api/v1/namespaces/scale")
process.stdout.write(`gone after ${seconds().toFixed(1)} s\n`)
process.exit(0)
