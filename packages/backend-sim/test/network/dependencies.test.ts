/** Programs that depend on others through Services: what their probes show of it. */
import type { ClusterEvent, KubernetesObject, PodObject } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { podMoments, simulate, timedEvents } from "../given.ts"

const nodes = ["a", "b"].map((name) => ({ name, cpu: 4, memory: "8Gi", pods: 110, profile: "zero" }))
const stops = { onTerm: { exitAfter: "0s", exitCode: 0 } }

const service = (name: string, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec }
})
/** A pod whose container has its own name, so that it has a program of its own. */
const pod = (name: string, node: string, container: object = {}, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: name.replace(/-\d+$/, "") } },
  spec: { nodeName: node, containers: [{ name, image: "busybox:1", ...container }], ...spec }
})
const apply = (...objects: ReadonlyArray<object>) => ({ at: "0s", apply: objects })
const probe = (more: object = {}) => ({ httpGet: { path: "/", port: 8080 }, periodSeconds: 1, ...more })
/** The others first, so that they are known when the front asks for the first time. */
const behind = (front: object, ...others: ReadonlyArray<object>) => [apply(...others), { at: "5s", apply: front }]
const remove = (at: string, name: string, kind = "Pod") => ({ at, delete: { kind, name, gracePeriodSeconds: 0 } })
const calling = (url: string, more: object = {}) => ({ ...stops, http: [{ port: 8080, calls: [{ url, ...more }] }] })
const serving = { ...stops, http: [{ port: 8080 }] }

const simulated = (runs: { readonly [container: string]: object }, steps: ReadonlyArray<object>, until = "30s") =>
  simulate({
    nodes,
    runs: Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, [run]])),
    steps,
    until
  })

const isReady = ({ status }: { readonly status?: unknown; readonly metadata: unknown }): boolean =>
  (status as PodObject["status"] | undefined)?.conditions?.some(
    (one) => one.type === "Ready" && one.status === "True"
  ) === true

const readyAt = (facts: ReadonlyArray<ClusterEvent>, name: string) => {
  const moments = podMoments(facts, name).map((moment) => ({ seconds: moment.seconds, ready: isReady(moment.pod) }))
  return moments
    .filter(({ ready }, i) => ready !== (moments[i - 1]?.ready ?? false))
    .map(({ ready, seconds }) => `${Math.floor(seconds)} ${ready ? "ready" : "not ready"}`)
}
const failures = (facts: ReadonlyArray<ClusterEvent>) =>
  [...new Set(timedEvents(facts).map((line) => /Unhealthy \S+ (.*)$/s.exec(line)?.[1]))].filter(
    (line) => line !== undefined
  )

const frontend = (more: object = {}) => pod("front", "a", { readinessProbe: probe(), ...more })

