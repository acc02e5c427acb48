/** Twelve shapes of small scenarios, as documents: some sixty steps in an hour on one or two nodes, as whoever looks for a defect makes them. */
import type { JsonObject } from "@kubereel/core"
import { podManifest } from "../test/given.ts"

export interface Shape {
  readonly name: string
  readonly nodes: number
  readonly runs: { readonly [container: string]: ReadonlyArray<object> }
  readonly images?: ReadonlyArray<object>
  readonly steps: ReadonlyArray<object>
}

const STEPS = 60

/** One step a minute; what `make` gives for one turn is done one after the other. */
const everyMinute = (make: (turn: number) => ReadonlyArray<object>): ReadonlyArray<object> => {
  const steps: Array<object> = []
  for (let turn = 0; steps.length < STEPS; turn++) steps.push(...make(turn))
  return steps.slice(0, STEPS).map((step, minute) => ({ at: `${minute * 60 + ((minute * 7) % 13)}s`, ...step }))
}

const apply = (manifest: object) => ({ apply: manifest })
const pod = (name: string, containers: ReadonlyArray<string>, spec: object = {}) =>
  apply(podManifest(name, containers, spec))
const remove = (name: string, kind = "Pod") => ({ delete: { kind, name } })
const patch = (kind: string, name: string, body: object, subresource?: string) => ({
  patch: { kind, name, type: "merge", patch: body, ...(subresource === undefined ? {} : { subresource }) }
})
const scale = (kind: string, name: string, replicas: number) => ({ scale: { kind, name, replicas } })
const node = (name: string, does: object) => ({ node: { name, ...does } })

const labels = { app: "web" }
const template = (spec: object = {}) => ({
  metadata: { labels },
  spec: podManifest("p", ["main"], { terminationGracePeriodSeconds: 5, ...spec }).spec
})
const workload = (kind: string, replicas: number, more: object = {}, spec: object = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web" },
  spec: { replicas, selector: { matchLabels: labels }, template: template(spec) as unknown as JsonObject, ...more }
})
const job = (name: string, spec: object) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: { ...spec, template: { spec: podManifest("p", ["work"], { restartPolicy: "Never" }).spec } }
})
const withContainers = (name: string, containers: ReadonlyArray<object>, spec: object = {}) => ({
  apply: { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { ...spec, containers } }
})

const stays = [{ onTerm: { exitAfter: "200ms", exitCode: 0 } }]

