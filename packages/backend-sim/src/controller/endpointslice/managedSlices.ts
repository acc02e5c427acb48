/** The EndpointSlices that one controller manages, by their services (`pkg/controller/endpointslice/endpointslice_controller.go`, onEndpointSlice…; `pkg/controller/endpointslicemirroring` does the same). */
import { type KubernetesObject, MANAGED_BY, SERVICE_NAME } from "@kubereel/core"
import type { SharedInformers } from "../../client/SharedInformers.ts"
import type { EndpointSliceTracker } from "./EndpointSliceTracker.ts"

export interface ManagedSlices {
  readonly informers: SharedInformers
  /** What their label says who manages them. */
  readonly manager: string
  readonly tracker: EndpointSliceTracker
  /** Somebody else has written a slice of that service. */
  readonly wake: (service: string) => void
}

const serviceKey = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.labels?.[SERVICE_NAME] ?? ""}`

/** Hears of them from now on; the answer looks up those of a service, without those that are about to go. */
export const watchManagedSlices = ({
  informers,
  manager,
  tracker,
  wake
}: ManagedSlices): ((service: string) => ReadonlyArray<KubernetesObject>) => {
  const isManaged = ({ metadata }: KubernetesObject): boolean => metadata.labels?.[MANAGED_BY] === manager
  const seen = (slice: KubernetesObject): void => {
    if (isManaged(slice) && tracker.shouldSync(serviceKey(slice), slice)) wake(serviceKey(slice))
  }
  informers.index("EndpointSlice", manager, (slice) => (isManaged(slice) ? [serviceKey(slice)] : []))
  informers.on("EndpointSlice", {
    added: seen,
    updated: (slice, old) => {
      if (serviceKey(slice) !== serviceKey(old)) {
        wake(serviceKey(slice))
        wake(serviceKey(old))
      } else if (isManaged(slice) !== isManaged(old)) wake(serviceKey(slice))
      else seen(slice)
    },
    deleted: (slice) => {
      if (isManaged(slice) && !tracker.handleDeletion(serviceKey(slice), slice)) wake(serviceKey(slice))
    }
  })
  return (service) =>
    informers
      .byIndex("EndpointSlice", manager, service)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
}
