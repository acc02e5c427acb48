/** A pod that names its node goes there or nowhere (`pkg/scheduler/framework/plugins/nodename/node_name.go`). */
import type { FilterPlugin } from "./Plugin.ts"

export const nodeName: FilterPlugin = {
  name: "NodeName",
  filter: ({ pod }, { name }) =>
    (pod.spec.nodeName ?? "") === "" || pod.spec.nodeName === name
      ? undefined
      : { plugin: "NodeName", reasons: ["node(s) didn't match the requested node name"], resolvable: false },
  hint: (_, change) => change._tag === "NodeAdded"
}
