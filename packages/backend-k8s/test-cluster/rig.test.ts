/** What can be done to the rig happens, and is what it is called. */
import { assert, describe, it } from "@effect/vitest"
import { eventually, type Rig, testCluster, testNamespace } from "@kubereel/backend-k8s/rig"
import { Watch } from "@kubernetes/client-node"
import { Effect, Fiber } from "effect"

const cluster = await Effect.runPromise(testCluster)

const sleeper = (name: string, node: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: cluster.image, command: ["sleep", "1000000"] }]
  }
})
const configMap = (name: string, value: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data: { value }
})

interface Seen {
  readonly type: string
  readonly object: unknown
}

/** What a watch shows up to the first object that is gone: the client library's own watch, as a witness. */
const untilDeleted = (path: string) =>
  Effect.callback<ReadonlyArray<Seen>>((resume) => {
    const seen: Array<Seen> = []
    const see = (type: string, object: unknown) => {
      seen.push({ type, object })
      if (type !== "DELETED") return
      resume(Effect.succeed(seen))
      hangUp()
    }
    const connection = new Watch(cluster.kubeConfig()).watch(path, {}, see, (cause) => resume(Effect.die(cause)))
    const hangUp = () => void connection.then((controller) => controller.abort())
    return Effect.sync(hangUp)
  })

const nodeReady = (rig: Rig, node: string) =>
  rig.kubectl([
    ...["get", "node", node, "-o"],
    'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].lastTransitionTime}'
  ])
const isReady = (answer: string) => answer.startsWith("True ")
const isUnknown = (answer: string) => answer.startsWith("Unknown ")