describe("a program that asks a backend", () => {
  it("S-392, S-394, S-401: is ready as long as its backend is, and unready once nobody is behind the Service", () => {
    const facts = simulated({ front: calling("http://back/"), back: serving }, [
      ...behind(frontend(), service("back"), pod("back", "b")),
      remove("10s", "back")
    ])
    // Three failures, the first of them within a second of the deletion.
    expect(readyAt(facts, "front")).toEqual(["5 ready", "12 not ready"])
    // Until the node's rules know of it, packets to the pod are lost; then the connection is refused.
    expect(failures(facts)).toEqual([
      expect.stringMatching(/context deadline exceeded/),
      "Readiness probe failed: HTTP probe failed with statuscode: 502"
    ])
  })

  it("S-224, W-29: whose liveness depends on it is restarted until the backend is repaired", () => {
    const facts = simulated(
      { front: calling("http://back/"), back: { ...serving, http: [{ port: 8080, from: "20s" }] } },
      [
        apply(service("back"), pod("back", "b"), {
          ...pod("front", "a", { livenessProbe: probe({ failureThreshold: 2 }) })
        })
      ],
      "60s"
    )
    const [status] = podMoments(facts, "front").at(-1)?.pod.status.containerStatuses ?? []
    expect(status?.restartCount).toBeGreaterThan(1)
    expect(status?.state?.running).toBeDefined()
    const killed = timedEvents(facts).filter((line) => line.includes("Killing"))
    expect(killed.every((line) => Number(line.split(" ")[0]) < 25)).toBe(true)
  })

  it("S-226: gives its own answer after the timeout when the backend is slow", () => {
    const slow = { ...stops, http: [{ port: 8080, takes: "5s" }] }
    const facts = (more: object) =>
      failures(
        simulated(
          { front: calling("http://back/", more), back: slow },
          behind(frontend({ readinessProbe: probe({ timeoutSeconds: 3 }) }), service("back"), pod("back", "b"))
        )
      )
    expect(facts({ timeout: "1s" })).toEqual(["Readiness probe failed: HTTP probe failed with statuscode: 504"])
    expect(facts({ timeout: "1s", otherwise: 503 })).toEqual([
      "Readiness probe failed: HTTP probe failed with statuscode: 503"
    ])
    // The kubelet is the first whose patience ends.
    expect(facts({ timeout: "4s" })).toEqual([
      expect.stringMatching(/^Readiness probe failed: Get "http:\/\/[\d.]+:8080\/": context deadline exceeded/)
    ])
    expect(facts({ timeout: "6s" })).toHaveLength(1)
  })

  it("a chain fails from its end to its beginning; one that goes in a circle ends when somebody's time is over", () => {
    const chain = (last: object) =>
      failures(
        simulated(
          { front: calling("http://mid/", { timeout: "800ms" }), mid: calling("http://back/"), back: last },
          behind(frontend(), service("mid"), service("back"), pod("mid", "b"), pod("back", "a"))
        )
      )
    expect(chain(serving)).toEqual([])
    expect(chain({ ...stops, http: [{ port: 8080, status: 500 }] })).toEqual([
      "Readiness probe failed: HTTP probe failed with statuscode: 502"
    ])
    expect(chain(calling("http://mid/"))).toEqual(["Readiness probe failed: HTTP probe failed with statuscode: 504"])
  })

  it("a backend that dies while it works on the answer breaks it", () => {
    const busy = { exitAfter: "8s", exitCode: 1, http: [{ port: 8080, takes: "3s" }] }
    const facts = simulated(
      { front: calling("http://back/", { timeout: "20s" }), back: busy },
      behind(
        frontend({ readinessProbe: probe({ timeoutSeconds: 10 }) }),
        service("back"),
        pod("back", "b", {}, { restartPolicy: "Never" })
      )
    )
    const broken = timedEvents(facts).find((line) => line.includes("statuscode: 502"))
    const died = timedEvents(facts).find((line) => line.includes("Started back"))
    expect(Number(broken?.split(" ")[0])).toBe(Number(died?.split(" ")[0]) + 8)
  })

  it("S-393: connections are refused by the rules of the node a moment after the last endpoint went, not at once", () => {
    const facts = simulated({ front: calling("http://back/", { timeout: "300ms" }), back: serving }, [
      apply(service("back"), pod("back", "b"), frontend({ readinessProbe: probe({ failureThreshold: 100 }) })),
      { at: "10s", kill: { pod: "back", container: "(sandbox)" } }
    ])
    // The address leads nowhere before anybody has noticed: packets are lost. Then the pod has another one.
    expect(failures(facts)).toContain("Readiness probe failed: HTTP probe failed with statuscode: 504")
  })
})

