/** The one equation, on every version of every pod that we have: nothing recorded is lost between derive and render. */
import { assert, describe, it } from "vitest"
import { canonical, isJsonObject, type Json } from "../../src/event/Json.ts"
import type { PodObject } from "../../src/event/KubernetesObject.ts"
import { evolve } from "../../src/state/evolve.ts"
import { initialPod } from "../../src/state/Pod.ts"
import { parsePod } from "../../src/state/parsePod.ts"
import { derive } from "../../src/view/derive.ts"
import { renderPod, renderStatus } from "../../src/view/render.ts"
import { type Pair, podPairs, publicFiles, recordingFiles } from "../podVersions.ts"

/** Paths of a value's leaves, each with the leaf's text. */
const leaves = (value: Json | undefined, path = "", into = new Map<string, string>()): Map<string, string> => {
  const entries = Array.isArray(value) ? [...value.entries()] : isJsonObject(value) ? Object.entries(value) : []
  if (entries.length === 0 && value !== undefined) into.set(path, JSON.stringify(value))
  for (const [key, part] of entries) leaves(part as Json, `${path}/${key}`, into)
  return into
}

const changedLeaves = (old: PodObject | undefined, next: PodObject): ReadonlyArray<string> => {
  const [before, after] = [leaves(old?.status), leaves(next.status)]
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
}

interface Tally {
  pairs: number
  firsts: number
  events: number
  changed: number
  byRest: number
}

const check = ({ old, next }: Pair, tally: Tally, where: string): void => {
  const events = derive(old, next)
  const pod = events.reduce(evolve, old === undefined ? initialPod : parsePod(old))
  const version = `${where} ${next.metadata.name} ${next.metadata.resourceVersion}`
  assert.strictEqual(canonical(renderStatus(pod)), canonical(next.status ?? {}), version)
  assert.strictEqual(canonical(renderPod(pod)), canonical(next), version)
  assert.strictEqual(pod.anomalies, 0, version)
  assert.deepStrictEqual(derive(next, structuredClone(next)), [], version)
  const rest = pod.rest.map(({ path }) => ["", ...path].join("/"))
  const changed = changedLeaves(old, next)
  tally.pairs++
  if (old === undefined) tally.firsts++
  tally.events += events.length
  tally.changed += changed.length
  tally.byRest += changed.filter((path) => rest.some((part) => path === part || path.startsWith(`${part}/`))).length
}

const share = ({ byRest, changed }: Tally): number => byRest / Math.max(changed, 1)

const report = (what: string, tally: Tally): void => {
  const { pairs, firsts, events, changed, byRest } = tally
  process.stdout.write(
    `${what}: ${pairs} versions (${firsts} of them first ones), ${events} events; ` +
      `${changed} status fields changed, ${byRest} carried by rest alone (${(100 * share(tally)).toFixed(2)} %)\n`
  )
}

const empty = (): Tally => ({ pairs: 0, firsts: 0, events: 0, changed: 0, byRest: 0 })

describe("what derive reads, evolve and render say again", () => {
  const tally = empty()

  it.each(recordingFiles)("in %s", (file) => {
    for (const pair of podPairs([file])) check(pair, tally, file)
  })

  it("needs rest for less than 2 % of the changed fields in our own recordings", () => {
    report("recordings", tally)
    assert.isAbove(tally.pairs - tally.firsts, 3_000)
    assert.isBelow(share(tally), 0.02)
  })

  const published = empty()
  const folders = [...Map.groupBy(publicFiles, (file) => file.split("/")[1] ?? "")]

  it.each(folders)("in what %s published", (folder, files) => {
    for (const pair of podPairs(files)) check(pair, published, folder)
  })

  it("says how much of what others published only rest could carry", () => {
    report("recordings/public", published)
    assert.isAbove(published.pairs, 60)
  })

  it("makes any published pod into any other", () => {
    const versions = folders.flatMap(([, files]) => podPairs(files)).map(({ next }) => next)
    const unrelated = empty()
    for (const [i, next] of versions.entries()) check({ old: versions.at(i - 7), next }, unrelated, "unrelated")
    report("unrelated pods", unrelated)
  })
})
