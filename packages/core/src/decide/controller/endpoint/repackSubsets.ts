/** The addresses of Endpoints in the one form that everybody compares (`pkg/api/v1/endpoints/util.go`, RepackSubsets). */
import type { Json, JsonObject } from "../../../event/Json.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import { dumpForHash } from "../dumpForHash.ts"
import { fnv128a } from "../fnv128a.ts"

interface Address {
  readonly address: JsonObject
  ready: boolean
}

/** By IP and UID: the same address of two pods is two. */
type Addresses = Map<string, Address>

interface Offered {
  /** `undefined`: whoever has no ports is there all the same. */
  readonly port: JsonObject | undefined
  readonly addresses: Addresses
}

const identity = (address: JsonObject): string => `${text(address, "ip")} ${text(mapping(address, "targetRef"), "uid")}`

/** LessEndpointAddress: an address without a target comes first. */
const byAddress = (a: JsonObject, b: JsonObject): number => {
  const [first, second] = [identity(a), identity(b)]
  return first < second ? -1 : first > second ? 1 : 0
}

const portKey = (port: JsonObject): string =>
  JSON.stringify([port["name"] ?? "", port["protocol"] ?? "", port["port"] ?? 0, port["appProtocol"] ?? null])

const sortedByHash = (type: string, items: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> =>
  items.length < 2
    ? items
    : items
        .map((item) => ({ item, hash: fnv128a(dumpForHash(type, item)) }))
        .sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0))
        .map(({ item }) => item)

/** What is not ready at one place is not ready. */
const offer = (offered: Addresses, address: JsonObject, ready: boolean): void => {
  const known = offered.get(identity(address))
  if (known === undefined) offered.set(identity(address), { address, ready })
  else known.ready &&= ready
}

const byPort = (subsets: ReadonlyArray<JsonObject>): ReadonlyArray<Offered> => {
  const found = new Map<string, Offered>()
  for (const subset of subsets) {
    const ports = entries(subset, "ports")
    for (const port of ports.length === 0 ? [undefined] : ports) {
      const key = port === undefined ? "" : portKey(port)
      const at = found.get(key) ?? { port, addresses: new Map() }
      found.set(key, at)
      for (const address of entries(subset, "addresses")) offer(at.addresses, address, true)
      for (const address of entries(subset, "notReadyAddresses")) offer(at.addresses, address, false)
    }
  }
  return [...found.values()]
}

const sorted = (addresses: Addresses, ready: boolean): ReadonlyArray<JsonObject> =>
  [...addresses.values()]
    .filter((one) => one.ready === ready)
    .map(({ address }) => address)
    .sort(byAddress)

const listed = (name: string, items: ReadonlyArray<JsonObject>): { readonly [name: string]: Json } =>
  items.length === 0 ? {} : { [name]: items }

/** Each set of addresses once, with all the ports that they offer. */
export const repackSubsets = (subsets: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> => {
  const grouped = Map.groupBy(byPort(subsets), ({ addresses }) =>
    JSON.stringify([...addresses].map(([key, { ready }]) => `${key} ${ready}`).sort())
  )
  const packed = [...grouped.values()].map((offers) => {
    const [{ addresses } = { addresses: new Map() as Addresses }] = offers
    return {
      ...listed("addresses", sorted(addresses, true)),
      ...listed("notReadyAddresses", sorted(addresses, false)),
      ...listed(
        "ports",
        sortedByHash(
          "EndpointPort",
          offers.flatMap(({ port }) => (port === undefined ? [] : [port]))
        )
      )
    }
  })
  return sortedByHash("EndpointSubset", packed)
}
