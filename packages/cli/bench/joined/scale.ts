/**
 * Joined nodes beside KWOK at scale, on one real control plane: how long until the nodes are ready, how long until all pods run, how long
 * until they are gone, and what processor time and memory that takes, of the nodes' own process and of the API server with its etcd.
 *
 *   bash packages/backend-k8s/rig/rig.sh up scale -
 *   node --conditions=source packages/cli/bench/joined/scale.ts KUBECONFIG kubereel|kwok [NODES [PODS]]
 *
 * Pods are made with their node's name, as fast as the server takes them: what controllers and the scheduler may ask a second would be all
 * that is measured otherwise.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { RequestPool } from "@kubereel/backend-k8s"
import type { Answer, Json, JsonObject } from "@kubereel/core"
import { Effect } from "effect"
import { findKwok, nodeOf, startKwok } from "./kwok.ts"
import { cpuOf, pidsOf, useOf } from "./processUse.ts"

const [kubeconfig = "", who = "kubereel", nodesText = "1000", podsText = "10000"] = process.argv.slice(2)
const found = who === "kubereel" ? undefined : findKwok()
if (found !== undefined && "reason" in found) throw new Error(`KWOK cannot be had: ${found.reason}`)
const kwok = found
const [nodes, pods] = [Number(nodesText), Number(podsText)]
const pool = await Effect.runPromise(RequestPool.make({ kubeconfig }))

const ask = (method: "GET" | "POST" | "DELETE", path: string, body?: Json): Promise<Answer> =>
  new Promise((resolve) => pool.send({ method, path, ...(body === undefined ? {} : { body }) }, resolve))

const servers = (): number => cpuOf(pidsOf("kube-apiserver", "etcd"))

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
  return kwok === undefined ? spawn(process.execPath, ours, { stdio: "inherit" }) : startKwok(kwok, kubeconfig)
}

const makeNodes = () =>
  Promise.all(Array.from({ length: nodes }, (_, i) => ask("POST", "/api/v1/nodes", nodeOf(nodeName(i)))))

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
