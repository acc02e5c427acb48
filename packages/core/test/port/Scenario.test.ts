/** Scenarios: every shipped document loads, and a wrong one is answered with where, what, and what would be right. */
import { readdirSync, readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { decodeScenario } from "../../src/port/decodeScenario.ts"
import { defaultKubeletConfiguration } from "../../src/port/KubeletConfiguration.ts"
import { scenarioJsonSchema } from "../../src/port/ScenarioSchema.ts"
import { problemText } from "../../src/port/scenarioProblems.ts"

const folder = `${import.meta.dirname}/../../../../scenarios`
const shipped = readdirSync(folder).filter((file) => file.endsWith(".yaml"))

const base = () => ({
  apiVersion: "kubereel.dev/v1alpha1",
  kind: "Scenario",
  metadata: { name: "s" },
  spec: { until: "10s" } as { [field: string]: unknown }
})
const withSpec = (spec: { readonly [field: string]: unknown }) => ({ ...base(), spec: { ...base().spec, ...spec } })
const problemsOf = (document: unknown) => {
  const decoded = decodeScenario(document)
  return Result.isFailure(decoded) ? decoded.failure.map(problemText) : []
}
const scenarioOf = (document: unknown) => {
  const decoded = decodeScenario(document)
  if (Result.isFailure(decoded)) throw new Error(decoded.failure.map(problemText).join("\n"))
  return decoded.success
}
const pod = (spec: unknown) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec })

const checkShapes =
  "pod with gone, phase, reason, conditions, containers, events; or kind and name with gone, has, events; or kind and selector with count, has"

