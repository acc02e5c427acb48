/** The kinds of Kubernetes that are kept as they are given, and that nothing in a simulated cluster acts upon: manifests of whole applications have them. */
import type { JsonObject } from "../../event/Json.ts"
import { canonicalIpProblem } from "./ip.ts"
import { pathSegment } from "./nameRules.ts"
import { type ApiResource, plain, type RestStrategy, withStatus } from "./RestStrategy.ts"
import { validateObjectMeta } from "./validateObjectMeta.ts"

/** `group/version plural Kind`; `cluster`: without a namespace; `status`: with a status that is written apart. */
const table = [
  "v1 podtemplates PodTemplate",
  "admissionregistration.k8s.io/v1 mutatingadmissionpolicies MutatingAdmissionPolicy cluster",
  "admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding cluster",
  "admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration cluster",
  "admissionregistration.k8s.io/v1 validatingadmissionpolicies ValidatingAdmissionPolicy cluster status",
  "admissionregistration.k8s.io/v1 validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding cluster",
  "admissionregistration.k8s.io/v1 validatingwebhookconfigurations ValidatingWebhookConfiguration cluster",
  "apiregistration.k8s.io/v1 apiservices APIService cluster status",
  "flowcontrol.apiserver.k8s.io/v1 flowschemas FlowSchema cluster status",
  "flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations PriorityLevelConfiguration cluster status",
  "networking.k8s.io/v1 ingressclasses IngressClass cluster",
  "networking.k8s.io/v1 ingresses Ingress status",
  "networking.k8s.io/v1 ipaddresses IPAddress cluster",
  "networking.k8s.io/v1 networkpolicies NetworkPolicy",
  "networking.k8s.io/v1 servicecidrs ServiceCIDR cluster status",
  "rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding cluster",
  "rbac.authorization.k8s.io/v1 clusterroles ClusterRole cluster",
  "rbac.authorization.k8s.io/v1 rolebindings RoleBinding",
  "rbac.authorization.k8s.io/v1 roles Role",
  "resource.k8s.io/v1 deviceclasses DeviceClass cluster",
  "resource.k8s.io/v1 resourceclaims ResourceClaim status",
  "resource.k8s.io/v1 resourceclaimtemplates ResourceClaimTemplate",
  "resource.k8s.io/v1 resourceslices ResourceSlice cluster",
  "storage.k8s.io/v1 csistoragecapacities CSIStorageCapacity",
  "storage.k8s.io/v1 volumeattributesclasses VolumeAttributesClass cluster"
] as const

/** ValidateIPAddressName (`pkg/apis/networking/validation/validation.go`): an address is its own name. */
const addressName = (name: string): ReadonlyArray<string> => {
  const problem = canonicalIpProblem(name)
  return problem === undefined ? [] : [problem]
}

/** Names of roles may be anything that fits into a path (`pkg/apis/rbac/validation/validation.go`, ValidateRBACName). */
const nameRule = ({ group, kind }: ApiResource) =>
  group === "rbac.authorization.k8s.io" ? pathSegment : kind === "IPAddress" ? addressName : undefined

/** Kinds of which it is known how they count their generations; the others have none. */
const counted = new Set([
  ...["Ingress", "NetworkPolicy", "IngressClass"],
  ...["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"],
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ...["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]
])

const without = <Whole extends JsonObject>(whole: Whole, key: string): Whole =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)) as Whole

const strategy = (resource: ApiResource, hasStatus: boolean): RestStrategy => {
  const validate: RestStrategy["validate"] = ({ metadata }) => validateObjectMeta(metadata, nameRule(resource))
  const hasGeneration = counted.has(resource.kind)
  if (hasStatus) return withStatus({ resource, validate, ...(hasGeneration ? {} : { hasGeneration: false as const }) })
  if (!hasGeneration) return plain(resource, undefined, { validate })
  const counting = withStatus({ resource, validate })
  const { status: _, ...updates } = counting.updates
  return { ...counting, updates, create: (given, release) => without(counting.create(given, release), "status") }
}

const strategies = new Map(
  table.map((line) => {
    const [groupVersion = "", resource = "", kind = "", ...marks] = line.split(" ")
    const [version = "", group = ""] = groupVersion.split("/").reverse()
    const of = { group, version, resource, kind, namespaced: !marks.includes("cluster") }
    return [kind, strategy(of, marks.includes("status"))] as const
  })
)

/** How objects of such a kind are kept; `undefined`: it is none of them. */
export const keptKind = (kind: string): RestStrategy | undefined => strategies.get(kind)

export const keptKinds = (): ReadonlyArray<string> => [...strategies.keys()]
