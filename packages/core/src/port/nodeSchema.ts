/** The nodes of a scenario's document, and what may happen to them. */
import { Schema } from "effect"
import { dns1123Label } from "../decide/apiserver/nameRules.ts"
import { parseDuration } from "../event/duration.ts"
import { SECOND } from "../event/Instant.ts"
import { Body, Duration, described, Labels, List, NotNegative, Quantity, text } from "./schemaParts.ts"

const { Record: record, String: Text, optionalKey: optional } = Schema

const RestartPeriod = text("RestartPeriod", "a duration from 1s to 300s", (value) => {
  const period = parseDuration(value) ?? 0
  return period >= SECOND && period <= 300 * SECOND
})

const ClockSkew = text(
  "ClockSkew",
  'a duration such as "90s" or "-1m30s"',
  (value) => parseDuration(value.replace(/^-/, "")) !== undefined
)

const RuntimeHandler = text(
  "RuntimeHandler",
  'the name of a handler such as "runc" or "gvisor"',
  (value) => dns1123Label(value).length === 0
)

/** KubeletConfiguration (`kubelet.config.k8s.io/v1beta1`), as far as the simulator acts upon it. */
const KubeletSchema = Schema.Struct({
  serializeImagePulls: optional(described(Schema.Boolean, "true if absent, unless maxParallelImagePulls is above 1")),
  maxParallelImagePulls: optional(NotNegative),
  registryPullQPS: optional(described(NotNegative, "5 if absent; 0 is no limit")),
  registryBurst: optional(described(NotNegative, "10 if absent")),
  crashLoopBackOff: optional(Schema.Struct({ maxContainerRestartPeriod: optional(RestartPeriod) })),
  evictionHard: optional(described(Labels, "a quantity or a percentage for each signal, such as memory.available")),
  evictionSoft: optional(described(Labels, "the same, acted upon after evictionSoftGracePeriod")),
  evictionSoftGracePeriod: optional(record(Text, Duration)),
  evictionMinimumReclaim: optional(described(Labels, "how much more has to be won back once a threshold was crossed")),
  evictionPressureTransitionPeriod: optional(
    described(Duration, "how long a condition outlives its cause; 5m if absent")
  ),
  evictionMaxPodGracePeriod: optional(described(NotNegative, "seconds, for soft thresholds; 0 if absent")),
  shutdownGracePeriod: optional(
    described(Duration, "how long it holds up a shutdown of its machine to end its pods; 0s if absent: not at all")
  ),
  shutdownGracePeriodCriticalPods: optional(described(Duration, "the last part of that, for critical pods")),
  shutdownGracePeriodByPodPriority: optional(
    described(
      List(Schema.Struct({ priority: Schema.Int, shutdownGracePeriodSeconds: NotNegative })),
      "instead of both: a period for the pods of each priority and of those up to the next one, the lowest first"
    )
  )
}).pipe(
  Schema.check(
    Schema.makeFilter(
      (value: { readonly serializeImagePulls?: boolean; readonly maxParallelImagePulls?: number }) =>
        value.serializeImagePulls !== true || (value.maxParallelImagePulls ?? 1) <= 1,
      { expected: "maxParallelImagePulls above 1 only without serializeImagePulls" }
    )
  )
)

/** What a machine is like; its name is said elsewhere when it joins. */
const machine = {
  cpu: optional(described(Quantity, "cores; 4 if absent")),
  memory: optional(described(Quantity, "bytes; 8Gi if absent")),
  pods: optional(described(NotNegative, "how many pods fit; 110 if absent")),
  labels: optional(Labels),
  taints: optional(
    List(
      Schema.Struct({
        key: Text,
        value: optional(Text),
        effect: Schema.Literals(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      })
    )
  ),
  profile: optional(
    described(
      Text,
      "how long its kubelet and runtime take: rig (if absent), zero, slow-disk, or a file of `kubereel calibrate -o`"
    )
  ),
  kubelet: optional(described(KubeletSchema, "the configuration of its kubelet")),
  runtimeHandlers: optional(
    described(
      List(RuntimeHandler),
      "what its container runtime can run containers with: the handlers of RuntimeClasses; [runc] if absent"
    )
  ),
  clockSkew: optional(
    described(ClockSkew, "how far its clock is ahead of the API server's, behind if negative; 0s if absent")
  ),
  staticPods: optional(described(List(Body), "manifests of pods that the kubelet runs without being told by the API"))
}

export const NodeSchema = Schema.Struct({ name: Text, ...machine })

const PressureResource = Schema.Literals(["memory", "disk", "pids"])
const PressureLeft = Schema.Struct({
  memory: optional(Quantity),
  disk: optional(Quantity),
  pids: optional(NotNegative)
})

export const NodeStep = Schema.Struct({
  staticPods: optional(described(List(Body), "all manifests of static pods that are there from now on")),
  name: Text,
  kubelet: optional(Schema.Literals(["stop", "start", "restart"])),
  cordon: optional(Schema.Boolean),
  power: optional(
    described(
      Schema.Literals(["off", "on", "shutdown"]),
      "off: at once; shutdown: announced, so that a kubelet with a shutdownGracePeriod ends its pods first; on: it boots, or a shutdown that is still held up is called off"
    )
  ),
  network: optional(
    described(
      Schema.Literals(["cut", "cut-out", "cut-in", "heal"]),
      "between it and the control plane nothing passes any more (cut), only what is asked of it (cut-out), only what it asks for (cut-in), or everything again (heal)"
    )
  ),
  add: optional(
    described(
      Schema.Struct(machine),
      "a new machine boots and joins the cluster; as an entry of spec.nodes, without a name"
    )
  ),
  remove: optional(
    described(Schema.Literal(true), "its machine is gone for good and its Node is deleted, as a cloud does it")
  ),
  pressure: optional(
    described(
      Schema.Union([Schema.Boolean, PressureResource, List(PressureResource), PressureLeft]).pipe(
        Schema.annotate({ expected: "true, false, memory, disk, pids, a list of these, or what is left of each" })
      ),
      "what the node runs short of because of something beside its pods; false: of nothing any more"
    )
  )
}).pipe(
  Schema.check(
    Schema.makeFilter((value: object) => !Object.hasOwn(value, "add") || Object.keys(value).length === 2, {
      expected: "add alone: what else happens to the new machine is a step of its own"
    })
  )
)

/** `kubectl drain`. */
export const DrainStep = Schema.Struct({
  node: Text,
  force: optional(described(Schema.Boolean, "also pods that no controller would make anew")),
  ignoreDaemonSets: optional(described(Schema.Boolean, "leave the pods of DaemonSets where they are")),
  deleteEmptyDirData: optional(described(Schema.Boolean, "also pods with an emptyDir, whose contents are lost")),
  gracePeriodSeconds: optional(described(NotNegative, "instead of the pods' own")),
  timeout: optional(described(Duration, "when it gives up; never if absent")),
  podSelector: optional(described(Labels, "only pods with these labels")),
  disableEviction: optional(described(Schema.Boolean, "delete instead of evicting: no budget is asked")),
  skipWaitForDeleteTimeout: optional(
    described(NotNegative, "seconds after its deletion timestamp after which a pod is not waited for; 0: it always is")
  )
})
