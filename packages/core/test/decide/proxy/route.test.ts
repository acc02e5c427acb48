/** Where kube-proxy's rules send a connection: the cases of `pkg/proxy/topology_test.go`, and what the rules make of them. */
import { describe, expect, it } from "vitest"
import { categorizeEndpoints } from "../../../src/decide/proxy/categorizeEndpoints.ts"
import { type Endpoint, endpointsOf } from "../../../src/decide/proxy/Endpoint.ts"
import { route } from "../../../src/decide/proxy/route.ts"
import { servicePorts } from "../../../src/decide/proxy/ServicePort.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"

const service = (spec: object, more: object = {}, metadata: object = {}): KubernetesObject =>
  ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "s", namespace: "n", ...metadata },
    spec: { type: "ClusterIP", clusterIP: "10.96.0.5", ports: [{ port: 80 }], ...spec },
    ...more
  }) as unknown as KubernetesObject

const portOf = (spec: object = {}) => {
  const [port] = servicePorts(service(spec))
  if (port === undefined) throw new Error("no port")
  return port
}

const endpoint = (ip: string, more: Partial<Endpoint> = {}): Endpoint => ({
  ...{ ip, port: 80, nodeName: "other", ready: true, serving: true, terminating: false, zoneHints: [], nodeHints: [] },
  ...more
})
const leaving = { ready: false, serving: true, terminating: true }
const gone = { ready: false, serving: false, terminating: true }
const here = { name: "here", zone: "z" }

const categorized = (spec: object, endpoints: ReadonlyArray<Endpoint>, node = here) => {
  const { cluster, hasAny, local } = categorizeEndpoints(endpoints, portOf(spec), node)
  return [cluster.map(({ ip }) => ip).join(" "), local.map(({ ip }) => ip).join(" "), hasAny]
}

const nodePort = { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] }
const externalLocal = { ...nodePort, externalTrafficPolicy: "Local" }
const internalLocal = { internalTrafficPolicy: "Local" }

describe("the endpoints that a node uses", () => {
  it("S-394: are the ready ones, wherever they are", () => {
    expect(categorized({}, [])).toEqual(["", "", false])
    const some = [endpoint("1"), endpoint("2", { nodeName: "here" }), endpoint("3", { ready: false, serving: false })]
    expect(categorized({}, some)).toEqual(["1 2", "", true])
  })

  it("are those that still serve while they terminate, if none is ready", () => {
    expect(categorized({}, [endpoint("1"), endpoint("2", leaving)])).toEqual(["1", "", true])
    expect(categorized({}, [endpoint("1", gone), endpoint("2", leaving)])).toEqual(["2", "", true])
    expect(categorized({}, [endpoint("1", gone)])).toEqual(["", "", false])
  })

  it("are on the node itself where the policy is Local, and both where both are needed", () => {
    const some = [endpoint("1", { nodeName: "here" }), endpoint("2")]
    expect(categorized(internalLocal, some)).toEqual(["", "1", true])
    expect(categorized(externalLocal, some)).toEqual(["1 2", "1", true])
    expect(categorized({ externalTrafficPolicy: "Local" }, some)).toEqual(["1 2", "", true])
    expect(categorized(internalLocal, [endpoint("2")])).toEqual(["", "", true])
    const last = [endpoint("1", { nodeName: "here", ...leaving }), endpoint("2")]
    expect(categorized(externalLocal, last)).toEqual(["2", "1", true])
    expect(categorized(internalLocal, last)).toEqual(["", "1", true])
  })

  it("are near if each ready one has hints and one is for here", () => {
    const zones = (...names: ReadonlyArray<ReadonlyArray<string>>) =>
      names.map((zoneHints, i) => endpoint(String(i), { zoneHints }))
    expect(categorized({}, zones(["z"], ["y"]))[0]).toBe("0")
    expect(categorized({}, zones(["z"], []))[0]).toBe("0 1")
    expect(categorized({}, zones(["x"], ["y"]))[0]).toBe("0 1")
    expect(categorized({}, zones(["z"], ["y"]), { name: "here", zone: "" })[0]).toBe("0 1")
    const both = [
      endpoint("0", { nodeHints: ["here"], zoneHints: ["z"] }),
      endpoint("1", { nodeHints: ["there"], zoneHints: ["z"] })
    ]
    expect(categorized({}, both)[0]).toBe("0")
    expect(categorized({}, both, { name: "nowhere", zone: "z" })[0]).toBe("0 1")
    // Who is not ready has no say.
    expect(categorized({}, [...zones(["z"]), endpoint("9", { ready: false })])[0]).toBe("0")
  })
})

