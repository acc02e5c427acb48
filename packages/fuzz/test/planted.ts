/** Failures whose smallest scenario is known, each told from the document alone. */
import { type JsonObject, parseDuration } from "@kubereel/core"

interface Step {
  readonly at: string
  readonly apply?: Manifest | ReadonlyArray<Manifest>
  readonly delete?: { readonly name?: string }
  readonly kill?: { readonly pod: string; readonly container: string }
  readonly node?: {
    readonly name: string
    readonly power?: string
    readonly kubelet?: string
    readonly network?: string
  }
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
}

const micros = (text: string): number => parseDuration(text) ?? 0

export const stepsOf = (document: JsonObject): ReadonlyArray<Step> =>
  (document["spec"] as unknown as { readonly steps: ReadonlyArray<Step> }).steps.toSorted(
    (a, b) => micros(a.at) - micros(b.at)
  )

const podsOf = ({ apply = [] }: Step): ReadonlyArray<string> =>
  (Array.isArray(apply) ? (apply as ReadonlyArray<Manifest>) : [apply as Manifest]).flatMap(({ kind, metadata }) =>
    kind === "Pod" ? [metadata.name] : []
  )

/** Six kills of the same pod's containers, and no deletion of it between them. */
const sixCrashes = (document: JsonObject): boolean => {
  const crashes = new Map<string, number>()
  for (const step of stepsOf(document)) {
    for (const pod of podsOf(step)) crashes.set(pod, 0)
    if (step.delete?.name !== undefined) crashes.delete(step.delete.name)
    const { container, pod = "" } = step.kill ?? {}
    const before = crashes.get(pod)
    if (before !== undefined && container !== "(sandbox)") crashes.set(pod, before + 1)
  }
  return [...crashes.values()].some((count) => count >= 6)
}

const deletedLate = (document: JsonObject): boolean => {
  const since = new Map<string, number>()
  return stepsOf(document).some((step) => {
    for (const pod of podsOf(step)) since.set(pod, micros(step.at))
    return micros(step.at) - (since.get(step.delete?.name ?? "") ?? Number.POSITIVE_INFINITY) >= 30_000_000
  })
}

const fields = ["power", "kubelet", "network"] as const
const over = new Set(["on", "start", "restart", "heal"])

/** A node has two things wrong with it at the same time. */
const twoFaultsOverlap = (document: JsonObject): boolean => {
  const open = new Set<string>()
  return stepsOf(document).some(({ node }) => {
    if (node === undefined) return false
    for (const field of fields) {
      const value = node[field]
      if (value !== undefined)
        over.has(value) ? open.delete(`${node.name} ${field}`) : open.add(`${node.name} ${field}`)
    }
    return fields.filter((field) => open.has(`${node.name} ${field}`)).length >= 2
  })
}

export interface Planted {
  readonly id: string
  readonly fails: (document: JsonObject) => boolean
  /** How many scenarios it takes at most until one fails. */
  readonly within: number
  /** In the smallest one. */
  readonly steps: number
}

export const planted: ReadonlyArray<Planted> = [
  { id: "six crashes of the same pod", fails: sixCrashes, within: 200, steps: 7 },
  { id: "deleted 30 s or more after its creation", fails: deletedLate, within: 50, steps: 2 },
  { id: "two faults overlap", fails: twoFaultsOverlap, within: 300, steps: 2 }
]

export const oracleOf =
  ({ fails, id }: Planted) =>
  (_: unknown, document: JsonObject): string | undefined =>
    fails(document) ? id : undefined
