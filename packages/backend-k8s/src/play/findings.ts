/** What of a scenario's steps, nodes and images a real cluster does not do, looked for before anything is played. */
import { isDeepStrictEqual } from "node:util"
import {
  defaultKubeletConfiguration,
  describeIntention,
  formatDuration,
  type Intention,
  isJsonObject,
  type JsonObject,
  type KubernetesObject,
  parseQuantity,
  type Scenario,
  type Step
} from "@kubereel/core"
import { Effect } from "effect"
import type { ApiFailure } from "../client/failures.ts"
import type { Resource } from "../record/Resource.ts"
import { missingOf } from "./dressNode.ts"
import { type Finding, refused, warned } from "./Finding.ts"
import type { Kinds } from "./Kinds.ts"
import type { NodeDriver } from "./NodeDriver.ts"

export const fieldOf = ({ at, intention }: Step): string =>
  `step at ${formatDuration(at)} (${describeIntention(intention)})`

/** What nobody can do through the API, and what is done to nodes: they are everybody's, unless the cluster has a driver. */
export const needsDriver = (intention: Intention): boolean =>
  intention._tag === "Kill" ||
  intention._tag === "Node" ||
  intention._tag === "Fault" ||
  (intention._tag === "Patch" && /^(node|nodes|no)$/i.test(intention.kind))

const namespacesOf = (intention: Intention): ReadonlyArray<string | undefined> => {
  if (intention._tag === "Apply") return intention.objects.map(({ metadata }) => metadata.namespace)
  return "namespace" in intention ? [intention.namespace] : []
}

const NO_DRIVER =
  "only a driver for the cluster's nodes can do that: name one with --node-driver, or run it without --on"

/** Steps that only a simulated cluster can do. */
export const NO_DRAIN = "nothing here drains a node of a real cluster: use kubectl beside it, or run it without --on"
export const NO_MACHINES = "no machine joins or leaves a real cluster at our word: run it without --on"
export const NO_WATCHES = "nobody's watch of a real cluster can be held up from here: run it without --on"

const simulatedOnly = (intention: Intention): string | undefined => {
  if (intention._tag === "Drain") return NO_DRAIN
  if (intention._tag === "Watch") return NO_WATCHES
  return intention._tag === "Node" && (intention.add !== undefined || intention.remove !== undefined)
    ? NO_MACHINES
    : undefined
}

const elsewhere = (there: string, namespace: string): string =>
  `only namespace ${namespace} is played in, and this is for ${there}`

/** A manifest on a node that names no namespace is for `default`. */
const ofStaticPods = (
  pods: ReadonlyArray<KubernetesObject>,
  field: string,
  namespace: string
): ReadonlyArray<Finding> =>
  pods
    .map(({ metadata }) => metadata.namespace ?? "default")
    .filter((there) => there !== namespace)
    .map((there) => refused(field, elsewhere(there, namespace)))

const ofStep = (step: Step, { namespace }: Scenario, driver: NodeDriver | undefined): ReadonlyArray<Finding> => {
  const { intention } = step
  const no = simulatedOnly(intention)
  if (no !== undefined) return [refused(fieldOf(step), no)]
  if (needsDriver(intention) && driver === undefined) return [refused(fieldOf(step), NO_DRIVER)]
  const foreign = namespacesOf(intention).find((name) => name !== undefined && name !== namespace)
  return [
    ...(foreign === undefined ? [] : [refused(fieldOf(step), elsewhere(foreign, namespace))]),
    ...(intention._tag === "Node" ? ofStaticPods(intention.staticPods ?? [], fieldOf(step), namespace) : [])
  ]
}

const ofImages = ({ images }: Scenario): ReadonlyArray<Finding> =>
  images.flatMap(({ error, image, pull }, i) =>
    error === undefined && pull === undefined
      ? []
      : [warned(`spec.images[${i}]`, `what a pull of ${image} ends with, and when, is for its real registry to say`)]
  )

const ofStorage = ({ storage = [] }: Scenario): ReadonlyArray<Finding> =>
  storage.map(({ name }, i) =>
    warned(
      `spec.storage[${i}]`,
      `whether the cluster has the driver ${name}, and how long that takes, is for it to say`
    )
  )

/** All that can be said before the cluster is asked. */
export const scenarioFindings = (scenario: Scenario, driver: NodeDriver | undefined): ReadonlyArray<Finding> => [
  ...scenario.steps.flatMap((step) => ofStep(step, scenario, driver)),
  ...ofImages(scenario),
  ...ofStorage(scenario),
  ...scenario.nodes.flatMap(({ clockSkew, name }, i) =>
    clockSkew === undefined ? [] : [warned(`spec.nodes[${i}].clockSkew`, `the clock of node ${name} stays as it is`)]
  ),
  ...scenario.nodes.flatMap(({ name, runtimeHandlers }, i) =>
    runtimeHandlers === undefined
      ? []
      : [warned(`spec.nodes[${i}].runtimeHandlers`, `the container runtime of node ${name} stays as it is`)]
  ),
  ...scenario.nodes.flatMap(({ staticPods }, i) => {
    const field = `spec.nodes[${i}].staticPods`
    return staticPods.length > 0 && driver === undefined
      ? [refused(field, NO_DRIVER)]
      : ofStaticPods(staticPods, field, scenario.namespace)
  })
]

