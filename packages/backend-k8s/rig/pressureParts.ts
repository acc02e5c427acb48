/** How much is left of what a node runs short of, as `rig.sh pressure` takes it. */
import type { Pressure, PressureResource } from "@kubereel/core"
import * as Effect from "effect/Effect"
import type { Rig } from "./Rig.ts"
import { RigFailure } from "./runScript.ts"

/** How much there is of it on a node. */
const capacityOf = (rig: Rig, node: string, resource: PressureResource) =>
  Effect.map(
    rig.node(node).enter(
      "bash",
      "-c",
      {
        memory: "read -r _ kilobytes _ < /proc/meminfo; echo $((kilobytes * 1024))",
        disk: "echo $(($(stat -f -c '%b * %S' /var/lib)))",
        pids: "sort -n /proc/sys/kernel/pid_max /proc/sys/kernel/threads-max | head -1"
      }[resource]
    ),
    Number
  )

/** Half of the lowest threshold that the kubelet says it has; `undefined`: it has none and will not mind. */
const underThreshold = Effect.fnUntraced(function* (rig: Rig, node: string, resource: PressureResource) {
  // Core is loaded where it is needed: a driver is started anew for every order.
  const { evictionConfig, pressureLimit } = yield* Effect.promise(() => import("@kubereel/core"))
  const said = yield* rig.kubectl(["get", "--raw", `/api/v1/nodes/${node}/proxy/configz`])
  const config = evictionConfig(JSON.parse(said).kubeletconfig)
  if (config._tag === "Failure") return yield* new RigFailure({ problem: config.failure })
  return pressureLimit(config.success, resource, yield* capacityOf(rig, node, resource))
})

export const pressureParts = (rig: Rig, node: string, pressure: ReadonlyArray<Pressure>) =>
  Effect.map(
    Effect.forEach(pressure, ({ available, resource }) =>
      Effect.map(available === undefined ? underThreshold(rig, node, resource) : Effect.succeed(available), (left) =>
        left === undefined ? [] : [`${resource}=${left}`]
      )
    ),
    (parts) => parts.flat()
  )
