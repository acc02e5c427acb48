/** For each defect the smallest scenario in which a cluster that has it and a healthy one part. */
import { type Given, podManifest, replicaSetManifest } from "../given.ts"

/** The pod `p`; `containers` and `init` by their names, with what is to be said of them. */
const pod = (
  containers: { readonly [name: string]: object },
  init: { readonly [name: string]: object } = {},
  spec: object = {}
) => {
  const of = (named: typeof containers) =>
    Object.entries(named).map(([name, more]) => ({ name, image: "busybox:1", ...more }))
  const manifest = podManifest("p", [])
  return { ...manifest, spec: { ...spec, initContainers: of(init), containers: of(containers) } }
}

const apply = (...objects: ReadonlyArray<object>) => ({ at: "0s", apply: objects })
const deleted = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const scaled = (at: string, kind: string, replicas: number) => ({ at, scale: { kind, name: "web", replicas } })
const sidecar = { restartPolicy: "Always" }
const probedLate = { exec: { command: ["true"] }, initialDelaySeconds: 60 }
const graceful = { terminationGracePeriodSeconds: 10 }

/** Its pods are ready twenty seconds after they run. */
const statefulSet = (replicas: number) => {
  const readinessProbe = { exec: { command: ["true"] }, initialDelaySeconds: 20 }
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "web" },
    spec: {
      replicas,
      serviceName: "web",
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: pod({ main: { readinessProbe } }).spec }
    }
  }
}

const template = (annotations: object) => ({
  metadata: { labels: { app: "web" }, annotations },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "main", image: "busybox:1", resources: { requests: { cpu: "100m" } } }]
  }
})

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { replicas: 2, minReadySeconds: 60, selector: { matchLabels: { app: "web" } }, template: template({}) }
}

const autoscaler = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    maxReplicas: 10,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } }]
  }
}

export const smallest: { readonly [defect: string]: Given } = {
  workloadIsNeverHeardOf: { steps: [apply(replicaSetManifest(1))], until: "11m" },
  initContainerRunsAgain: {
    runs: { init: [{ exitAfter: "2s", exitCode: 0 }] },
    steps: [apply(pod({ main: {} }, { init: {} }))],
    until: "1m"
  },
  initStatusIsForgotten: {
    runs: { init: [{ exitAfter: "2s", exitCode: 0 }] },
    steps: [apply(pod({ main: {} }, { init: {} }))],
    until: "2m"
  },
  appOvertakesInitAfterReboot: {
    runs: { init: [{ exitAfter: "10s", exitCode: 0 }] },
    steps: [
      apply(pod({ main: {} }, { init: {}, side: sidecar })),
      { at: "20s", node: { name: "n-1", power: "off" } },
      { at: "21s", node: { name: "n-1", power: "on" } }
    ],
    until: "3m"
  },
  appStaysDownBesideSidecar: {
    runs: { main: [{ exitAfter: "1s", exitCode: 1 }, {}] },
    steps: [apply(pod({ main: {} }, { side: sidecar }))],
    until: "2m"
  },
  restartCountFalls: {
    runs: { main: [{ exitAfter: "1s", exitCode: 1 }] },
    steps: [apply(pod({ main: {} }))],
    until: "3m"
  },
  sidecarAwaitsTheUnstarted: {
    runs: { first: [{ onTerm: { exitAfter: "0s", exitCode: 0 } }] },
    steps: [
      // The second one waits for the first one's probe.
      apply(pod({ main: {} }, { first: { ...sidecar, startupProbe: probedLate }, second: sidecar }, graceful)),
      deleted("5s")
    ],
    until: "1m"
  },
  preStopDoublesGrace: {
    runs: { main: [{ onTerm: "ignore" }] },
    steps: [
      apply(
        pod({ main: { lifecycle: { preStop: { sleep: { seconds: 60 } } } } }, {}, { terminationGracePeriodSeconds: 60 })
      ),
      deleted("5s")
    ],
    until: "4m"
  },
  kubeletRestartKills: {
    runs: { main: [{ onTerm: "ignore" }] },
    steps: [apply(pod({ main: {} })), deleted("5s"), { at: "10s", node: { name: "n-1", kubelet: "restart" } }],
    until: "2m"
  },
  phaseLeavesSucceeded: {
    runs: { main: [{ onTerm: { exitAfter: "1s", exitCode: 0 } }] },
    steps: [apply(pod({ main: {} }, {}, { restartPolicy: "Never" })), deleted("5s")],
    until: "1m"
  },
  phaseLeavesFailed: {
    runs: { main: [{ onTerm: { exitAfter: "1s", exitCode: 2 } }] },
    steps: [apply(pod({ main: {} })), deleted("5s")],
    until: "1m"
  },
  deletionHitsTheSuccessor: {
    runs: { main: [{ onTerm: "ignore" }] },
    steps: [
      apply(pod({ main: {} })),
      deleted("5s", { gracePeriodSeconds: 0 }),
      { ...apply(pod({ main: {} })), at: "6s" }
    ],
    until: "1m"
  },
  orderedPodsStartTogether: {
    steps: [apply(statefulSet(2)), scaled("60s", "StatefulSet", 0), scaled("3m", "StatefulSet", 2)],
    until: "5m"
  },
  scaleDownIsNeverHeardOf: {
    steps: [apply(replicaSetManifest(2)), scaled("20s", "ReplicaSet", 1)],
    until: "5m"
  },
  autoscalerCountsSurge: {
    nodes: [{ name: "n-1", cpu: 16 }],
    runs: { main: [{ cpu: [{ at: "0s", usage: "50m" }] }] },
    steps: [
      apply(deployment, autoscaler),
      {
        at: "6m",
        patch: {
          kind: "Deployment",
          name: "web",
          type: "merge",
          patch: { spec: { template: template({ version: "2" }) } }
        }
      }
    ],
    until: "12m"
  }
}
