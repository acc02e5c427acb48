/** The least that a recorder may do: read what it records, and nothing else. */
import type { JsonObject } from "@kubereel/core"
import type { Resource, Scope } from "./Resource.ts"

interface Rule {
  readonly apiGroups: ReadonlyArray<string>
  readonly resources: ReadonlyArray<string>
  readonly resourceNames?: ReadonlyArray<string>
  readonly verbs: ReadonlyArray<string>
}

const VERBS = ["list", "watch"]

/** One rule for each group. */
const rulesOf = (resources: ReadonlyArray<Resource>): ReadonlyArray<Rule> => {
  const groups = new Map<string, Array<string>>()
  for (const { group, plural } of resources) groups.set(group, [...(groups.get(group) ?? []), plural])
  return [...groups].map(([group, plurals]) => ({ apiGroups: [group], resources: plurals, verbs: VERBS }))
}

/** Its uid is the cluster's identity: a reel is only gone on with in the cluster that it is of. */
const identity: Rule = { apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] }

/** Listing one namespace by its name asks for no more than that name. */
const ownNamespace = (namespace: string): Rule => ({
  apiGroups: [""],
  resources: ["namespaces"],
  resourceNames: [namespace],
  verbs: VERBS
})

interface Subject {
  /** Of the service account, the role and the binding. */
  readonly name: string
  /** Where the service account lives. */
  readonly namespace: string
}

const RBAC = "rbac.authorization.k8s.io"

const granted = (
  kind: "Role" | "ClusterRole",
  metadata: JsonObject,
  rules: ReadonlyArray<Rule>,
  { name, namespace }: Subject
): ReadonlyArray<JsonObject> => [
  { apiVersion: `${RBAC}/v1`, kind, metadata, rules: rules as unknown as ReadonlyArray<JsonObject> },
  {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ kind: "ServiceAccount", name, namespace }]
  }
]

/** A service account and its rights: in the whole cluster, or in one namespace and for what belongs to none. */
export const rbacOf = (
  resources: ReadonlyArray<Resource>,
  scope: Scope,
  subject: Subject
): ReadonlyArray<JsonObject> => {
  const account: JsonObject = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: subject.name, namespace: subject.namespace }
  }
  const metadata = { name: subject.name }
  const { namespace } = scope
  if (namespace === undefined)
    return [account, ...granted("ClusterRole", metadata, [...rulesOf(resources), identity], subject)]
  const inside = resources.filter(({ namespaced }) => namespaced)
  const outside = resources.filter(({ name, namespaced }) => !namespaced && name !== "namespaces")
  const own = resources.some(({ name }) => name === "namespaces") ? [ownNamespace(namespace)] : []
  return [
    account,
    ...granted("Role", { ...metadata, namespace }, rulesOf(inside), subject),
    ...granted("ClusterRole", metadata, [...rulesOf(outside), ...own, identity], subject)
  ]
}