export const shapes: ReadonlyArray<Shape> = [
  {
    name: "pods come and go",
    nodes: 1,
    runs: { main: stays, side: [{}] },
    steps: everyMinute((turn) => [
      pod(`a-${turn}`, ["main"]),
      pod(`b-${turn}`, ["main", "side"], { terminationGracePeriodSeconds: 10 }),
      remove(`a-${turn}`),
      remove(`b-${turn}`)
    ])
  },
  {
    name: "crash loops",
    nodes: 1,
    runs: { main: [{ exitAfter: "3s", exitCode: 1 }], work: [{ exitAfter: "10s", exitCode: 2 }, { exitAfter: "1s" }] },
    steps: everyMinute((turn) => [
      pod(`a-${turn}`, ["main"]),
      pod(`b-${turn}`, ["work"], { restartPolicy: "OnFailure" }),
      ...Array.from({ length: 6 }, () => ({ kill: { pod: `a-${turn}`, container: "main", signal: 9 } })),
      remove(`a-${turn}`),
      remove(`b-${turn}`)
    ])
  },
  {
    name: "jobs",
    nodes: 2,
    runs: { work: [{ exitAfter: "20s", exitCode: 0 }], main: stays },
    steps: everyMinute((turn) => [
      apply(job(`j-${turn}`, { completions: 3, parallelism: 2 })),
      apply(job(`k-${turn}`, { backoffLimit: 1, activeDeadlineSeconds: 15 })),
      patch("Job", `j-${turn}`, { spec: { suspend: true } }),
      patch("Job", `j-${turn}`, { spec: { suspend: false } }),
      remove(`j-${turn}`, "Job"),
      remove(`k-${turn}`, "Job")
    ])
  },
  {
    name: "a deployment is rolled and scaled",
    nodes: 2,
    runs: { main: stays },
    steps: everyMinute((turn) => [
      apply(workload("Deployment", 2)),
      scale("Deployment", "web", 4),
      patch("Deployment", "web", { spec: { template: { metadata: { annotations: { turn: `${turn}` } } } } }),
      scale("Deployment", "web", 1),
      patch("Deployment", "web", { metadata: { labels: { turn: `${turn}` } } })
    ])
  },
  {
    name: "probes that fail at times",
    nodes: 1,
    runs: {
      main: [
        {
          http: [
            { port: 80, status: 200 },
            { port: 80, status: 500, from: "40s", until: "70s" }
          ]
        }
      ],
      slow: [{ http: [{ port: 80, status: 200, from: "15s" }] }]
    },
    steps: everyMinute((turn) => {
      const get = { httpGet: { port: 80 }, periodSeconds: 5 }
      const main = {
        name: "main",
        image: "busybox:1",
        readinessProbe: get,
        livenessProbe: { ...get, periodSeconds: 10 }
      }
      const slow = { name: "slow", image: "busybox:1", startupProbe: { ...get, periodSeconds: 2 }, readinessProbe: get }
      const name = `a-${turn}`
      return [
        withContainers(name, [main, slow], { terminationGracePeriodSeconds: 2 }),
        ...Array.from({ length: 8 }, (_, i) => patch("Pod", name, { metadata: { labels: { look: `${i}` } } })),
        remove(name)
      ]
    })
  },
  {
    name: "init containers and a sidecar",
    nodes: 1,
    runs: {
      first: [{ exitAfter: "2s" }],
      second: [{ exitAfter: "1s", exitCode: 1 }, { exitAfter: "1s" }],
      main: stays
    },
    steps: everyMinute((turn) => {
      const initContainers = [
        { name: "first", image: "busybox:1" },
        { name: "helper", image: "busybox:1", restartPolicy: "Always" },
        { name: "second", image: "busybox:1" }
      ]
      return [
        pod(`a-${turn}`, ["main"], { initContainers, terminationGracePeriodSeconds: 4 }),
        { kill: { pod: `a-${turn}`, container: "helper", signal: 9 } },
        { kill: { pod: `a-${turn}`, container: "(sandbox)", signal: 9 } },
        remove(`a-${turn}`)
      ]
    })
  },
  {
    name: "kubelets stop and start, networks are cut",
    nodes: 2,
    runs: { main: stays },
    steps: everyMinute((turn) => [
      apply(workload("Deployment", 3)),
      node("n-1", { kubelet: "restart" }),
      node("n-2", { network: "cut" }),
      node("n-2", { network: "heal" }),
      node("n-1", { kubelet: "stop" }),
      node("n-1", { kubelet: "start" }),
      pod(`a-${turn}`, ["main"]),
      node("n-2", { power: "off" }),
      node("n-2", { power: "on" }),
      remove(`a-${turn}`)
    ])
  },
  {
    name: "the runtime refuses",
    nodes: 1,
    images: [
      { image: "busybox:1", pull: "4s" },
      { image: "*", error: "NotFound" }
    ],
    runs: { main: stays },
    steps: everyMinute((turn) => [
      { fault: { node: "n-1", call: "RunPodSandbox", message: "no sandbox" } },
      pod(`a-${turn}`, ["main"]),
      withContainers(`b-${turn}`, [{ name: "main", image: "missing:1" }]),
      { fault: { node: "n-1", call: "RunPodSandbox", message: "" } },
      remove(`a-${turn}`),
      remove(`b-${turn}`)
    ])
  },
  {
    name: "a stateful set",
    nodes: 2,
    runs: { main: stays },
    steps: everyMinute((turn) => [
      apply(workload("StatefulSet", 3, { serviceName: "web" })),
      remove("web-1"),
      scale("StatefulSet", "web", 1),
      patch("StatefulSet", "web", { spec: { template: { metadata: { annotations: { turn: `${turn}` } } } } }),
      scale("StatefulSet", "web", 3)
    ])
  },
  {
    name: "slow ends",
    nodes: 1,
    runs: { main: [{ onTerm: "ignore" }], side: [{ onTerm: { exitAfter: "20s", exitCode: 3 } }] },
    steps: everyMinute((turn) => {
      const lifecycle = { preStop: { sleep: { seconds: 8 } }, postStart: { exec: { command: ["sleep", "1"] } } }
      const containers = [
        { name: "main", image: "busybox:1", lifecycle },
        { name: "side", image: "busybox:1" }
      ]
      return [
        withContainers(`a-${turn}`, containers, { terminationGracePeriodSeconds: 30 }),
        { delete: { kind: "Pod", name: `a-${turn}`, gracePeriodSeconds: 45 } },
        { delete: { kind: "Pod", name: `a-${turn}`, gracePeriodSeconds: 0 } }
      ]
    })
  },
  {
    name: "no room, cordons and drains",
    nodes: 2,
    runs: { main: stays },
    steps: everyMinute((turn) => {
      const resources = { requests: { cpu: "1500m", memory: "1Gi" }, limits: { memory: "1Gi" } }
      const one = (name: string) => withContainers(name, [{ name: "main", image: "busybox:1", resources }])
      return [
        ...["a", "b", "c"].map((name) => one(`${name}-${turn}`)),
        node("n-1", { cordon: true }),
        { drain: { node: "n-1", force: true } },
        node("n-1", { cordon: false }),
        ...["a", "b", "c"].map((name) => remove(`${name}-${turn}`))
      ]
    })
  },
  {
    name: "one quiet pod that is only looked at",
    nodes: 1,
    runs: { main: stays },
    steps: [
      { at: "0s", ...pod("quiet", ["main"]) },
      ...everyMinute((turn) => [patch("Pod", "quiet", { metadata: { annotations: { turn: `${turn}` } } })]).slice(1)
    ]
  }
]