describe("names", () => {
  const answersWith = (url: string, more: ReadonlyArray<object> = [], front: object = {}) =>
    readyAt(
      simulated({ front: calling(url), back: serving }, [
        apply(service("back"), pod("back", "b"), pod("front", "a", { readinessProbe: probe() }, front), ...more)
      ]),
      "front"
    ).length > 0

  it.each(["http://back/", "http://back.test/", "http://back.test.svc/", "http://back.test.svc.cluster.local:80/x"])(
    "S-348: %s is the Service, by the namespace's search list",
    (url) => expect(answersWith(url)).toBe(true)
  )

  it("S-348: one of another namespace, or of nobody, is none", () => {
    expect(answersWith("http://back.default/")).toBe(false)
    expect(answersWith("http://nobody/")).toBe(false)
  })

  it("S-348: a pod with the node's DNS knows no name of the cluster, one with other searches knows it by its whole name", () => {
    expect(answersWith("http://back/", [], { dnsPolicy: "Default" })).toBe(false)
    const none = { dnsPolicy: "None", dnsConfig: { nameservers: ["10.96.0.10"], searches: ["svc.cluster.local"] } }
    expect(answersWith("http://back/", [], none)).toBe(false)
    expect(answersWith("http://back.test/", [], none)).toBe(true)
  })

  it("S-348: a headless Service is its ready pods, on their own ports; an ExternalName is another name", () => {
    const headless = {
      ...service("many", { clusterIP: "None" }),
      spec: { clusterIP: "None", selector: { app: "back" } }
    }
    expect(answersWith("http://many:8080/", [headless])).toBe(true)
    expect(answersWith("http://many/", [headless])).toBe(false)
    const alias = {
      ...service("alias"),
      spec: { type: "ExternalName", externalName: "back.test.svc.cluster.local" }
    }
    expect(answersWith("http://alias/", [alias])).toBe(true)
  })

  it("K-157: a probe's host is looked up by the kubelet, in whose DNS no Service is; its address does", () => {
    const probed = (host: string) =>
      failures(
        simulated({ front: serving, back: serving }, [
          apply(
            service("back", { clusterIP: "10.96.7.7" }),
            pod("back", "b"),
            frontend({ readinessProbe: { httpGet: { path: "/", port: 80, host }, periodSeconds: 1 } })
          )
        ])
      ).at(-1)
    expect(probed("back")).toBe(
      'Readiness probe failed: Get "http://back:80/": dial tcp: lookup back on 127.0.0.53:53: no such host'
    )
    expect(probed("10.96.7.8")).toMatch(/context deadline exceeded/)
  })
})

describe("the choice of an endpoint", () => {
  it("S-399, S-415: each connection goes to any of the ready pods; with affinity a client stays with one", () => {
    const backs = ["back-1", "back-2"].map((name) => pod(name, "b"))
    const outcomes = (spec: object) =>
      timedEvents(
        simulated(
          {
            front: calling("http://back/"),
            "back-1": serving,
            "back-2": { ...stops, http: [{ port: 8080, status: 500 }] }
          },
          [apply(service("back", spec), ...backs, frontend({ readinessProbe: probe({ failureThreshold: 1 }) }))],
          "63s"
        )
      ).filter((line) => line.includes("Unhealthy")).length
    expect(outcomes({})).toBeGreaterThan(0)
    expect(
      readyAt(
        simulated(
          {
            front: calling("http://back/"),
            "back-1": serving,
            "back-2": { ...stops, http: [{ port: 8080, status: 500 }] }
          },
          [apply(service("back"), ...backs, frontend({ readinessProbe: probe({ failureThreshold: 1 }) }))],
          "63s"
        ),
        "front"
      ).length
    ).toBeGreaterThan(4)
    const sticky = readyAt(
      simulated(
        {
          front: calling("http://back/"),
          "back-1": serving,
          "back-2": { ...stops, http: [{ port: 8080, status: 500 }] }
        },
        [
          apply(
            service("back", { sessionAffinity: "ClientIP" }),
            ...backs,
            frontend({ readinessProbe: probe({ failureThreshold: 1 }) })
          )
        ],
        "63s"
      ),
      "front"
    )
    expect(sticky.length).toBeLessThan(2)
  })

  it("policy Local takes endpoints of the own node only, and drops what there is none for", () => {
    const ready = (node: string, spec: object) =>
      failures(
        simulated({ front: calling("http://back/", { timeout: "300ms" }), back: serving }, [
          apply(service("back", spec), pod("back", node), frontend())
        ])
      )
    expect(ready("a", { internalTrafficPolicy: "Local" }).filter((line) => line?.includes("504"))).toEqual([])
    expect(ready("b", { internalTrafficPolicy: "Local" })).toContain(
      "Readiness probe failed: HTTP probe failed with statuscode: 504"
    )
  })

  it("a node that is cut off reaches nobody on another one, and asks nobody for names", () => {
    const facts = simulated({ front: calling("http://back/", { timeout: "300ms" }), back: serving }, [
      apply(service("back"), pod("back", "b"), frontend()),
      { at: "10s", node: { name: "a", network: "cut" } },
      { at: "16s", node: { name: "a", network: "heal" } }
    ])
    expect(failures(facts)).toContain("Readiness probe failed: HTTP probe failed with statuscode: 504")
    expect(readyAt(facts, "front").at(-1)).toMatch(/ ready$/)
  })
})

