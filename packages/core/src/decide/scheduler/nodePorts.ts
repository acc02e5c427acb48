/** Host ports are taken once (`pkg/scheduler/framework/plugins/nodeports/node_ports.go`). */
import type { FilterPlugin } from "./Plugin.ts"
import type { HostPort } from "./PodClass.ts"

const EVERY_ADDRESS = "0.0.0.0"

/** The same port of the same protocol on the same address; 0.0.0.0 is every address (kube-scheduler `framework/types.go`, HostPortInfo). */
const conflict = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === EVERY_ADDRESS || b.ip === EVERY_ADDRESS)

const anyConflict = (wanted: ReadonlyArray<HostPort>, used: ReadonlyArray<HostPort>): boolean =>
  wanted.some((want) => used.some((use) => conflict(want, use)))

export const nodePorts: FilterPlugin = {
  name: "NodePorts",
  filter: (pod, node) => {
    if (pod.hostPorts.length === 0) return undefined
    for (const other of node.pods.values()) {
      if (anyConflict(pod.hostPorts, other.hostPorts)) {
        const reasons = ["node(s) didn't have free ports for the requested pod ports"]
        return { plugin: "NodePorts", reasons, resolvable: true }
      }
    }
    return undefined
  },
  hint: (pod, change) => {
    switch (change._tag) {
      case "NodeAdded":
        return true
      case "AssignedPodDeleted":
        return anyConflict(pod.hostPorts, change.pod.hostPorts)
      case "NodeUpdated":
      case "TolerationAdded":
        return false
    }
  }
}
