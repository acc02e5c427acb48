/** The Lease with which a kubelet says that it is alive (`component-helpers/apimachinery/lease/controller.go`; `pkg/kubelet/util/nodelease.go`; C-320). */
import { type Instant, MILLISECOND, type Micros, SECOND, toMicroTime } from "../../event/Instant.ts"
import type { KubernetesObject } from "../../event/KubernetesObject.ts"

export const NODE_LEASE_NAMESPACE = "kube-node-lease"

/** `nodeLeaseDurationSeconds`, and the part of it after which the kubelet renews (nodeLeaseRenewIntervalFraction). */
const DURATION_SECONDS = 40
export const LEASE_RENEW_INTERVAL: Micros = (DURATION_SECONDS * SECOND) / 4
/** By how much more that is by chance, at most (JitterUntilWithContext). */
export const LEASE_RENEW_JITTER = 0.04

/** Waits of backoffEnsureLease. */
const BACKOFF = { first: 200 * MILLISECOND, most: 7 * SECOND }

interface LeaseIdentity {
  readonly uid: string
  readonly resourceVersion: string
  readonly creationTimestamp: string
}

/** A new lease; the Node that it belongs to takes it with it when it goes (SetNodeOwnerFunc). */
export const newNodeLease = (node: KubernetesObject, identity: LeaseIdentity, now: Instant): KubernetesObject => {
  const { name, uid = "" } = node.metadata
  const metadata = {
    name,
    namespace: NODE_LEASE_NAMESPACE,
    ...identity,
    ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }]
  }
  const spec = { holderIdentity: name, leaseDurationSeconds: DURATION_SECONDS, renewTime: toMicroTime(now) }
  return { kind: "Lease", apiVersion: "coordination.k8s.io/v1", metadata, spec }
}

export const renewedLease = (lease: KubernetesObject, now: Instant): KubernetesObject => ({
  ...lease,
  spec: { ...(lease.spec as object), renewTime: toMicroTime(now) }
})

/** The first attempt at or after `now` of a kubelet whose renewals fail since `since`: it tries again after ever longer waits. */
export const nextLeaseAttempt = (since: Instant, now: Instant): Instant => {
  let [at, wait]: [number, Micros] = [since, BACKOFF.first]
  while (at < now) {
    // The last of the waits lasts, so that many can be taken at once.
    const steps = wait === BACKOFF.most ? Math.ceil((now - at) / wait) : 1
    at += steps * wait
    wait = Math.min(2 * wait, BACKOFF.most)
  }
  return at as Instant
}