describe("a cluster's parts together", () => {
  const deployment = (name: string, container: object) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: "busybox:1", readinessProbe: probe(), ...container }] }
      }
    }
  })

  it("S-417, W-62: two Deployments behind Services: stored, made, placed, started, balanced, in that order", () => {
    const facts = simulated(
      { front: calling("http://back/"), back: { ...serving, http: [{ port: 8080, from: "5s" }] } },
      [apply(service("front"), service("back"), deployment("front", {}), deployment("back", {}))]
    )
    const first = (kind: string, holds: (object: KubernetesObject) => boolean = () => true) =>
      facts.findIndex(
        (fact) => fact._tag === "ObjectChanged" && fact.object.kind === kind && holds(fact.object as never)
      )
    const ofFront = ({ metadata }: KubernetesObject) => metadata.labels?.["app"] === "front"
    const steps = [
      first("Deployment"),
      first("ReplicaSet", ofFront),
      first("Pod", ofFront),
      first("Pod", (pod) => ofFront(pod) && (pod["spec"] as { nodeName?: string }).nodeName !== undefined),
      first("Pod", (pod) => ofFront(pod) && (pod["status"] as { phase?: string }).phase === "Running"),
      // Nobody is behind the backend's Service before it is ready, and so no frontend is.
      first("Pod", (pod) => !ofFront(pod) && isReady(pod)),
      first("EndpointSlice", (slice) => JSON.stringify(slice).includes('"ready":true')),
      first("Pod", (pod) => ofFront(pod) && isReady(pod))
    ]
    expect(steps.every((at) => at >= 0)).toBe(true)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  })

  it("S-352: each node has rules of its own, which stay as they are while it hears nothing", () => {
    const ask = probe({ failureThreshold: 1, timeoutSeconds: 2 })
    const facts = simulated(
      {
        "front-1": calling("http://10.96.7.7/", { timeout: "300ms" }),
        "front-2": calling("http://10.96.7.7/", { timeout: "300ms" }),
        "back-1": serving,
        "back-2": serving
      },
      [
        apply(service("back", { clusterIP: "10.96.7.7" }), pod("back-1", "a")),
        {
          at: "5s",
          apply: [pod("front-1", "a", { livenessProbe: ask }), pod("front-2", "b", { readinessProbe: ask })]
        },
        { at: "10s", node: { name: "a", network: "cut" } },
        { at: "12s", apply: pod("back-2", "b") },
        remove("12s", "back-1")
      ],
      "40s"
    )
    // The one that is cut off still sends to the pod beside it, of which nobody has told it that it is gone; the other one does not.
    expect(readyAt(facts, "front-2")).toEqual(["5 ready", "11 not ready", "13 ready"])
    expect(podMoments(facts, "back-1").at(-1)?.change).toBe("DELETED")
    const exits = facts.filter((fact) => fact._tag === "PodFact" && fact.event._tag === "ProcessExited")
    expect(exits).toEqual([])
  })

  it("S-397: every pod reaches every other one by its address, and so does every node", () => {
    const asks = (front: object, readinessProbe: object) =>
      readyAt(simulated({ front, back: serving }, behind(frontend({ readinessProbe }), pod("back", "b"))), "front")
    expect(asks(calling("http://10.88.1.1:8080/"), probe())).toEqual(["5 ready"])
    expect(asks(serving, { tcpSocket: { host: "10.88.1.1", port: 8080 }, periodSeconds: 1 })).toEqual(["5 ready"])
    expect(asks(serving, { tcpSocket: { host: "10.88.1.1", port: 81 }, periodSeconds: 1 })).toEqual([])
  })

  it("X-15, S-237: an unready pod, or one that is to end, gets no connection while another one is ready", () => {
    const sick = { ...stops, onTerm: { exitAfter: "20s", exitCode: 0 }, http: [{ port: 8080, path: "/ready" }] }
    const facts = simulated(
      {
        front: calling("http://back/x"),
        "back-1": {
          ...stops,
          http: [
            { port: 8080, path: "/x" },
            { port: 8080, path: "/ready", until: "15s" }
          ]
        },
        "back-2": sick
      },
      [
        apply(
          service("back"),
          pod("back-1", "a", { readinessProbe: { ...probe(), httpGet: { path: "/ready", port: 8080 } } }),
          // It answers 404 to what the frontend asks: whoever gets there is told apart.
          pod("back-2", "b", { readinessProbe: { ...probe(), httpGet: { path: "/no", port: 8080 } } })
        ),
        { at: "5s", apply: frontend({ readinessProbe: probe({ failureThreshold: 1 }) }) }
      ],
      "40s"
    )
    expect(readyAt(facts, "front")).toEqual(["5 ready", "17 not ready"])
  })

  it("S-224: a command that asks the backend fails with what wget says, and its container is restarted", () => {
    const asking = (url: string, more: object = {}) => ({
      ...stops,
      execs: [{ command: ["ask"], calls: [{ url, ...more }] }]
    })
    const said = (url: string, more: object = {}) =>
      failures(
        simulated(
          {
            front: asking(url, more),
            back: {
              ...stops,
              http: [
                { port: 8080, path: "/ok" },
                { port: 8080, path: "/slow", takes: "9s" },
                { port: 8080, status: 500 }
              ]
            }
          },
          behind(
            pod("front", "a", {
              livenessProbe: { exec: { command: ["ask"] }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 2 }
            }),
            service("back"),
            service("nobody"),
            pod("back", "b")
          )
        )
      )
    expect(said("http://back/ok")).toEqual([])
    expect(said("http://back/")).toEqual(["Liveness probe failed: wget: server returned error: HTTP/1.1 500\n"])
    expect(said("http://missing/")).toEqual(["Liveness probe failed: wget: bad address 'missing'\n"])
    expect(said("tcp://back:80")).toEqual([])
    expect(said("tcp://missing:80")).toEqual(["Liveness probe failed: nc: bad address 'missing'\n"])
    expect(said("tcp://back:81", { timeout: "300ms" })).toEqual(["Liveness probe failed: nc: timed out\n"])
    expect(said("http://back/slow")).toEqual(["Liveness probe failed: wget: download timed out\n"])
    expect(said("http://nobody/")[0]).toMatch(
      /^Liveness probe failed: wget: can't connect to remote host \(10\.96\.[\d.]+\): Connection refused/
    )
  })
})

