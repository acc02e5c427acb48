/**
 * Every small scenario: one pod on one node, up to four things done to it, in every order, at moments that count.
 *
 * What goes wrong at all mostly goes wrong in a small scope, and here nothing is left to chance. A scenario can be asked for by its
 * number, the shorter ones first, so that workers can share them.
 */
import type { JsonObject } from "../../../event/Json.ts"
import { textOfSeconds } from "./boundaries.ts"

/** What is done at a moment (seconds); a fault is undone at its end. */
type Does = (at: number) => ReadonlyArray<JsonObject>

export interface ScopedPod {
  /** Called `p`. */
  readonly manifest: JsonObject
  readonly programs: ReadonlyArray<JsonObject>
}

export interface Scope {
  readonly pods: ReadonlyArray<ScopedPod>
  readonly kinds: ReadonlyArray<Does>
  /** Seconds, in their order. */
  readonly moments: ReadonlyArray<number>
  /** How many things are done at most. */
  readonly most: number
}

export interface Enumeration {
  readonly count: number
  /** `index` is below `count`. */
  readonly at: (index: number) => JsonObject
  readonly [Symbol.iterator]: () => Iterator<JsonObject>
}

/** How many times `k` of `n` can be put in order without repetition. */
const orders = (n: number, k: number): number => (k === 0 ? 1 : n * orders(n - 1, k - 1))

/** How many times `k` of `n` can be chosen with repetition, whatever their order. */
const choices = (n: number, k: number): number => {
  let count = 1
  for (let i = 1; i <= k; i++) count = (count * (n - 1 + i)) / i
  return count
}

/** The order with that number. */
const orderAt = <A>(of: ReadonlyArray<A>, k: number, index: number): ReadonlyArray<A> => {
  if (k === 0) return []
  const block = orders(of.length - 1, k - 1)
  const first = Math.floor(index / block)
  return [of[first] as A, ...orderAt(of.toSpliced(first, 1), k - 1, index % block)]
}

/** The choice with that number, in the order of `of`. */
const choiceAt = <A>(of: ReadonlyArray<A>, k: number, index: number): ReadonlyArray<A> => {
  if (k === 0) return []
  const withFirst = choices(of.length, k - 1)
  return index < withFirst ? [of[0] as A, ...choiceAt(of, k - 1, index)] : choiceAt(of.slice(1), k, index - withFirst)
}

const LASTS = 45

const node = (does: JsonObject): JsonObject => ({ node: { name: "n-1", ...does } })
const once =
  (verb: JsonObject): Does =>
  (at) => [{ at: textOfSeconds(at), ...verb }]
const lasting =
  (begins: JsonObject, ends: JsonObject, lasts = LASTS): Does =>
  (at) => [
    { at: textOfSeconds(at), ...node(begins) },
    { at: textOfSeconds(at + lasts), ...node(ends) }
  ]

export const scopedKinds: ReadonlyArray<Does> = [
  once({ delete: { kind: "Pod", name: "p" } }),
  once({ delete: { kind: "Pod", name: "p", gracePeriodSeconds: 0 } }),
  once({ evict: { pod: "p" } }),
  once({ kill: { pod: "p", container: "c0" } }),
  once({ kill: { pod: "p", container: "(sandbox)" } }),
  once({ patch: { kind: "Pod", name: "p", patch: { spec: { containers: [{ name: "c0", image: "there:2" }] } } } }),
  once(node({ kubelet: "restart" })),
  lasting({ kubelet: "stop" }, { kubelet: "start" }),
  lasting({ power: "off" }, { power: "on" }, 5),
  lasting({ network: "cut" }, { network: "heal" })
]

const pod = (spec: JsonObject, runs: JsonObject): ScopedPod => ({
  manifest: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec },
  programs: Object.entries(runs).map(([container, run]) => ({
    match: { pod: "p", container },
    runs: [run as JsonObject]
  }))
})

const image = "there:1"
const quick: JsonObject = { onTerm: { exitAfter: "50ms" } }

/** One that runs, one that crashes, one that does not want to end, one with everything before and beside it. */
export const scopedPods: ReadonlyArray<ScopedPod> = [
  pod({ containers: [{ name: "c0", image }] }, { c0: quick }),
  pod({ containers: [{ name: "c0", image }] }, { c0: { exitAfter: "1s", exitCode: 1 } }),
  pod(
    { containers: [{ name: "c0", image, lifecycle: { preStop: { sleep: { seconds: 5 } } } }] },
    { c0: { onTerm: "ignore" } }
  ),
  pod(
    {
      restartPolicy: "OnFailure",
      initContainers: [
        { name: "s0", image, restartPolicy: "Always" },
        { name: "i0", image }
      ],
      containers: [{ name: "c0", image, readinessProbe: { exec: { command: ["readiness"] }, periodSeconds: 1 } }]
    },
    { s0: quick, i0: { exitAfter: "2s" }, c0: { ...quick, execs: [{ command: ["readiness"], from: "3s" }] } }
  )
]

const usual: Scope = { pods: scopedPods, kinds: scopedKinds, moments: [1, 10, 31, 301], most: 4 }

const REST = 360

const documentOf = (
  { manifest, programs }: ScopedPod,
  does: ReadonlyArray<Does>,
  at: ReadonlyArray<number>,
  end: number
) => {
  const done = does.flatMap((one, i) => one(at[i] ?? 0))
  return {
    apiVersion: "kubereel.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name: "any" },
    spec: {
      nodes: [{ name: "n-1" }],
      images: [{ image: "there:*", present: true }],
      programs,
      steps: [{ at: "0s", apply: manifest }, ...done],
      until: textOfSeconds(end)
    }
  }
}

/** All scenarios of that scope. */
export const smallScopes = (scope: Scope = usual): Enumeration => {
  const { kinds, moments, most, pods } = scope
  const sizes = Array.from({ length: Math.min(most, kinds.length) + 1 }, (_, k) => ({
    k,
    times: choices(moments.length, k),
    count: orders(kinds.length, k) * choices(moments.length, k) * pods.length
  }))
  const count = sizes.reduce((sum, size) => sum + size.count, 0)
  const end = (moments.at(-1) ?? 0) + LASTS + REST
  const at = (index: number): JsonObject => {
    let left = index
    for (const { count: here, k, times } of sizes) {
      if (left >= here) {
        left -= here
        continue
      }
      const arrangement = Math.floor(left / pods.length)
      const order = orderAt(kinds, k, Math.floor(arrangement / times))
      return documentOf(pods[left % pods.length] as ScopedPod, order, choiceAt(moments, k, arrangement % times), end)
    }
    throw new RangeError(`there are ${count} small scenarios, and none with the number ${index}`)
  }
  return {
    count,
    at,
    *[Symbol.iterator]() {
      for (let index = 0; index < count; index++) yield at(index)
    }
  }
}
