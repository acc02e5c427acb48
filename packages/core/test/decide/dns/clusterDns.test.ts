/** Names of the cluster, as its DNS server answers for them (`github.com/kubernetes/dns/blob/master/docs/specification.md`). */
import { describe, expect, it } from "vitest"
import { clusterDns } from "../../../src/decide/dns/clusterDns.ts"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"

const objectOf = (rest: object): KubernetesObject => rest as unknown as KubernetesObject
const services: { readonly [name: string]: KubernetesObject } = {
  "n/web": objectOf({ spec: { type: "ClusterIP", clusterIP: "10.96.0.5" } }),
  "n/db": objectOf({ spec: { type: "ClusterIP", clusterIP: "None" } }),
  "n/empty": objectOf({ spec: { type: "ClusterIP", clusterIP: "None" } }),
  "n/else": objectOf({ spec: { type: "ExternalName", externalName: "db.example.com" } })
}
const endpoints = [
  { addresses: ["10.88.0.1"], hostname: "db-0", conditions: { ready: true } },
  { addresses: ["10.88.0.2"], conditions: { ready: true } },
  { addresses: ["10.88.0.3"], hostname: "db-2", conditions: { ready: false } }
]
const records = {
  service: (namespace: string, name: string) => services[`${namespace}/${name}`],
  slices: (_: string, name: string) => (name === "empty" ? [] : [objectOf({ endpoints })])
}
const ask = (name: string) => {
  const answer = clusterDns(name, records)
  if (answer?._tag === "Addresses") return answer.addresses.join(" ")
  return answer?._tag === "Alias" ? `-> ${answer.name}` : answer?._tag
}

describe("the cluster's DNS", () => {
  it("S-348: knows a Service by its name and namespace", () => {
    expect(ask("web.n.svc.cluster.local")).toBe("10.96.0.5")
    expect(ask("WEB.N.svc.Cluster.local")).toBe("10.96.0.5")
    expect(ask("web.other.svc.cluster.local")).toBe("NoSuchName")
    expect(ask("else.n.svc.cluster.local")).toBe("-> db.example.com")
  })

  it("S-348: knows the ready endpoints of a headless one, together and each by its hostname or address", () => {
    expect(ask("db.n.svc.cluster.local")).toBe("10.88.0.1 10.88.0.2")
    expect(ask("db-0.db.n.svc.cluster.local")).toBe("10.88.0.1")
    expect(ask("10-88-0-2.db.n.svc.cluster.local")).toBe("10.88.0.2")
    expect(ask("db-2.db.n.svc.cluster.local")).toBe("NoSuchName")
    expect(ask("empty.n.svc.cluster.local")).toBe("NoSuchName")
  })

  it("S-348: gives a pod's name the address that is in it, and asks nobody whether there is one", () => {
    expect(ask("10-88-0-9.n.pod.cluster.local")).toBe("10.88.0.9")
    expect(ask("mine.n.pod.cluster.local")).toBe("NoSuchName")
  })

  it("answers for no other names of its zone, and for no other zone", () => {
    for (const name of [
      "cluster.local",
      "svc.cluster.local",
      "n.svc.cluster.local",
      "web.n.cluster.local",
      "a.b.c.n.svc.cluster.local"
    ])
      expect(ask(name)).toBe("NoSuchName")
    expect(ask("example.com")).toBeUndefined()
    expect(ask("mycluster.local")).toBeUndefined()
  })
})