describe("ways to a Service", () => {
  const statuses = (url: string, spec: object, back: object = pod("back", "b"), node = "a") =>
    failures(
      simulated(
        { front: calling(url, { timeout: "300ms" }), back: serving },
        behind(pod("front", node, { readinessProbe: probe() }), service("back", spec), back)
      )
    ).map((line) => /\d+$/.exec(line)?.[0])
  const nodePort = { type: "NodePort", ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }] }
  const local = { ...nodePort, externalTrafficPolicy: "Local" }

  it("are a port of every node, of which a pod minds no external policy", () => {
    expect(statuses("http://10.89.0.1:30080/", nodePort)).toEqual([])
    expect(statuses("http://10.89.0.2:30080/", nodePort)).toEqual([])
    expect(statuses("http://10.89.0.1:30080/", local)).toEqual([])
    expect(statuses("http://10.89.0.1:30081/", nodePort)).toEqual(["502"])
  })

  it("are external addresses, and names of ports of the pod", () => {
    const named = pod("back", "b", { ports: [{ name: "web", containerPort: 8080 }] })
    const spec = { externalIPs: ["192.0.2.7"], ports: [{ port: 80, targetPort: "web" }] }
    expect(statuses("http://192.0.2.7/", spec, named)).toEqual([])
    // No rule and no machine is there.
    expect(statuses("http://192.0.2.8/", spec, named)).toEqual(["502"])
    expect(statuses("http://back:81/", spec, named)).toEqual(["504"])
  })

  it("are open to a kubelet, on a node that has an endpoint as on its own", () => {
    const probed = (host: string) =>
      failures(
        simulated(
          { front: serving, back: serving },
          behind(
            frontend({ readinessProbe: { httpGet: { host, port: 30_080, path: "/" }, periodSeconds: 1 } }),
            service("back", local),
            pod("back", "b", { ports: [{ name: "web", containerPort: 8080 }] })
          )
        )
      )
    expect(probed("10.89.0.2")).toEqual([])
    // Its own node: connections of the node itself are let through to the whole cluster.
    expect(probed("10.89.0.1")).toEqual([])
  })

  it("are no way around: ports of the host, and pods in its network, are reached by the node's address", () => {
    const mapped = pod("back", "b", { ports: [{ containerPort: 8080, hostPort: 8000 }] })
    expect(statuses("http://10.89.0.2:8000/", {}, mapped)).toEqual([])
    expect(statuses("http://10.89.0.1:8000/", {}, mapped)).toEqual(["502"])
    const host = pod("back", "b", {}, { hostNetwork: true })
    expect(statuses("http://10.89.0.2:8080/", {}, host)).toEqual([])
    expect(statuses("http://back/", {}, host)).toEqual([])
  })

  it("stay open to the last pod while it terminates and still serves", () => {
    const facts = simulated(
      {
        front: calling("http://back/"),
        back: { onTerm: { exitAfter: "10s", exitCode: 0 }, http: [{ port: 8080 }] }
      },
      [
        ...behind(frontend({ readinessProbe: probe({ failureThreshold: 1 }) }), service("back"), pod("back", "b")),
        { at: "10s", delete: { kind: "Pod", name: "back", gracePeriodSeconds: 20 } }
      ]
    )
    expect(readyAt(facts, "front")).toEqual(["5 ready", "20 not ready"])
  })
})

