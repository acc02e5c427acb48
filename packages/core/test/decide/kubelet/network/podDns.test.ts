/** A pod's resolv.conf and hosts file, and in which order names are asked for. */
import { describe, expect, it } from "vitest"
import { candidates, fromHostsFile, nodeResolver, podResolver } from "../../../../src/decide/kubelet/network/podDns.ts"

const cluster = {
  nameservers: ["10.96.0.10"],
  searches: ["n.svc.cluster.local", "svc.cluster.local", "cluster.local"],
  ndots: 5
}

describe("a pod's DNS", () => {
  it("S-348: is the cluster's with its namespace first, but for pods in the node's network that do not ask for it", () => {
    expect(podResolver({}, "n")).toEqual(cluster)
    expect(podResolver({ dnsPolicy: "ClusterFirst" }, "n")).toEqual(cluster)
    expect(podResolver({ dnsPolicy: "ClusterFirst", hostNetwork: true }, "n")).toEqual(nodeResolver)
    expect(podResolver({ dnsPolicy: "ClusterFirstWithHostNet", hostNetwork: true }, "n")).toEqual(cluster)
    expect(podResolver({ dnsPolicy: "Default" }, "n")).toEqual(nodeResolver)
  })

  it("has what dnsConfig adds, which is all there is with policy None", () => {
    const dnsConfig = {
      nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3"],
      searches: ["example.com", "cluster.local"],
      options: [{ name: "ndots", value: "2" }, { name: "edns0" }]
    }
    expect(podResolver({ dnsConfig }, "n")).toEqual({
      nameservers: ["10.96.0.10", "1.1.1.1", "2.2.2.2"],
      searches: [...cluster.searches, "example.com"],
      ndots: 2
    })
    expect(podResolver({ dnsPolicy: "None", dnsConfig }, "n")).toEqual({
      nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3"],
      searches: ["example.com", "cluster.local"],
      ndots: 2
    })
    expect(podResolver({ dnsPolicy: "None" }, "n").nameservers).toEqual([])
  })

  it("asks for a name with few dots in the search list first, for one that ends with a dot as it is", () => {
    const three = cluster.searches
    expect(candidates("web", cluster)).toEqual([...three.map((search) => `web.${search}`), "web"])
    expect(candidates("a.b.c.d.e.f", cluster)).toEqual([
      "a.b.c.d.e.f",
      ...three.map((search) => `a.b.c.d.e.f.${search}`)
    ])
    expect(candidates("web.", cluster)).toEqual(["web"])
    expect(candidates("web", nodeResolver)).toEqual(["web"])
  })

  it("finds itself, and its aliases, in its hosts file", () => {
    const spec = { hostAliases: [{ ip: "1.2.3.4", hostnames: ["db", "db.local"] }] }
    const ask = (name: string) => fromHostsFile(name, { spec, hostname: "p", podIP: "10.88.0.1" })
    expect(["localhost", "p", "db.local", "q"].map(ask)).toEqual(["127.0.0.1", "10.88.0.1", "1.2.3.4", undefined])
  })
})
