/** What the cluster's administrators say about new objects: limit ranges, classes of priority and of storage, the security of pods, quotas (`plugin/pkg/admission`, in the order of `pkg/kubeapiserver/options/plugins.go`). */
import {
  brokenLimitRange,
  chargeQuotas,
  defaultClass,
  hasClass,
  isJsonObject,
  isPod,
  type KubernetesObject,
  namespaceSecurityWarnings,
  type PodObject,
  type PriorityClass,
  podSecurityWarnings,
  type QuotaRequest,
  refusedExpansion,
  refusedOverhead,
  runtimeClassName,
  type Status,
  templateSecurityWarnings,
  violatesPodSecurity
} from "@kubereel/core"
import { Result } from "effect"
import type { Store } from "./Store.ts"
import { updateBy } from "./writes.ts"

/** What the API server asks of itself. */
export const LOOPBACK = "kube-apiserver"

/** Hears what there is to say of a request, if anybody listens: it is thought of only then. */
export type Warn = (warnings: () => ReadonlyArray<string>) => void

export class Admission {
  readonly #store: Store
  readonly #warn: Warn

  constructor(store: Store, warn: Warn) {
    this.#store = store
    this.#warn = warn
  }

  limitRanges(namespace: string): ReadonlyArray<KubernetesObject> {
    return this.#in("LimitRange", namespace)
  }

  priorityClasses(): { readonly [name: string]: PriorityClass } {
    const classes = this.#store.list("PriorityClass")
    return Object.fromEntries(classes.map((one) => [one.metadata.name, one as unknown as PriorityClass]))
  }

  /** What is asked for with what is added to it before it is looked at: the class of claims that name none (`storage/storageclass/setdefault`). */
  mutate(manifest: KubernetesObject): KubernetesObject {
    const { kind, spec } = manifest
    if (kind !== "PersistentVolumeClaim" || !isJsonObject(spec) || hasClass(manifest)) return manifest
    const found = defaultClass(this.#store.list("StorageClass"))
    return found === undefined ? manifest : { ...manifest, spec: { ...spec, storageClassName: found.metadata.name } }
  }

  /** Why an object that is valid may not be stored all the same. If it may, the quotas have been charged with it. */
  validate(request: QuotaRequest): Status | undefined {
    const { object } = request
    const { namespace } = object.metadata
    if (namespace === undefined) {
      this.#warn(() => this.#namespaceWarnings(request))
      return undefined
    }
    const broken = object.kind === "PersistentVolumeClaim" && brokenLimitRange(object, this.limitRanges(namespace))
    if (broken) return broken
    const violation = isPod(object) ? this.#violation(request, object) : undefined
    if (violation !== undefined) return violation
    this.#warn(() => this.#securityWarnings(request))
    const expansion = request.old && this.#refusedExpansion(object, request.old)
    if (expansion !== undefined) return expansion
    const overhead = isPod(object) && request.old === undefined ? this.#refusedOverhead(object) : undefined
    if (overhead !== undefined) return overhead
    const quotas = this.#in("ResourceQuota", namespace)
    if (quotas.length === 0) return undefined
    const charged = chargeQuotas(quotas, request)
    if (Result.isFailure(charged)) return charged.failure
    const by = { manager: LOOPBACK, subresource: "status", now: request.now }
    for (const quota of charged.success) {
      const old = quotas.find(({ metadata }) => metadata.name === quota.metadata.name) ?? quota
      updateBy(this.#store, old, quota, by)
    }
    return undefined
  }

  /** What its namespace would rather not have. */
  #securityWarnings({ object, old, subresource = "" }: QuotaRequest): ReadonlyArray<string> {
    const namespace = this.#store.get("Namespace", undefined, object.metadata.namespace ?? "")
    if (namespace === undefined) return []
    if (isPod(object)) return podSecurityWarnings(namespace, { object, ...(old && { old }), subresource })
    return subresource === "" ? templateSecurityWarnings(namespace, object) : []
  }

  #refusedExpansion(object: KubernetesObject, old: KubernetesObject): Status | undefined {
    if (object.kind !== "PersistentVolumeClaim") return undefined
    return refusedExpansion(object, old, (name) => this.#store.get("StorageClass", undefined, name))
  }

  #refusedOverhead(pod: PodObject): Status | undefined {
    const name = runtimeClassName(pod.spec)
    return refusedOverhead(pod, name === "" ? undefined : this.#store.get("RuntimeClass", undefined, name))
  }

  #namespaceWarnings({ object, old, subresource = "" }: QuotaRequest): ReadonlyArray<string> {
    if (object.kind !== "Namespace" || old === undefined || subresource !== "") return []
    const { name } = object.metadata
    return namespaceSecurityWarnings(object, old, () => this.#in("Pod", name).filter(isPod))
  }

  #violation({ old, subresource }: QuotaRequest, object: PodObject): Status | undefined {
    const namespace = this.#store.get("Namespace", undefined, object.metadata.namespace ?? "")
    return (
      namespace && violatesPodSecurity(namespace, { object, ...(old && { old }), ...(subresource && { subresource }) })
    )
  }

  #in(kind: string, namespace: string): ReadonlyArray<KubernetesObject> {
    return this.#store.list(kind).filter(({ metadata }) => metadata.namespace === namespace)
  }
}