describe("a program that needs others to begin", () => {
  const needing = (needs: object, more: object = {}) => ({
    ...stops,
    needs: { calls: [{ url: "http://back/" }], ...needs },
    ...more
  })
  const exitsOf = (facts: ReadonlyArray<ClusterEvent>, container: string) =>
    facts.flatMap((fact) =>
      fact._tag === "PodFact" && fact.event._tag === "ProcessExited" && fact.event.container === container
        ? [fact.event.exitCode]
        : []
    )
  const started = (facts: ReadonlyArray<ClusterEvent>, container: string) =>
    timedEvents(facts)
      .filter((line) => line.includes(`Started ${container}`))
      .map((line) => Number(line.split(" ")[0]))

  it("waits in an init container until a Service answers", () => {
    const waiting = { name: "wait", image: "busybox:1" }
    const facts = simulated({ wait: needing({ every: "1s" }, { exitAfter: "2s" }), front: serving, back: serving }, [
      apply(service("back"), pod("front", "a", {}, { initContainers: [waiting] })),
      { at: "10s", apply: pod("back", "b") }
    ])
    expect(exitsOf(facts, "wait")).toEqual([0])
    expect(started(facts, "back")).toEqual([10])
    // Endpoints and rules within a second or two, the next attempt, and the two seconds that it takes then.
    const [at = 0] = started(facts, "front")
    expect(at).toBeGreaterThanOrEqual(13)
    expect(at).toBeLessThanOrEqual(16)
  })

  it("exits, is started again and again, and stays once the backend is there", () => {
    const facts = simulated(
      { front: needing({ exitCode: 7 }, { http: [{ port: 8080 }] }), back: serving },
      [apply(service("back"), frontend()), { at: "15s", apply: pod("back", "b") }],
      "80s"
    )
    expect(new Set(exitsOf(facts, "front"))).toEqual(new Set([7]))
    expect(podMoments(facts, "front").at(-1)?.pod.status.containerStatuses?.[0]).toMatchObject({
      ready: true,
      restartCount: exitsOf(facts, "front").length
    })
    expect(Math.max(...started(facts, "front"))).toBeGreaterThan(15)
  })

  it("answers nobody and fails its commands while it waits; a signal ends it all the same", () => {
    const front = needing(
      { every: "1s" },
      { onTerm: { exitAfter: "1s", exitCode: 3 }, http: [{ port: 8080 }], execs: [{ command: ["look"] }] }
    )
    const seen = (readinessProbe: object) => {
      const facts = simulated({ front, back: serving }, [
        apply(service("back"), frontend({ readinessProbe })),
        { at: "10s", apply: pod("back", "b") },
        { at: "20s", delete: { kind: "Pod", name: "front", gracePeriodSeconds: 9 } }
      ])
      expect(exitsOf(facts, "front")).toEqual([3])
      return { failures: failures(facts), ready: readyAt(facts, "front").length }
    }
    expect(seen(probe())).toMatchObject({
      failures: [expect.stringMatching(/connect: connection refused$/)],
      ready: 2
    })
    expect(seen({ exec: { command: ["look"] }, periodSeconds: 1 })).toMatchObject({ ready: 2 })
    const never = simulated({ front }, [
      apply(service("back"), frontend()),
      { at: "10s", delete: { kind: "Pod", name: "front", gracePeriodSeconds: 9 } }
    ])
    expect(exitsOf(never, "front")).toEqual([3])
    expect(readyAt(never, "front")).toEqual([])
  })

  it("tries no more on a machine without power", () => {
    const facts = simulated({ front: needing({ every: "1s" }), back: serving }, [
      apply(service("back"), frontend()),
      { at: "5s", node: { name: "a", power: "off" } },
      { at: "6s", apply: pod("back", "b") }
    ])
    expect(readyAt(facts, "front")).toEqual([])
  })
})

describe("a simulation of dependencies", () => {
  const circle = [
    ...behind(frontend(), service("back"), pod("back-1", "b"), pod("back-2", "a", { livenessProbe: probe() })),
    remove("12s", "back-1"),
    { at: "15s", node: { name: "b", network: "cut" } }
  ]
  const runs = {
    front: calling("http://back/"),
    "back-1": { ...stops, http: [{ port: 8080, until: "9s" }] },
    "back-2": { ...stops, http: [{ port: 8080, from: "4s", takes: "20ms" }] }
  }

  it("is the same to the byte, and the same if every tick of every probe is carried out", () => {
    const given = {
      nodes,
      runs: Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, [run]])),
      steps: circle,
      until: "60s"
    }
    const facts = JSON.stringify(simulate(given))
    expect(JSON.stringify(simulate(given))).toBe(facts)
    expect(JSON.stringify(simulate(given, 0, { everyProbeTick: true }))).toBe(facts)
    expect(JSON.stringify(simulate(given, 1))).not.toBe(facts)
  })
})
