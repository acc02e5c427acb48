/**
 * An API server of pods that churn: so many live at a time, each plays a recorded life with names, uids and versions of its
 * own, and when one is gone the next begins. It serves a list in pieces and one watch, as fast as that is read.
 * Arguments: how many pods, how many changes. Tells its address on stdout.
 */
import { once } from "node:events"
import { readdirSync, readFileSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"

const [PODS, CHANGES] = [Number(process.argv[2]), Number(process.argv[3])]
const recordings = join(import.meta.dirname, "../../../../recordings")

interface Line {
  readonly type: string
  readonly object: {
    readonly kind: string
    readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string }
  }
}

/** One version of a recorded pod, cut where names, uids and versions stand. */
interface Version {
  readonly type: string
  readonly pieces: ReadonlyArray<string>
  readonly holes: ReadonlyArray<"uid" | "name" | "version">
}

const cut = ({ object, type }: Line): Version => {
  const { name, resourceVersion, uid } = object.metadata
  const text = JSON.stringify(object)
  const pieces: Array<string> = []
  const holes: Array<Version["holes"][number]> = []
  const places = new RegExp(`${uid}|(?<="name":")${name}(?=")|(?<="resourceVersion":")${resourceVersion}(?=")`, "g")
  let from = 0
  for (const { 0: found, index } of text.matchAll(places)) {
    pieces.push(text.slice(from, index))
    holes.push(found === uid ? "uid" : found === name ? "name" : "version")
    from = index + found.length
  }
  pieces.push(text.slice(from))
  return { type, pieces, holes }
}

/** Whole lives: from the creation to the end. */
const lives = (): ReadonlyArray<ReadonlyArray<Version>> => {
  const found: Array<ReadonlyArray<Version>> = []
  for (const file of readdirSync(recordings).filter((name) => name.endsWith(".jsonl.gz"))) {
    const pods = new Map<string, Array<Line>>()
    for (const text of gunzipSync(readFileSync(join(recordings, file)))
      .toString()
      .trim()
      .split("\n")) {
      const line = JSON.parse(text) as Line
      if (line.object?.kind !== "Pod") continue
      const { uid } = line.object.metadata
      pods.set(uid, [...(pods.get(uid) ?? []), line])
    }
    for (const life of pods.values())
      if (life[0]?.type === "ADDED" && life.at(-1)?.type === "DELETED") found.push(life.map(cut))
  }
  return found
}

let state = 1
/** The same each time. */
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

interface Slot {
  life: ReadonlyArray<Version>
  age: number
  tag: number
  version: number
}

const templates = lives()
let born = 0
const newSlot = (): Slot => ({
  life: templates[random(templates.length)] as ReadonlyArray<Version>,
  age: -1,
  tag: ++born,
  version: 0
})

let version = 1_000
const slots: ReadonlyArray<Slot> = Array.from({ length: PODS }, newSlot)
for (const slot of slots) {
  slot.age = random(slot.life.length - 1)
  slot.version = ++version
}

const textOf = (slot: Slot): string => {
  const { holes, pieces } = slot.life[slot.age] as Version
  const values = {
    uid: `${slot.tag.toString(16).padStart(8, "0")}-4c1d-4f0e-9c0e-${Math.imul(slot.tag, 0x9e3779b1) >>> 0}`,
    name: `pod-${slot.tag}`,
    version: String(slot.version)
  }
  let text = ""
  for (const [i, piece] of pieces.entries())
    text += piece + (i < holes.length ? values[holes[i] as keyof typeof values] : "")
  return text
}

/** The next line of the watch. */
const next = (): string => {
  const slot = slots[random(PODS)] as Slot
  if (slot.age === slot.life.length - 1) Object.assign(slot, newSlot())
  slot.age++
  slot.version = ++version
  return `{"type":"${(slot.life[slot.age] as Version).type}","object":${textOf(slot)}}\n`
}

const list = (response: ServerResponse, query: URLSearchParams): void => {
  const from = Number(query.get("continue") ?? 0)
  const to = from + Number(query.get("limit") ?? PODS)
  const items = slots.slice(from, to).map(textOf)
  const more = to < PODS ? `,"continue":"${to}"` : ""
  response.end(
    `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"${version}"${more}},"items":[${items.join(",")}]}`
  )
}

const watch = async (response: ServerResponse): Promise<void> => {
  response.writeHead(200, { "content-type": "application/json" })
  for (let sent = 0; sent < CHANGES; ) {
    let chunk = ""
    for (; sent < CHANGES && chunk.length < 65_536; sent++) chunk += next()
    if (!response.write(chunk)) await once(response, "drain")
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://cluster")
  if (url.pathname === "/version") response.end('{"gitVersion":"v1.36.3"}')
  else if (url.pathname !== "/api/v1/pods") response.writeHead(404).end("{}")
  else if (url.searchParams.get("watch") === "true") void watch(response)
  else list(response, url.searchParams)
})
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