describe("a connection", () => {
  const inside = { to: "internal", fromInside: true } as const
  const outside = { to: "external", fromInside: false } as const
  const routed = (
    spec: object,
    endpoints: ReadonlyArray<Endpoint>,
    connection: typeof inside | typeof outside = inside
  ) => {
    const found = route(portOf(spec), endpoints, here, connection)
    return found._tag === "Endpoints" ? found.endpoints.map(({ ip }) => ip).join(" ") : found._tag
  }

  it("S-392, S-415: goes to any of them; is refused where there is none at all", () => {
    expect(routed({}, [endpoint("1"), endpoint("2")])).toBe("1 2")
    expect(routed({}, [])).toBe("Refused")
    expect(routed({}, [endpoint("1", { ready: false, serving: false })])).toBe("Refused")
  })

  it("is dropped where only policy Local stands in its way", () => {
    expect(routed(internalLocal, [endpoint("1")])).toBe("Dropped")
    expect(routed(internalLocal, [])).toBe("Refused")
    expect(routed(externalLocal, [endpoint("1")], outside)).toBe("Dropped")
    expect(routed(externalLocal, [], outside)).toBe("Refused")
  })

  it("of a pod or of the node itself to a port of the node minds no external policy", () => {
    expect(routed(externalLocal, [endpoint("1")], { to: "external", fromInside: true } as never)).toBe("1")
    expect(routed(externalLocal, [endpoint("1"), endpoint("2", { nodeName: "here" })], outside)).toBe("2")
  })
})

describe("the ports of a Service", () => {
  it("are none where it has no address of its own, or another proxy looks after it", () => {
    expect(servicePorts(service({ clusterIP: "None" }))).toEqual([])
    expect(servicePorts(service({ type: "ExternalName", clusterIP: undefined, externalName: "a.b" }))).toEqual([])
    const labels = { "service.kubernetes.io/service-proxy-name": "mine" }
    expect(servicePorts(service({}, {}, { labels }))).toEqual([])
  })

  it("have every address that somebody may use, and the time that a client stays", () => {
    const status = {
      loadBalancer: { ingress: [{ ip: "1.1.1.1" }, { ip: "2.2.2.2", ipMode: "Proxy" }, { hostname: "h" }] }
    }
    const spec = {
      type: "LoadBalancer",
      externalIPs: ["3.3.3.3"],
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } }
    }
    expect(servicePorts(service(spec, { status }))).toMatchObject([
      {
        service: "n/s",
        protocol: "TCP",
        port: 80,
        nodePort: 0,
        externalIPs: ["3.3.3.3", "1.1.1.1"],
        stickyFor: 60_000_000
      }
    ])
    expect(portOf().stickyFor).toBeUndefined()
  })
})

describe("the endpoints in slices", () => {
  const slice = (endpoints: ReadonlyArray<object>, more: object = {}): KubernetesObject =>
    ({
      kind: "EndpointSlice",
      addressType: "IPv4",
      metadata: { name: "x" },
      ports: [{ name: "web", port: 8080, protocol: "TCP" }],
      endpoints,
      ...more
    }) as unknown as KubernetesObject
  const at = (ip: string, conditions: object = {}) => ({ addresses: [ip], conditions })

  it("S-393: are those of the port's name, each address once, and conditions that are not said are good", () => {
    const slices = [
      slice([at("2"), at("1", { ready: false, serving: true, terminating: true })]),
      slice([at("1")]),
      slice([at("1", { ready: false, terminating: true })]),
      slice([at("9")], { ports: [{ name: "other", port: 1 }] }),
      slice([at("9")], { ports: [{ name: "web" }] }),
      slice([{ addresses: [] }])
    ]
    expect(
      endpointsOf(slices, "web").map(({ ip, port, ready, terminating }) => [ip, port, ready, terminating])
    ).toEqual([
      ["1", 8080, true, false],
      ["2", 8080, true, false]
    ])
    expect(endpointsOf(slices, "")).toEqual([])
  })
})
