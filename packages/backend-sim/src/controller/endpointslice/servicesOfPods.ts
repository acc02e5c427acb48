/** Which Services lead to a pod, and which changes of a pod they have to know of (`k8s.io/endpointslice/util/controller_utils.go`). */
import { isPod, isPodReady, jsonEqual, type KubernetesObject, type PodObject, selects, specOf } from "@kubereel/core"
import type { SharedInformers } from "../../client/SharedInformers.ts"
import { indexByNamespace, inNamespace, keyOf } from "../keys.ts"

const ipsOf = ({ status }: PodObject) => status.podIPs ?? []

/** podEndpointsChanged: does a change of the pod show in its endpoint? */
const showsInEndpoints = (pod: PodObject, old: PodObject): boolean =>
  pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
  isPodReady(pod) !== isPodReady(old) ||
  !jsonEqual(ipsOf(pod), ipsOf(old))

const belongsElsewhere = (pod: PodObject, old: PodObject): boolean =>
  !jsonEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {}) ||
  pod.spec["hostname"] !== old.spec["hostname"] ||
  pod.spec["subdomain"] !== old.spec["subdomain"]

const servicesOf = (informers: SharedInformers, { metadata }: KubernetesObject): ReadonlySet<string> => {
  const selecting = inNamespace(informers, "Service", metadata.namespace).filter((service) => {
    const { selector } = specOf(service)
    return selector !== undefined && selects({ matchLabels: selector }, metadata.labels)
  })
  return new Set(selecting.map(keyOf))
}

/** Wakes for the key of each Service that changes, or one of whose pods does. */
export const watchServices = (informers: SharedInformers, wake: (service: string) => void): void => {
  for (const kind of ["Service", "Pod"]) indexByNamespace(informers, kind)
  const wakeService = (service: KubernetesObject): void => wake(keyOf(service))
  informers.on("Service", { added: wakeService, updated: wakeService, deleted: wakeService })
  const wakeAll = (pod: KubernetesObject): void => servicesOf(informers, pod).forEach(wake)
  const podUpdated = (pod: PodObject, old: PodObject): void => {
    const [shows, moved] = [showsInEndpoints(pod, old), belongsElsewhere(pod, old)]
    if (!shows && !moved) return
    const [after, before] = [servicesOf(informers, pod), servicesOf(informers, old)]
    for (const key of new Set([...after, ...before])) if (shows || after.has(key) !== before.has(key)) wake(key)
  }
  informers.on("Pod", {
    added: wakeAll,
    updated: (pod, old) => isPod(pod) && isPod(old) && podUpdated(pod, old),
    deleted: wakeAll
  })
}

/** The pods that the Service selects. */
export const podsOfService = (informers: SharedInformers, service: KubernetesObject): ReadonlyArray<PodObject> => {
  const { selector = {} } = specOf(service)
  return inNamespace(informers, "Pod", service.metadata.namespace)
    .filter(isPod)
    .filter(({ metadata }) => selects({ matchLabels: selector }, metadata.labels))
}