describe.runIf(cluster.rig !== undefined)("on the rig", () => {
  const rig = cluster.rig!
  /** After an outage the cluster's own clients wait for up to a minute before they try again: the next test need not. */
  const reconnect = Effect.suspend(() => {
    const clients = [rig.controllerManager, rig.scheduler, ...rig.nodes.map(({ kubelet }) => kubelet)]
    return Effect.ignore(Effect.forEach(clients, ({ restart }) => restart, { concurrency: "unbounded" }))
  })

  it.live("an API server that was restarted, or killed, has every object as it was", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const namespace = yield* testNamespace(cluster, "kubereel-restart")
        yield* namespace.apply(configMap("a", "1"), configMap("b", "2"))
        const identities = namespace.read(
          "configmaps",
          "{range .items[*]}{.metadata.uid} {.metadata.resourceVersion} {end}"
        )
        const before = yield* identities
        yield* Effect.addFinalizer(() => reconnect)
        yield* rig.apiServer.restart
        assert.strictEqual(yield* identities, before)
        yield* rig.apiServer.kill
        const refused = yield* Effect.flip(identities)
        assert.match(refused.message, /was refused/)
        yield* rig.apiServer.start
        assert.strictEqual(yield* identities, before)
      })
    )
  )

  it.live("a version from before a compaction is gone after the API server's restart: 410", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const namespace = yield* testNamespace(cluster, "kubereel-compact")
        const list = `/api/v1/namespaces/${namespace.name}/configmaps`
        const version = Effect.map(
          rig.kubectl(["get", "--raw", list]),
          (body) => JSON.parse(body).metadata.resourceVersion
        )
        yield* namespace.apply(configMap("a", "1"))
        const old = yield* version
        const atOld = rig.kubectl(["get", "--raw", `${list}?resourceVersion=${old}&resourceVersionMatch=Exact`])
        yield* namespace.apply(configMap("a", "2"))
        assert.strictEqual(JSON.parse(yield* atOld).metadata.resourceVersion, old)
        const compacted = yield* rig.compact
        assert.isAbove(compacted, Number(old))
        yield* Effect.addFinalizer(() => reconnect)
        yield* rig.apiServer.restart
        assert.match((yield* Effect.flip(atOld)).message, /too old|compacted/)
      })
    )
  )

  it.live("the audit log has each version of a pod that a watch shows, complete", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const namespace = yield* testNamespace(cluster, "kubereel-audit")
        const watching = yield* Effect.forkScoped(untilDeleted(`/api/v1/namespaces/${namespace.name}/pods`))
        yield* namespace.apply(sleeper("p", "rig-1"))
        yield* eventually("p runs", namespace.read("pod/p", "{.status.phase}"), (phase) => phase === "Running")
        yield* namespace.kubectl(["delete", "pod", "p"])
        const seen = yield* Fiber.join(watching)
        const audited = (yield* rig.auditLines)
          .map((line) => JSON.parse(line))
          .filter(({ objectRef }) => objectRef?.namespace === namespace.name && objectRef.resource === "pods")
          .map(({ responseObject }) => responseObject)
        assert.isAbove(seen.length, 3)
        const versionOf = (object: unknown) =>
          (object as { metadata: { resourceVersion: string; deletionGracePeriodSeconds?: number } } | undefined)
            ?.metadata
        // The kubelet's last delete writes twice, first a grace of zero, then the end: its answer is the end.
        for (const { object } of seen.filter((event) => versionOf(event.object)?.deletionGracePeriodSeconds !== 0)) {
          const version = versionOf(object)?.resourceVersion
          assert.deepInclude(
            audited.filter((candidate) => versionOf(candidate)?.resourceVersion === version),
            object
          )
        }
      })
    )
  )

  it.live("a killed container is started again, and a killed sandbox made anew", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const namespace = yield* testNamespace(cluster, "kubereel-kill")
        yield* namespace.apply(sleeper("p", "rig-2"))
        const runs = namespace.read(
          "pod/p",
          "{.status.containerStatuses[0].restartCount} {.status.phase} {.status.podIP}"
        )
        const first = yield* eventually("p runs", runs, (answer) => answer.startsWith("0 Running 10.88.1."))
        const node = rig.node("rig-2")
        yield* node.kill({ namespace: namespace.name, pod: "p", container: "main" })
        const last =
          "{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].lastState.terminated.exitCode}"
        yield* eventually("main is restarted", namespace.read("pod/p", last), (answer) => answer === "1 137")
        yield* node.kill({ namespace: namespace.name, pod: "p", container: "(sandbox)" })
        const other = (answer: string) => /Running 10/.test(answer) && answer.split(" ")[2] !== first.split(" ")[2]
        yield* eventually("p has another address", runs, other, { seconds: 90 })
        const nobody = yield* Effect.flip(node.kill({ namespace: namespace.name, pod: "p", container: "other" }))
        assert.match(nobody.message, /on rig-2 no container other of pod kubereel-kill\/p is running/)
      })
    )
  )

  it.live("a node without power has nothing running, and starts anew with another boot id", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const node = rig.node("rig-2")
        const namespace = yield* testNamespace(cluster, "kubereel-power")
        yield* namespace.apply(sleeper("p", node.name))
        yield* eventually("p runs", namespace.read("pod/p", "{.status.phase}"), (phase) => phase === "Running")
        const boot = rig.kubectl(["get", "node", node.name, "-o", "jsonpath={.status.nodeInfo.bootID}"])
        const before = yield* boot
        yield* Effect.acquireRelease(node.powerOff, () => Effect.ignore(node.powerOn))
        assert.match((yield* Effect.flip(node.enter("true"))).message, /the power of rig-2 is off/)
        yield* node.powerOn
        yield* eventually("another boot id", boot, (id) => id !== before)
        const restarts = namespace.read("pod/p", "{.status.containerStatuses[0].restartCount} {.status.phase}")
        yield* eventually("p runs again", restarts, (answer) => answer === "1 Running")
        yield* eventually("the node is ready", nodeReady(rig, node.name), isReady)
      })
    )
  )

  it.live("a kubelet that stopped and a node that is cut off are not ready after their grace, and come back", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const [stopped, cut] = [rig.node("rig-1"), rig.node("rig-2")]
        yield* Effect.acquireRelease(stopped.kubelet.stop, () => Effect.ignore(stopped.kubelet.start))
        yield* Effect.acquireRelease(cut.cutNetwork, () => Effect.ignore(cut.healNetwork))
        yield* Effect.flip(cut.enter("busybox", "ping", "-c", "1", "-W", "1", "10.89.0.254"))
        const lost = Effect.all([nodeReady(rig, "rig-1"), nodeReady(rig, "rig-2")])
        const answers = yield* eventually("both are lost", lost, (both) => both.every(isUnknown), { seconds: 100 })
        for (const [index, answer] of answers.entries()) {
          const lease = [
            "get",
            "lease",
            `rig-${index + 1}`,
            "-n",
            "kube-node-lease",
            "-o",
            "jsonpath={.spec.renewTime}"
          ]
          const silence = Date.parse(answer.split(" ")[1] ?? "") - Date.parse(yield* rig.kubectl(lease))
          // The controller manager's node-monitor-grace-period; the condition's stamp is a whole second.
          assert.isAtLeast(silence, 49_000)
        }
        // What ran on them goes on.
        assert.include(yield* cut.enter("cat", "/proc/1/cmdline"), "rig-2")
        yield* stopped.kubelet.start
        yield* cut.healNetwork
        for (const name of ["rig-1", "rig-2"])
          yield* eventually(`${name} is back`, nodeReady(rig, name), isReady, { seconds: 90 })
      })
    )
  )
})
