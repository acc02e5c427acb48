/** A node that has a network of its own, for tests of what runs on it. */
import { Store } from "../../src/apiserver/Store.ts"
import type { Engine } from "../../src/engine/Engine.ts"
import { ClusterNetwork } from "../../src/network/ClusterNetwork.ts"
import { NodeNetwork } from "../../src/network/NodeNetwork.ts"
import { zeroControlPlane } from "../../src/profile/ControlPlaneProfile.ts"
import { zeroProfile } from "../../src/profile/NodeProfile.ts"

export const lonely = (engine: Engine) => {
  const store = new Store(1)
  const cluster = new ClusterNetwork(engine, store, 0, zeroControlPlane)
  const of = { engine, store, seed: 0, name: "n-1", hostIP: "10.89.0.1", profile: zeroProfile, log: cluster.log }
  const node = new NodeNetwork(of, true)
  cluster.join(node, "10.88.0")
  return { cluster, node }
}
