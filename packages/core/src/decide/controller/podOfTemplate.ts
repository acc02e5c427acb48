/** The pods that controllers make, and whose they are (`pkg/controller/controller_utils.go`; C-261). */
import type { JsonObject } from "../../event/Json.ts"
import type { KubernetesObject, OwnerReference } from "../../event/KubernetesObject.ts"
import { mapping } from "../apiserver/fields.ts"
import { dns1123Subdomain } from "../apiserver/nameRules.ts"

/** The owner that manages the object, if it has one (`k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go`, GetControllerOf). */
export const controllerOf = ({ metadata }: KubernetesObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)

export const isControlledBy = (object: KubernetesObject, owner: KubernetesObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid

/** NewControllerRef. */
export const controllerRef = ({ apiVersion, kind, metadata }: KubernetesObject): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? "",
  controller: true,
  blockOwnerDeletion: true
})

/** getPodsPrefix, getEndpointSlicePrefix: with the dash if that can begin a name. */
export const generatedPrefix = (name: string): string =>
  dns1123Subdomain(`${name}-a`).length === 0 ? `${name}-` : name

interface Asked {
  readonly template: JsonObject
  readonly pod: KubernetesObject
}

const known = new WeakMap<KubernetesObject, Asked>()

/** GetPodFromTemplate: the pod that a controller asks for; the same one as long as the owner is the same version. */
export const podOfTemplate = (template: JsonObject, owner: KubernetesObject): KubernetesObject => {
  const before = known.get(owner)
  if (before?.template === template) return before.pod
  const pod = newPod(template, owner)
  known.set(owner, { template, pod })
  return pod
}

const newPod = (template: JsonObject, owner: KubernetesObject): KubernetesObject => {
  const { annotations, finalizers, labels } = mapping(template, "metadata")
  const metadata = {
    generateName: generatedPrefix(owner.metadata.name),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ownerReferences: [controllerRef(owner)]
  }
  return { kind: "Pod", apiVersion: "v1", metadata, spec: template["spec"] ?? {} } as unknown as KubernetesObject
}
