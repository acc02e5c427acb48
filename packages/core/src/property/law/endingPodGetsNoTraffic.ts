/** L94: who is about to end gets no new connections; a Service that publishes addresses that are not ready does not mind. */
import { isJsonObject, type Json } from "../../event/Json.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"
import { and, because, leadsTo, not, or, when } from "../language/operators.ts"
import { property } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import type { World } from "../slice/World.ts"
import { deleted, terminating } from "../vocabulary/pod.ts"

const BY = "endpointslice-controller.k8s.io"

/** Of a Service that wants ready pods alone, by the controller that keeps to it. */
const isKept = ({ metadata }: KubernetesObject, world: World): boolean => {
  if (metadata.labels?.["endpointslice.kubernetes.io/managed-by"] !== BY) return false
  const service = world.named("Service", metadata.namespace ?? "", metadata.labels["kubernetes.io/service-name"] ?? "")
  return service !== undefined && isJsonObject(service.spec) && service.spec.publishNotReadyAddresses !== true
}

/** Absent is ready: k8s.io/api/discovery/v1/types.go, EndpointConditions. */
const isReadyFor = (endpoint: Json, uid: string): boolean => {
  if (!isJsonObject(endpoint) || !isJsonObject(endpoint.targetRef) || endpoint.targetRef.uid !== uid) return false
  return !isJsonObject(endpoint.conditions) || endpoint.conditions.ready !== false
}

const served = when("a ready endpoint", ({ podUid, world }: PodSeen) => {
  for (const slice of world.endpoints.of(podUid)) {
    if (!isKept(slice, world) || !Array.isArray(slice.endpoints)) continue
    const isReady = (slice.endpoints as ReadonlyArray<Json>).some((endpoint) => isReadyFor(endpoint, podUid))
    if (isReady) return because(true, () => `ready in EndpointSlice ${slice.metadata.name}`)
  }
  return false
})

export const endingPodGetsNoTraffic = property(
  "L94",
  {
    name: "pod/ending-pod-gets-no-traffic",
    says: "A pod that is to be deleted is soon no ready endpoint of a Service",
    source: "kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow",
    each: pod.with("endpoints"),
    params: { slack: "10 s" }
  },
  ({ params }) => leadsTo(and(terminating, served), or(not(served), deleted)).within(params.slack)
)