describe("a scenario", () => {
  it("is what every shipped document is", () => {
    expect(shipped.length).toBeGreaterThan(90)
    for (const file of shipped) {
      expect(problemsOf(parse(readFileSync(`${folder}/${file}`, "utf8"))), file).toEqual([])
    }
  })

  it("fills in what a short document leaves out", () => {
    expect(scenarioOf(base())).toEqual({
      name: "s",
      description: "",
      source: undefined,
      namespace: "s",
      nodes: [
        {
          name: "node-1",
          cpu: "4",
          memory: "8Gi",
          pods: 110,
          labels: {},
          taints: [],
          staticPods: [],
          profile: undefined,
          kubelet: defaultKubeletConfiguration
        }
      ],
      images: [],
      programs: [],
      steps: [],
      checks: [],
      until: 10_000_000,
      seed: 0,
      kubernetes: undefined,
      start: 1_767_225_600_000_000
    })
  })

  it("K-122: a node whose kubelet may pull several images at once does not pull one after the other", () => {
    const kubeletOf = (kubelet: object) => scenarioOf(withSpec({ nodes: [{ name: "n", kubelet }] })).nodes[0]?.kubelet
    expect(kubeletOf({})).toEqual(defaultKubeletConfiguration)
    expect(kubeletOf({ maxParallelImagePulls: 2 })?.serializeImagePulls).toBe(false)
    expect(kubeletOf({ maxParallelImagePulls: 1 })?.serializeImagePulls).toBe(true)
    expect(kubeletOf({ crashLoopBackOff: { maxContainerRestartPeriod: "5s" } })?.maxContainerRestartPeriod).toBe(
      5_000_000
    )
  })

  it("says whom an answer of a program depends on, and refuses what is no request", () => {
    const withCall = (call: object) => withSpec({ programs: [{ runs: [{ http: [{ port: 80, calls: [call] }] }] }] })
    const callsOf = (call: object) => scenarioOf(withCall(call)).programs[0]?.runs[0]?.http[0]?.calls
    expect(callsOf({ url: "http://backend" })).toEqual([
      { target: { scheme: "http", host: "backend", port: 80, path: "/" }, timeout: 1_000_000, otherwise: undefined }
    ])
    expect(callsOf({ url: "HTTPS://[::1]:8443?a=b", timeout: "300ms", otherwise: 503 })).toEqual([
      { target: { scheme: "https", host: "::1", port: 8443, path: "/?a=b" }, timeout: 300_000, otherwise: 503 }
    ])
    expect(callsOf({ url: "tcp://db:5432" })?.[0]?.target).toEqual({ scheme: "tcp", host: "db", port: 5432, path: "" })
    const at = "spec.programs[0].runs[0].http[0].calls[0]"
    for (const url of [
      "backend",
      "tcp://backend",
      "tcp://backend:0",
      "tcp://a:1/x",
      "udp://a:1",
      "http://",
      "http://a:0/",
      "http://u@a/",
      "http://a/#b",
      "http://a b/"
    ])
      expect(problemsOf(withCall({ url }))).toEqual([
        `${at}.url: got ${JSON.stringify(url)}, expected a URL such as "http://backend:8080/healthz" or "tcp://db:5432"`
      ])
    expect(problemsOf(withCall({}))[0]).toMatch(/calls\[0\]\.url: missing/)
    expect(problemsOf(withCall({ url: "http://a", timeout: "0s" }))).toEqual([
      `${at}.timeout: got "0s", expected a duration above zero such as "500ms" or "1m30s"`
    ])
    expect(problemsOf(withCall({ url: "http://a", otherwise: 200 }))).toEqual([
      `${at}.otherwise: got 200, expected an HTTP status from 400 to 599`
    ])
  })

  it("says without whom a program does not begin", () => {
    const withNeeds = (needs: object) => withSpec({ programs: [{ runs: [{ needs }] }] })
    const needsOf = (needs: object) => scenarioOf(withNeeds(needs)).programs[0]?.runs[0]?.needs
    const target = { scheme: "http", host: "db", port: 5432, path: "/" }
    const calls = [{ url: "http://db:5432" }]
    expect(needsOf({ calls })).toEqual({ calls: [{ target, timeout: 1_000_000 }], every: undefined, exitCode: 1 })
    expect(needsOf({ calls, every: "2s", exitCode: 3 })).toMatchObject({ every: 2_000_000, exitCode: 3 })
    const at = "spec.programs[0].runs[0].needs"
    expect(problemsOf(withNeeds({ calls: [] }))).toEqual([`${at}.calls: got a list, expected at least one entry`])
    expect(problemsOf(withNeeds({ calls, every: "0s" }))[0]).toMatch(
      /needs\.every: got "0s", expected a duration above zero/
    )
  })

  it("K-295: a node's kubelet holds shutdowns up as it is told, and nobody tells it to by default", () => {
    const periodsOf = (kubelet: object) =>
      scenarioOf(withSpec({ nodes: [{ name: "n", kubelet }] })).nodes[0]?.kubelet.shutdownGracePeriods
    expect(periodsOf({})).toEqual([])
    expect(periodsOf({ shutdownGracePeriod: "30s", shutdownGracePeriodCriticalPods: "10s" })).toEqual([
      { priority: 0, shutdownGracePeriodSeconds: 20 },
      { priority: 2_000_000_000, shutdownGracePeriodSeconds: 10 }
    ])
  })

  it("keeps its steps in the order of time, those of one moment in the order of the document", () => {
    const kill = (container: string) => ({ pod: "p", container })
    const { steps } = scenarioOf(
      withSpec({
        steps: [
          { at: "2s", kill: kill("c") },
          { at: "1s", kill: kill("a") },
          { at: "1s", kill: kill("b") }
        ]
      })
    )
    expect(steps.map(({ at, intention }) => [at, intention._tag === "Kill" ? intention.container : ""])).toEqual([
      [1_000_000, "a"],
      [1_000_000, "b"],
      [2_000_000, "c"]
    ])
  })

  it.each([
    [
      { kill: { pod: "p", container: "c", signal: "TERM" } },
      { _tag: "Kill", namespace: undefined, pod: "p", container: "c", signal: 15 }
    ],
    [
      { kill: { pod: "p", container: "(sandbox)" } },
      { _tag: "Kill", namespace: undefined, pod: "p", container: "(sandbox)", signal: 9 }
    ],
    [
      { apply: { kind: "List", items: [pod({ containers: [] })] } },
      { _tag: "Apply", objects: [pod({ containers: [] })] }
    ],
    [
      { scale: { kind: "Deployment", name: "d", replicas: 0 } },
      { _tag: "Scale", kind: "Deployment", namespace: undefined, name: "d", replicas: 0 }
    ],
    [
      { delete: { kind: "Pod", selector: { app: "a" }, pick: "oldest", gracePeriodSeconds: 0 } },
      {
        _tag: "Delete",
        kind: "Pod",
        namespace: undefined,
        name: undefined,
        selector: { app: "a" },
        pick: "oldest",
        gracePeriodSeconds: 0,
        propagationPolicy: undefined
      }
    ]
  ])("reads the step %j", (step, intention) => {
    expect(scenarioOf(withSpec({ steps: [{ at: "0s", ...step }] })).steps[0]?.intention).toEqual(intention)
  })

  it("reads the answers of a run with their defaults and its log", () => {
    const run = { exitAfter: "1.5s", http: [{ port: 80, path: "/", status: 500 }], log: [{ at: "1s", line: "x" }] }
    const [program] = scenarioOf(withSpec({ programs: [{ runs: [run] }] })).programs
    expect(program?.runs[0]).toMatchObject({
      exitAfter: 1_500_000,
      exitCode: 0,
      http: [{ port: 80, path: "/", status: 500, from: 0, until: undefined, takes: 0 }],
      log: [{ at: 1_000_000, line: "x" }]
    })
  })

  it.each<readonly [string, unknown, ReadonlyArray<string>]>([
    ["no document", null, ["the document: got nothing, expected a mapping with apiVersion, kind, metadata, spec"]],
    ["another kind", { ...base(), kind: "Scenari" }, ['kind: got "Scenari", expected "Scenario"']],
    [
      "a name that cannot be a namespace",
      { ...base(), metadata: { name: "S s" } },
      ["metadata.name: got \"S s\", expected a lower-case name of letters, digits and '-', at most 63 characters"]
    ],
    ["no horizon", { ...base(), spec: {} }, ['spec.until: missing, expected a duration such as "500ms" or "1m30s"']],
    ["an unknown field", withSpec({ imges: [] }), ['spec.imges: unknown field, did you mean "images"?']],
    [
      "two at once",
      withSpec({ seed: -1, steps: "x" }),
      ['spec.steps: got "x", expected a list', "spec.seed: got -1, expected a whole number that is not negative"]
    ],
    [
      "a number for a duration",
      withSpec({ until: 10 }),
      ['spec.until: got 10, expected a duration such as "500ms" or "1m30s"']
    ],
    [
      "a step that does nothing",
      withSpec({ steps: [{ at: "1s" }] }),
      [
        "spec.steps[0]: got a mapping, expected exactly one of apply, delete, patch, scale, evict, exec, kill, node, drain, fault, watch"
      ]
    ],
    [
      "a node that joins and does something else in the same step",
      withSpec({ steps: [{ at: "1s", node: { name: "n", add: {}, cordon: true } }] }),
      [
        "spec.steps[0].node: got a mapping, expected add alone: what else happens to the new machine is a step of its own"
      ]
    ],
    [
      "a fault of a call that does not exist",
      withSpec({ steps: [{ at: "0s", fault: { node: "n", call: "RunPod" } }] }),
      [
        'spec.steps[0].fault.call: got "RunPod", expected "RunPodSandbox", "CreateContainer", "NetworkReady" or "Status"'
      ]
    ],
    [
      "a watch of somebody who is not there",
      withSpec({ steps: [{ at: "0s", watch: { of: "kube-proxy" } }] }),
      [
        'spec.steps[0].watch.of: got "kube-proxy", expected kubelet, kube-scheduler, kube-controller-manager, or one of its controllers by its name, such as replicaset-controller'
      ]
    ],
    [
      "a kubelet's watch without its node",
      withSpec({ steps: [{ at: "0s", watch: { of: "kubelet" } }] }),
      ["spec.steps[0].watch: got a mapping, expected a node for a kubelet, and none for anybody else"]
    ],
    [
      "a watch of what nobody watches there",
      withSpec({ steps: [{ at: "0s", watch: { of: "kube-scheduler", kinds: ["Service"] } }] }),
      [
        "spec.steps[0].watch: got a mapping, expected kinds that it watches: Pod for a kubelet, Pod and Node for kube-scheduler, for controllers any that is simulated"
      ]
    ],
    [
      "a fault without words",
      withSpec({ steps: [{ at: "0s", fault: { node: "n", call: "CreateContainer" } }] }),
      [
        "spec.steps[0].fault: got a mapping, expected a message for RunPodSandbox and CreateContainer, none for Status, and a pod for the first two only"
      ]
    ],
    [
      "a network that is not ready for one pod",
      withSpec({ steps: [{ at: "0s", fault: { node: "n", call: "NetworkReady", pod: "p" } }] }),
      [
        "spec.steps[0].fault: got a mapping, expected a message for RunPodSandbox and CreateContainer, none for Status, and a pod for the first two only"
      ]
    ],
    [
      "an unknown field of a run",
      withSpec({ programs: [{ runs: [{ exitcode: 1 }] }] }),
      ['spec.programs[0].runs[0].exitcode: unknown field, did you mean "exitCode"?']
    ],
    [
      "no runs",
      withSpec({ programs: [{ runs: [] }] }),
      ["spec.programs[0].runs: got a list, expected at least one entry"]
    ],
    [
      "a version whose behaviour nobody knows",
      withSpec({ kubernetes: "1.28" }),
      ['spec.kubernetes: got "1.28", expected a version of Kubernetes from 1.29 to 1.36, such as "1.34" or "v1.36.3"']
    ],
    [
      "a cap of the back-off before kubelets had one",
      withSpec({
        kubernetes: "1.34",
        nodes: [{ name: "n", kubelet: { crashLoopBackOff: { maxContainerRestartPeriod: "5s" } } }]
      }),
      [
        "spec.nodes[0].kubelet.crashLoopBackOff: a kubelet v1.34.0 refuses it: its feature gate KubeletCrashLoopBackOffMax is off"
      ]
    ],
    [
      "shutdowns that no kubelet would take",
      withSpec({ nodes: [{ name: "n", kubelet: { shutdownGracePeriodCriticalPods: "5s" } }] }),
      [
        "spec.nodes[0].kubelet: invalid configuration: shutdownGracePeriodCriticalPods 5s must be <= shutdownGracePeriod 0s"
      ]
    ],
    [
      "a wrong quantity",
      withSpec({ nodes: [{ name: "n", memory: "1Gb" }] }),
      ['spec.nodes[0].memory: got "1Gb", expected a quantity such as 2, "500m" or "2Gi"']
    ],
    [
      "a list of containers that is none",
      withSpec({ steps: [{ at: "0s", apply: pod({ containers: "x" }) }] }),
      ['spec.steps[0].apply.spec.containers: got "x", expected a list']
    ],
    [
      "an image that is a number",
      withSpec({ steps: [{ at: "0s", apply: [pod({ containers: [{ name: "c", image: 5 }] })] }] }),
      ["spec.steps[0].apply[0].spec.containers[0].image: got 5, expected a text"]
    ],
    [
      "a misspelt field of a manifest",
      withSpec({ steps: [{ at: "0s", apply: pod({ containers: [{ name: "c", imagee: "x" }] }) }] }),
      ['spec.steps[0].apply.spec.containers[0].imagee: unknown field, did you mean "image"?']
    ],
    [
      "a check that is about nothing",
      withSpec({ checks: [{ phase: "Failed" }] }),
      [`spec.checks[0]: got a mapping, expected ${checkShapes}`]
    ],
    [
      "a check that says of a Deployment what only a pod has",
      withSpec({ checks: [{ kind: "Deployment", name: "web", phase: "Running" }] }),
      [`spec.checks[0]: got a mapping, expected ${checkShapes}`]
    ],
    [
      "a check that counts one object",
      withSpec({ checks: [{ kind: "Deployment", name: "web", count: 1 }] }),
      [`spec.checks[0]: got a mapping, expected ${checkShapes}`]
    ],
    [
      "a driver of storage without a name, or with a time that is none",
      withSpec({ storage: [{ attach: 5 }] }),
      [
        "spec.storage[0].driver: missing, expected a text",
        'spec.storage[0].attach: got 5, expected a duration such as "500ms" or "1m30s"'
      ]
    ],
    [
      "a manifest without a kind",
      withSpec({ steps: [{ at: "0s", apply: { apiVersion: "v1", metadata: { name: "p" } } }] }),
      ["spec.steps[0].apply.kind: missing, expected a text"]
    ]
  ])("is refused for %s", (_, document, problems) => {
    expect(problemsOf(document)).toEqual(problems)
  })

  it("reads which drivers of storage there are, and how long they take", () => {
    const [driver] =
      scenarioOf(withSpec({ storage: [{ driver: "d.example.com", attach: "5s", expand: "7s" }] })).storage ?? []
    expect(driver).toEqual({
      name: "d.example.com",
      provision: 2_000_000,
      attach: 5_000_000,
      detach: 2_000_000,
      expand: 7_000_000,
      nodeExpansion: true,
      attachRequired: true,
      volumesPerNode: undefined,
      topologyKeys: [],
      provisionError: undefined,
      attachError: undefined,
      expandError: undefined
    })
  })

  it("reads whose watch is late, by how much and for how long", () => {
    const watch = (of: object) => scenarioOf(withSpec({ steps: [{ at: "1s", watch: of }] })).steps[0]?.intention
    expect(watch({ of: "replicaset-controller", kinds: ["Pod"], lag: "2s", for: "1m" })).toEqual({
      _tag: "Watch",
      of: "replicaset-controller",
      node: undefined,
      kinds: ["Pod"],
      lag: 2_000_000,
      for: 60_000_000
    })
    expect(watch({ of: "kubelet", node: "n-1" })).toMatchObject({ node: "n-1", kinds: undefined, lag: undefined })
  })

  it("keeps its checks as what they are about", () => {
    const checks = [
      "L10",
      { pod: "p", gone: true, events: [{ reason: "Killing" }] },
      { kind: "Node", name: "n", has: { spec: { unschedulable: null } } },
      { kind: "Pod", namespace: "m", selector: { app: "web" }, count: 2 }
    ]
    expect(scenarioOf(withSpec({ checks })).checks).toEqual([{ law: "L10" }, ...checks.slice(1)])
  })

  it("says what a node's runtime has beside runc", () => {
    const nodes = (runtimeHandlers: unknown) => withSpec({ nodes: [{ name: "n", runtimeHandlers }] })
    expect(scenarioOf(nodes(["runc", "gvisor"])).nodes[0]?.runtimeHandlers).toEqual(["runc", "gvisor"])
    expect(problemsOf(nodes(["gVisor"]))).toEqual([
      'spec.nodes[0].runtimeHandlers[0]: got "gVisor", expected the name of a handler such as "runc" or "gvisor"'
    ])
  })

  it("looks into the template of a workload too", () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d" },
      spec: { template: { spec: { containers: [{ nam: "c" }] } } }
    }
    expect(problemsOf(withSpec({ steps: [{ at: "0s", apply: deployment }] }))).toEqual([
      'spec.steps[0].apply.spec.template.spec.containers[0].nam: unknown field, did you mean "name"?'
    ])
  })

  it("has the JSON Schema that is published (`vitest -u` writes it anew)", async () => {
    await expect(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      "../../../../docs/scenario.schema.json"
    )
  })
})
