/** What is done to a cluster, by kind: the rows of the matrix of disturbances and pods' states. */
import type { Intention } from "@kubereel/core"

/** Those that generated scenarios know. */
export const disturbanceKinds: ReadonlyArray<string> = [
  "delete Pod",
  "force delete Pod",
  "evict",
  "drain",
  "kill process",
  "kill sandbox",
  "patch Pod",
  "scale",
  "cordon",
  "power off",
  "power on",
  "power shutdown",
  "kubelet stop",
  "kubelet start",
  "kubelet restart",
  "network cut",
  "network cut-in",
  "network cut-out",
  "network heal",
  "pressure",
  "RunPodSandbox fails",
  "CreateContainer fails",
  "watch of kubelet stands still",
  "watch of kubelet lags"
]

const ofNode = (intention: Extract<Intention, { readonly _tag: "Node" }>): ReadonlyArray<string> => {
  const { add, cordon, kubelet, network, power, pressure, remove } = intention
  return [
    ...(power === undefined ? [] : [`power ${power}`]),
    ...(kubelet === undefined ? [] : [`kubelet ${kubelet}`]),
    ...(network === undefined ? [] : [`network ${network}`]),
    ...(pressure === undefined ? [] : pressure.length === 0 ? ["pressure over"] : ["pressure"]),
    ...(cordon === undefined ? [] : [cordon ? "cordon" : "uncordon"]),
    ...(add === undefined ? [] : ["node added"]),
    ...(remove === true ? ["node removed"] : [])
  ]
}

const ofPatch = (intention: Extract<Intention, { readonly _tag: "Patch" }>): string => {
  const { kind, subresource } = intention
  return subresource === undefined ? `patch ${kind}` : `patch ${kind}/${subresource}`
}

/** The disturbances that an intention is; what only makes something new is none. */
export const disturbancesOf = (intention: Intention): ReadonlyArray<string> => {
  switch (intention._tag) {
    case "Apply":
    case "Exec":
      return []
    case "Delete":
      return intention.gracePeriodSeconds === 0 ? [`force delete ${intention.kind}`] : [`delete ${intention.kind}`]
    case "Kill":
      return [intention.container === "(sandbox)" ? "kill sandbox" : "kill process"]
    case "Patch":
      return [ofPatch(intention)]
    case "Scale":
      return ["scale"]
    case "Evict":
      return ["evict"]
    case "Drain":
      return ["drain"]
    case "Watch":
      return [intention.lag === undefined ? `watch of ${intention.of} stands still` : `watch of ${intention.of} lags`]
    case "Fault":
      return [`${intention.call} fails`]
    case "Node":
      return ofNode(intention)
  }
}
