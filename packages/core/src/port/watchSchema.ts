/** A step after which a component of the control plane, or a kubelet, hears late of what happens, or not at all. */
import { Schema } from "effect"
import { servedKinds } from "../decide/apiserver/resources.ts"
import { Duration, described, List } from "./schemaParts.ts"

const { String: Text, optionalKey: optional } = Schema

/** The controllers of a simulated kube-controller-manager, as its flag `--controllers` calls them (`cmd/kube-controller-manager/names`). */
export const controllerNames = [
  "deployment-controller",
  "replicaset-controller",
  "replicationcontroller-controller",
  "statefulset-controller",
  "daemonset-controller",
  "job-controller",
  "cronjob-controller",
  "ttl-after-finished-controller",
  "garbage-collector-controller",
  "namespace-controller",
  "node-lifecycle-controller",
  "taint-eviction-controller",
  "pod-garbage-collector-controller",
  "disruption-controller",
  "endpoints-controller",
  "endpointslice-controller",
  "endpointslice-mirroring-controller",
  "serviceaccount-controller",
  "root-ca-certificate-publisher-controller",
  "resourcequota-controller",
  "horizontal-pod-autoscaler-controller",
  "persistentvolume-binder-controller",
  "persistentvolumeclaim-protection-controller",
  "persistentvolume-protection-controller",
  "persistentvolume-attach-detach-controller",
  "persistentvolume-expander-controller",
  "ephemeral-volume-controller"
] as const

export type ControllerName = (typeof controllerNames)[number]

export const isControllerName = (name: string): name is ControllerName =>
  (controllerNames as ReadonlyArray<string>).includes(name)

/** What the watches of these are of, as far as a step can make them late. */
const kindsOf: { readonly [component: string]: ReadonlyArray<string> } = {
  kubelet: ["Pod"],
  "kube-scheduler": ["Pod", "Node"]
}

interface Document {
  readonly of: string
  readonly node?: string
  readonly kinds?: ReadonlyArray<string>
}

const knows = ({ kinds = [], of }: Document): boolean => {
  const known = Object.hasOwn(kindsOf, of) ? kindsOf[of] : servedKinds()
  return kinds.every((kind) => known?.includes(kind))
}

const Component = Schema.Literals(["kubelet", "kube-scheduler", "kube-controller-manager", ...controllerNames]).pipe(
  Schema.annotate({
    expected:
      "kubelet, kube-scheduler, kube-controller-manager, or one of its controllers by its name, such as replicaset-controller"
  })
)

export const WatchStep = Schema.Struct({
  of: described(
    Component,
    "who hears late; a single controller then has caches of its own for the whole scenario, as in a process of its own"
  ),
  node: optional(described(Text, "of a kubelet")),
  kinds: optional(
    described(
      List(Text),
      "of which kinds of objects, such as Pod; all if absent. A kubelet's watch is of Pods, the scheduler's of Pods and Nodes"
    )
  ),
  lag: optional(
    described(
      Duration,
      "by how much later everything is heard; if absent nothing is heard at all, and everything when it is over"
    )
  ),
  for: optional(described(Duration, "how long; to the end if absent"))
}).pipe(
  Schema.check(
    Schema.makeFilter((value: Document) => (value.of === "kubelet") === (value.node !== undefined), {
      expected: "a node for a kubelet, and none for anybody else"
    }),
    Schema.makeFilter(knows, {
      expected:
        "kinds that it watches: Pod for a kubelet, Pod and Node for kube-scheduler, for controllers any that is simulated"
    })
  )
)