const minorOf = (version: string): string => /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version

export const versionFindings = ({ kubernetes }: Scenario, real: string): ReadonlyArray<Finding> =>
  kubernetes === undefined || minorOf(kubernetes) === minorOf(real)
    ? []
    : [warned("spec.kubernetes", `the cluster has ${real}, not ${kubernetes}`)]

const inside = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (found, key) => (isJsonObject(found as JsonObject) ? (found as JsonObject)[key] : undefined),
    value
  )

const sameQuantity = (a: string, b: string): boolean => {
  const [one, other] = [parseQuantity(a), parseQuantity(b)]
  return one !== undefined && other !== undefined && one.nano === other.nano
}

/** With a driver it gets the labels and taints that it has not. */
const ofNode = (
  spec: Scenario["nodes"][number],
  field: string,
  { driver, node }: { readonly node: JsonObject; readonly driver: NodeDriver | undefined }
): ReadonlyArray<Finding> => {
  const capacity = (resource: string) => String(inside(node, "status", "capacity", resource) ?? "0")
  const { labels, taints } = driver === undefined ? missingOf(spec, node) : { labels: {}, taints: [] }
  const own = [
    ...(spec.profile === undefined ? [] : [["profile", "takes as long as it takes"] as const]),
    ...(isDeepStrictEqual(spec.kubelet, defaultKubeletConfiguration)
      ? []
      : [["kubelet", "has a kubelet with a configuration of its own"] as const])
  ]
  const differ = (["cpu", "pods"] as const).filter((part) => !sameQuantity(String(spec[part]), capacity(part)))
  return [
    ...own.map(([part, has]) => warned(`${field}.${part}`, `node ${spec.name} ${has}`)),
    ...differ.map((part) => warned(`${field}.${part}`, `node ${spec.name} has ${capacity(part)}, not ${spec[part]}`)),
    ...Object.entries(labels).map(([label, value]) =>
      warned(`${field}.labels`, `node ${spec.name} has no label ${label}=${value}`)
    ),
    ...taints.map(({ effect, key }) => warned(`${field}.taints`, `node ${spec.name} has no taint ${key}:${effect}`))
  ]
}

export const namesOf = (nodes: ReadonlyArray<JsonObject>): ReadonlyArray<string> =>
  nodes.map((node) => String(inside(node, "metadata", "name")))

/** The scenario's nodes beside the cluster's. */
export const nodeFindings = (
  { nodes }: Scenario,
  real: ReadonlyArray<JsonObject>,
  driver: NodeDriver | undefined
): ReadonlyArray<Finding> => {
  const names = namesOf(real)
  const spare = names.filter((name) => !nodes.some((node) => node.name === name))
  return nodes.length === 0
    ? []
    : [
        ...nodes.flatMap((spec, i) => {
          const node = real[names.indexOf(spec.name)]
          return node === undefined
            ? [
                warned(
                  `spec.nodes[${i}].name`,
                  `the cluster has no node ${spec.name}; its nodes are ${names.join(", ")}`
                )
              ]
            : ofNode(spec, `spec.nodes[${i}]`, { node, driver })
        }),
        ...(spare.length === 0
          ? []
          : [warned("spec.nodes", `the cluster has other nodes, too, where pods may go: ${spare.join(", ")}`)])
      ]
}

interface Target {
  readonly resource: Resource | undefined
  readonly name: string | undefined
  readonly create: boolean
}

const targetsOf = (intention: Intention, kinds: Kinds): Effect.Effect<ReadonlyArray<Target>, ApiFailure> => {
  switch (intention._tag) {
    case "Apply":
      return Effect.forEach(intention.objects, (object) =>
        Effect.map(kinds.of(object), (resource) => ({ resource, name: object.metadata.name, create: true }))
      )
    case "Delete":
    case "Patch":
    case "Scale":
      return Effect.map(kinds.named(intention.kind), (resource) => [{ resource, name: intention.name, create: false }])
    default:
      return Effect.succeed([])
  }
}

/** Objects that belong to no namespace are everybody's: only what the scenario itself makes may be touched. */
export const clusterScopeFindings = Effect.fnUntraced(function* (scenario: Scenario, kinds: Kinds) {
  const own = new Set<string>([`namespaces/${scenario.namespace}`])
  const findings: Array<Finding> = []
  for (const step of scenario.steps) {
    for (const { create, name, resource } of yield* targetsOf(step.intention, kinds)) {
      if (resource === undefined || resource.namespaced) continue
      const key = `${resource.name}/${name}`
      if (create && resource.name !== "namespaces" && resource.name !== "nodes") own.add(key)
      else if (!own.has(key) && !(resource.name === "nodes" && needsDriver(step.intention)))
        findings.push(
          refused(fieldOf(step), `${resource.kind} ${name ?? ""} belongs to the whole cluster, not to this run`)
        )
    }
  }
  return findings as ReadonlyArray<Finding>
})
