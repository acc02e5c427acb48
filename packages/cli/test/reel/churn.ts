/** Pods of many owners that come and go, with names and addresses that do not repeat: what a busy cluster writes. */
import { type ClusterEvent, Instant } from "@kubereel/core"

const LIVE = 60
const VERSIONS = 9

/** Text that does not pack well, and is the same each time. */
const noise = (n: number, length: number): string => {
  let state = Math.imul(n + 1, 0x9e3779b1) >>> 0
  let out = ""
  while (out.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    out += state.toString(36)
  }
  return out.slice(0, length)
}

const pod = (seq: number): ClusterEvent => {
  const slot = seq % LIVE
  const turn = Math.floor(seq / LIVE)
  const life = Math.floor(turn / VERSIONS)
  const age = turn % VERSIONS
  const uid = `${noise(life * LIVE + slot, 8)}-${slot}-${life}`
  return {
    _tag: "ObjectChanged",
    observed: Instant.make(1_767_225_600_000_000 + seq * 250),
    change: age === 0 ? "ADDED" : age === VERSIONS - 1 ? "DELETED" : "MODIFIED",
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `web-${slot}-${life}`,
        namespace: `team-${slot % 5}`,
        uid,
        resourceVersion: String(10_000 + seq),
        ownerReferences: [{ uid: `rs-${slot % 7}` }]
      },
      spec: { nodeName: `node-${slot % 9}`, containers: [{ name: "app", image: "shop/app:1" }] },
      status: {
        phase: "Running",
        podIP: noise(seq, 12),
        containerStatuses: [{ name: "app", containerID: noise(seq + 7, 900) }]
      }
    }
  }
}

export const churn = (count: number): ReadonlyArray<ClusterEvent> => Array.from({ length: count }, (_, i) => pod(i))
