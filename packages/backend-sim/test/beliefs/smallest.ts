/**
 * For each plausible belief about pods that is false in real clusters the smallest scenario that shows it to be false here, too. A belief
 * that is not about the API's objects, but about who watches them (R14), has none.
 */
import { type Given, podManifest } from "../given.ts"

const container = (name: string, more: object = {}) => ({ name, image: "busybox:1", ...more })

/** The pod `p` with the container `main`. */
const pod = (spec: object = {}, main: object = {}) => {
  const manifest = podManifest("p", [])
  return { ...manifest, spec: { containers: [container("main", main)], ...spec } }
}

const apply = (manifest: object, at = "0s") => ({ at, apply: manifest })
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const node = (at: string, what: object) => ({ at, node: { name: "n-1", ...what } })
const killSandbox = (at: string) => ({ at, kill: { pod: "p", container: "(sandbox)" } })
const ignoring = { main: [{ onTerm: "ignore" as const }] }
const succeeds = { exitAfter: "1s", exitCode: 0 }
const failing = { exec: { command: ["fails"] } }
const fails = { execs: [{ command: ["fails"], exitCode: 1 }] }
const two = [{ name: "n-1" }, { name: "n-2", taints: [{ key: "spare", effect: "PreferNoSchedule" }] }]

/** `web`: of a kind with a template. */
const web = (kind: string, replicas: number, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: pod().spec },
    ...spec
  }
})

const rollOut = { spec: { template: { metadata: { annotations: { version: "2" } } } } }

export const smallest: { readonly [belief: string]: Given } = {
  R1: {
    kubernetes: "1.34",
    runs: { first: [succeeds], second: [{ exitAfter: "1s", exitCode: 1 }, succeeds] },
    steps: [apply(pod({ initContainers: [container("first"), container("second")] })), killSandbox("30s")],
    until: "2m"
  },
  R2: {
    images: [
      { image: "missing:1", error: "NotFound" },
      { image: "*", present: true }
    ],
    steps: [apply(pod({ containers: [container("main"), { name: "other", image: "missing:1" }] }))],
    until: "30s"
  },
  R3: {
    runs: { main: [{ exitAfter: "0s", exitCode: 1 }] },
    steps: [apply(pod())],
    until: "30s"
  },
  R4: { runs: ignoring, steps: [apply(pod()), deletePod("5s")], until: "1m" },
  R5: { runs: ignoring, steps: [apply(pod()), deletePod("5s")], until: "1m" },
  R6: {
    steps: [
      apply(pod({ restartPolicy: "Never" })),
      {
        at: "5s",
        patch: {
          kind: "Pod",
          name: "p",
          type: "strategic",
          patch: { spec: { containers: [{ name: "main", image: "busybox:2" }] } }
        }
      }
    ],
    until: "2m"
  },
  R7: {
    runs: { init: [succeeds] },
    steps: [apply(pod({ initContainers: [container("init")] })), killSandbox("10s")],
    until: "2m"
  },
  R8: {
    runs: { main: [{ onTerm: "ignore", ...fails }] },
    steps: [apply(pod({}, { lifecycle: { preStop: failing } })), deletePod("5s"), node("10s", { kubelet: "restart" })],
    until: "2m"
  },
  R9: {
    nodes: two,
    steps: [
      apply(web("StatefulSet", 1, { serviceName: "web" })),
      node("10s", { network: "cut" }),
      { at: "2m", delete: { kind: "Pod", name: "web-0", gracePeriodSeconds: 0 } }
    ],
    until: "3m"
  },
  R10: {
    runs: ignoring,
    steps: [
      apply(web("Deployment", 2)),
      { at: "10s", patch: { kind: "Deployment", name: "web", type: "merge", patch: rollOut } }
    ],
    until: "1m"
  },
  R11: { steps: [apply(pod()), node("10s", { power: "off" })], until: "1m" },
  R12: { steps: [apply(pod()), node("10s", { power: "off" })], until: "12m" },
  R13: {
    nodes: [{ name: "n-1", labels: { disk: "ssd" } }],
    steps: [
      apply(pod({ nodeSelector: { disk: "ssd" } })),
      {
        at: "5s",
        patch: { kind: "Node", name: "n-1", type: "merge", patch: { metadata: { labels: { disk: null } } } }
      },
      node("10s", { kubelet: "restart" })
    ],
    until: "1m"
  },
  R15: { steps: [apply(pod()), node("10s", { power: "off" })], until: "12m" },
  R16: { steps: [apply(pod())], until: "2h" },
  R17: {
    steps: [
      apply(web("StatefulSet", 2, { serviceName: "web" })),
      { at: "30s", delete: { kind: "Pod", name: "web-1", gracePeriodSeconds: 0 } },
      { at: "30100ms", delete: { kind: "Pod", name: "web-0", gracePeriodSeconds: 0 } }
    ],
    until: "1m"
  },
  R18: { nodes: [{ name: "n-1", clockSkew: "-30s" }], steps: [apply(pod())], until: "10s" },
  R19: {
    runs: { main: [fails] },
    steps: [apply(pod({ restartPolicy: "Never" }, { livenessProbe: { ...failing, periodSeconds: 1 } }))],
    until: "2m"
  },
  R20: { steps: [apply(pod()), deletePod("5s", { gracePeriodSeconds: 0 }), apply(pod(), "10s")], until: "30s" },
  R21: { runs: { main: [succeeds, {}] }, steps: [apply(pod())], until: "30s" }
}
