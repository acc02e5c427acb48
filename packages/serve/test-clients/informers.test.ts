/** @kubernetes/client-node: informers of a simulated cluster, and of a past that is replayed. */
import {
  AppsV1Api,
  CoreV1Api,
  type Informer,
  KubeConfig,
  makeInformer,
  type ObjectCache,
  type V1Pod
} from "@kubernetes/client-node"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { eventually } from "./clients/eventually.ts"
import { fileOf, kubereel, type Server, scratch, startServer } from "./clients/kubereel.ts"

type PodInformer = Informer<V1Pod> & ObjectCache<V1Pod>

/** What an informer told, one line a notification. */
const told = (informer: PodInformer): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const verb of ["add", "update", "delete"] as const)
    informer.on(verb, (pod) => lines.push(`${verb} ${pod.metadata?.name} ${pod.status?.phase}`))
  // That it was stopped is an error, too, in its own words.
  informer.on("error", (cause: unknown) => {
    if (!String(cause).startsWith("AbortError")) lines.push(`error ${cause}`)
  })
  informer.on("connect", () => lines.push("connect"))
  return lines
}

const deployment = (name: string, replicas: number) => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: "nginx:1.29" }] } }
  }
})

describe("an informer of a simulated cluster", () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer("up", "--nodes", "2", "--speed", "20")
  })
  afterAll(() => server.stop())

  const informerOf = (namespace: string, first?: string): PodInformer => {
    const config = server.kubeConfig()
    const core = config.makeApiClient(CoreV1Api)
    let asked = 0
    return makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, async () => {
      const list = await core.listNamespacedPod({ namespace })
      if (asked++ === 0 && first !== undefined && list.metadata !== undefined) list.metadata.resourceVersion = first
      return list
    })
  }

  it("is told of each pod that comes, becomes ready and goes, and knows in the end what a list says", async () => {
    const informer = informerOf("default")
    const lines = told(informer)
    await informer.start()
    const config = server.kubeConfig()
    const apps = config.makeApiClient(AppsV1Api)
    await apps.createNamespacedDeployment({ namespace: "default", body: deployment("web", 3) })
    const phases = () => informer.list("default").map(({ status }) => status?.phase)
    await eventually("three pods run", phases, (seen) => seen.filter((phase) => phase === "Running").length === 3)
    await apps.patchNamespacedDeploymentScale({
      name: "web",
      namespace: "default",
      body: [{ op: "replace", path: "/spec/replicas", value: 1 }]
    })
    await eventually("one pod is left", phases, (seen) => seen.length === 1)
    await informer.stop()
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "default" })
    expect(informer.list("default").map(({ metadata }) => metadata?.resourceVersion)).toEqual(
      items.map(({ metadata }) => metadata?.resourceVersion)
    )
    expect(lines.filter((line) => line.startsWith("add")).length).toBe(3)
    expect(lines.filter((line) => line.startsWith("delete")).length).toBe(2)
    expect(lines.filter((line) => line.startsWith("error"))).toEqual([])
  })

  it("lists again when the version that it watched from is too old (410), and loses nothing", async () => {
    const core = server.kubeConfig().makeApiClient(CoreV1Api)
    await core.createNamespacedPod({
      namespace: "kube-public",
      body: { metadata: { name: "old" }, spec: { containers: [{ name: "main", image: "nginx:1.29" }] } }
    })
    const informer = informerOf("kube-public", "1")
    const lines = told(informer)
    await informer.start()
    await eventually(
      "the second connection",
      () => lines.filter((line) => line === "connect").length,
      (count) => count >= 2
    )
    await core.deleteNamespacedPod({ namespace: "kube-public", name: "old", gracePeriodSeconds: 0 })
    await eventually(
      "the pod is gone",
      () => informer.list("kube-public").length,
      (count) => count === 0
    )
    await informer.stop()
    expect(lines.filter((line) => line.startsWith("error"))).toEqual([])
  })
})

describe("an informer of a past that is replayed", () => {
  const files = scratch()
  let server: Server
  beforeAll(async () => {
    const reel = `${files.path}/deployment-scale.reel`
    await kubereel("import", fileOf("recordings/deployment-scale.1.jsonl.gz"), "-o", reel)
    server = await startServer("serve", reel)
  })
  afterAll(async () => {
    await server.stop()
    files.remove()
  })

  it("is told of the whole recording, in its order, and knows in the end what was there in the end", async () => {
    const at = (moment: string): KubeConfig => {
      const config = new KubeConfig()
      config.loadFromFile(server.kubeconfigAt(moment))
      return config
    }
    const past = at("/at/start@max")
    const core = past.makeApiClient(CoreV1Api)
    const informer = makeInformer(past, "/api/v1/namespaces/deployment-scale/pods", () =>
      core.listNamespacedPod({ namespace: "deployment-scale" })
    )
    const lines = told(informer)
    await informer.start()
    const { items } = await at("").makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "deployment-scale" })
    const versions = (pods: ReadonlyArray<V1Pod>) => pods.map(({ metadata }) => metadata?.resourceVersion).sort()
    await eventually(
      "the end of the recording",
      () => versions(informer.list()),
      (seen) => lines.length > 10 && JSON.stringify(seen) === JSON.stringify(versions(items))
    )
    await informer.stop()
    expect(lines.filter((line) => line.startsWith("error"))).toEqual([])
  })
})
