/** What is told of pods and can be seen on a real node only: the rig's nodes can be entered. */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { eventually, testCluster, testNamespace } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"
import { loadKubeconfig } from "../src/client/kubeconfig.ts"

const cluster = await Effect.runPromise(testCluster)

const pod = (name: string, script: string, more: { volumes?: object[]; volumeMounts?: object[] } = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    nodeName: "rig-1",
    terminationGracePeriodSeconds: 1,
    volumes: more.volumes ?? [],
    containers: [
      { name: "main", image: cluster.image, command: ["sh", "-c", script], volumeMounts: more.volumeMounts ?? [] }
    ]
  }
})
const FOREVER = "while true; do sleep 1; done"

describe.runIf(cluster.rig !== undefined)("on a real node", () => {
  const rig = cluster.rig!
  const node = rig.node("rig-1")

  /** A namespace with the pod `p` in it, which runs. */
  const withPod = Effect.fnUntraced(function* (name: string, ...[script, more]: [string, Parameters<typeof pod>[2]?]) {
    const namespace = yield* testNamespace(cluster, name)
    yield* namespace.apply(pod("p", script, more))
    yield* eventually("p runs", namespace.read("pod/p", "{.status.phase}"), (phase) => phase === "Running")
    const id = yield* namespace.read("pod/p", "{.status.containerStatuses[0].containerID}")
    return { ...namespace, containerId: id.replace("containerd://", "") }
  })
  const host = { name: "node", hostPath: { path: "/" } }

  it.live("S-087: KILL for process 1 does nothing from inside its container, and ends it from the node", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { name, kubectl, read } = yield* withPod("kubereel-process-one", FOREVER)
        const inside = kubectl(["exec", "p", "--", "sh", "-c", "kill -9 1; sleep 1; echo still here"])
        assert.strictEqual(yield* inside, "still here")
        const state = "{.status.containerStatuses[0].restartCount} {.status.phase}"
        assert.strictEqual(yield* read("pod/p", state), "0 Running")
        yield* node.kill({ namespace: name, pod: "p", container: "main" })
        const ended =
          "{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].lastState.terminated.exitCode}"
        yield* eventually("it is restarted", read("pod/p", ended), (answer) => answer === "1 137")
      })
    )
  )

  it.live("S-278: /var/log/containers has a link to each container's log, which lies in /var/log/pods", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { name, read, containerId } = yield* withPod("kubereel-log-files", `echo said; ${FOREVER}`)
        const uid = yield* read("pod/p", "{.metadata.uid}")
        const link = `/var/log/containers/p_${name}_main-${containerId}.log`
        const file = yield* node.enter("readlink", link)
        assert.strictEqual(file, `/var/log/pods/${name}_p_${uid}/main/0.log`)
        assert.match(yield* eventually("it has spoken", node.enter("cat", link), Boolean), / stdout F said$/)
      })
    )
  )

  it.live(
    "S-288: port-forward goes through the kubelet to the container's loopback; without it nothing gets there",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const serve = `mkdir /www; echo hello > /www/index.html; httpd -p 127.0.0.1:8080 -h /www; ${FOREVER}`
          const { name, read } = yield* withPod("kubereel-port-forward", serve)
          const forward = `kubectl --kubeconfig ${rig.kubeconfig} -n ${name} port-forward pod/p 18080:8080`
          const ask = `for i in 1 2 3 4 5 6 7 8 9; do sleep 0.5; busybox wget -qO- http://127.0.0.1:18080/ && break; done`
          const forwarded = rig.enter("sh", "-c", `${forward} > /dev/null & ${ask}; kill $!`)
          assert.strictEqual(yield* forwarded, "hello")
          const audited = (yield* rig.auditLines)
            .map((line) => JSON.parse(line))
            .filter(({ objectRef }) => objectRef?.namespace === name && objectRef.subresource === "portforward")
          assert.isAbove(audited.length, 0, "the API server was asked")
          // From outside of the pod nobody listens.
          const address = `/api/v1/namespaces/${name}/pods/p:8080/proxy/`
          assert.match((yield* Effect.flip(rig.kubectl(["get", "--raw", address]))).message, /connection refused/)
          yield* Effect.acquireRelease(node.kubelet.stop, () => Effect.ignore(node.kubelet.start))
          assert.match(
            (yield* Effect.flip(rig.enter("sh", "-c", `timeout 20 ${forward}`))).message,
            /error dialing backend/
          )
          assert.strictEqual(yield* read("pod/p", "{.status.phase}"), "Running")
        })
      )
  )

  it.live("S-310: an emptyDir is a mount of its own in its container", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { kubectl } = yield* withPod("kubereel-mounts", FOREVER, {
          volumes: [{ name: "html", emptyDir: {} }],
          volumeMounts: [{ name: "html", mountPath: "/usr/share/nginx/html" }]
        })
        const mounts = (yield* kubectl(["exec", "p", "--", "mount"])).split("\n")
        const there = mounts.filter((line) => line.includes("nginx/html"))
        assert.strictEqual(there.length, 1)
        assert.match(there[0] ?? "", / on \/usr\/share\/nginx\/html type \w+ \(rw/)
      })
    )
  )

  it.live("S-330: a hostPath gives the whole node away, its container runtime too, where the namespace lets it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const mount = { volumes: [host], volumeMounts: [{ name: "node", mountPath: "/node" }] }
        const { kubectl } = yield* withPod("kubereel-host-path", FOREVER, mount)
        const file = "/etc/kubereel-was-here"
        yield* Effect.addFinalizer(() => Effect.ignore(node.enter("rm", "-f", file)))
        yield* kubectl(["exec", "p", "--", "sh", "-c", `echo pod > /node${file}`])
        assert.strictEqual(yield* node.enter("cat", file), "pod")
        assert.strictEqual(yield* node.enter("stat", "-c", "%U", file), "root")
        yield* kubectl(["exec", "p", "--", "test", "-S", "/node/run/containerd/containerd.sock"])
        const careful = yield* testNamespace(cluster, "kubereel-host-path-baseline")
        const label = "pod-security.kubernetes.io/enforce=baseline"
        yield* cluster.kubectl(["label", "namespace", careful.name, label])
        const refused = yield* Effect.flip(careful.apply(pod("p", FOREVER, mount)))
        assert.match(refused.message, /violates PodSecurity "baseline:latest": hostPath volumes \(volume "node"\)/)
        yield* careful.apply(pod("q", FOREVER))
      })
    )
  )

  it.live("S-361: kubectl describes a node and its pods; the runtime on the node lists their containers", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { name, containerId } = yield* withPod("kubereel-describe-node", FOREVER)
        const said = yield* rig.kubectl(["describe", "node", "rig-1"])
        for (const heading of ["Conditions:", "Capacity:", "Allocatable:", "System Info:", "Non-terminated Pods:"])
          assert.include(said, heading)
        assert.match(said, new RegExp(`^ +${name} +p +0 \\(0%\\)`, "m"))
        assert.match(said, /Container Runtime Version: +containerd:/)
        const listed = yield* node.enter("ctr", "-n", "k8s.io", "containers", "ls", "-q")
        assert.include(listed.split("\n"), containerId)
      })
    )
  )

  it.live("S-362: a kubelet refuses a node with swap, unless its configuration says otherwise", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const swap = "Filename Type Size Used Priority\n/dev/swap partition 1000000 0 -2\n"
        const strict = join(rig.directory, "machines", "rig-1", "kubelet.d", "20-swap.conf")
        const isUp = Effect.andThen(
          Effect.sleep("1 second"),
          node.enter("sh", "-c", "pgrep -x kubelet > /dev/null && echo up || echo down")
        )
        yield* Effect.addFinalizer(() =>
          Effect.ignore(
            Effect.gen(function* () {
              rmSync(strict, { force: true })
              yield* node.enter("umount", "/proc/swaps")
              yield* node.kubelet.restart
            })
          )
        )
        yield* node.enter("sh", "-c", `printf '${swap}' > /tmp/swaps; mount --bind /tmp/swaps /proc/swaps`)
        writeFileSync(
          strict,
          JSON.stringify({
            apiVersion: "kubelet.config.k8s.io/v1beta1",
            kind: "KubeletConfiguration",
            failSwapOn: true
          })
        )
        yield* node.kubelet.restart
        yield* eventually("the kubelet has given up", isUp, (answer) => answer === "down", { seconds: 10 })
        const log = yield* node.enter("tail", "-n", "1", join(rig.directory, "log", "kubelet-rig-1.log"))
        assert.include(log, "running with swap on is not supported")
        rmSync(strict)
        yield* node.kubelet.start
        const healthy = rig.kubectl(["get", "--raw", "/api/v1/nodes/rig-1/proxy/healthz"])
        assert.strictEqual(yield* eventually("the kubelet is well", healthy, (answer) => answer === "ok"), "ok")
      })
    )
  )

  it.live("S-444: the kubeconfig says where the cluster is, to kubectl and to the recorder", () =>
    Effect.gen(function* () {
      const nodes = ["kubectl", "get", "nodes", "-o", "name"] as const
      assert.match((yield* Effect.flip(rig.enter(...nodes))).message, /localhost:8080 was refused/)
      const found = yield* rig.enter("env", `KUBECONFIG=${rig.kubeconfig}`, ...nodes)
      assert.include(found.split("\n"), "node/rig-1")
      const ours = (yield* loadKubeconfig({ kubeconfig: rig.kubeconfig })).getCurrentCluster()?.server
      assert.strictEqual(
        yield* rig.kubectl(["config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"]),
        ours
      )
    })
  )

  it.live("S-454: nsenter goes from the node into the namespaces of a container", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { containerId } = yield* withPod("kubereel-nsenter", `echo mine > /own; ${FOREVER}`)
        const tasks = (yield* node.enter("ctr", "-n", "k8s.io", "task", "ls")).split("\n")
        const process = tasks.map((line) => line.split(/\s+/)).find(([id]) => id === containerId)?.[1] ?? ""
        assert.match(process, /^\d+$/)
        const within = (...command: ReadonlyArray<string>) =>
          node.enter("nsenter", "--target", process, "--uts", "--net", "--mount", "--pid", "/bin/busybox", ...command)
        assert.strictEqual(yield* within("hostname"), "p")
        assert.strictEqual(yield* node.enter("hostname"), "rig-1")
        assert.strictEqual(yield* within("cat", "/own"), "mine")
        assert.match(yield* within("ps"), /^ +1 root +sh -c /m)
      })
    )
  )
})
