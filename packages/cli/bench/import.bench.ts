/**
 * Recordings of other people's tools that are far larger than memory should be: how fast they are read in, and that the peak of
 * memory does not grow with them. `npm run bench -- import`; `KUBEREEL_BENCH_MB=20000` for larger ones (MB of text; default 1,000).
 *
 * Goals: four times as much text costs at most 1.5 times the memory (of a list, whose objects all are there at its end, twice:
 * their names and versions are remembered); a file that is cut off gives everything before the cut.
 */
import { spawnSync } from "node:child_process"
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip, gunzipSync } from "node:zlib"
import { afterAll, expect, test } from "vitest"

const LARGE = Number(process.env["KUBEREEL_BENCH_MB"] ?? 1_000) * 1_000_000
const SMALL = LARGE / 4

const root = join(import.meta.dirname, "../../..")
const launcher = join(root, "packages/cli/bin/kubereel.mjs")
const folder = mkdtempSync(join(tmpdir(), "kubereel-bench-import-"))
afterAll(() => rmSync(folder, { recursive: true }))

const linesOf = (file: string): ReadonlyArray<string> => gunzipSync(readFileSync(file)).toString().trim().split("\n")
const recordings = readdirSync(join(root, "recordings"))
  .filter((name) => name.endsWith(".jsonl.gz"))
  .map((name) => linesOf(join(root, "recordings", name)).slice(1))
const audit = linesOf(join(root, "packages/backend-k8s/test/import/data/pair.audit.jsonl.gz"))

/** Ten minutes later for each turn: nothing that is sorted by its time has all of it at one moment. */
const later = (line: string, turn: number): string =>
  line.replaceAll(
    /("(?:stage|requestReceived)Timestamp": ?")([^"]+)/g,
    (_, before: string, time: string) => `${before}${new Date(Date.parse(time) + turn * 600_000).toISOString()}`
  )

/** The same lines with other uids and names of namespaces: other objects, later. */
const renamed = (lines: ReadonlyArray<string>, turn: number): ReadonlyArray<string> => {
  const tag = turn.toString(16).padStart(8, "0")
  return lines.map((line) =>
    later(line.replaceAll(/("uid": ?")[0-9a-f]{8}/g, `$1${tag}`).replaceAll("imp-pair2", `imp-${tag}`), turn)
  )
}

interface Watched {
  readonly type: string
  readonly object: { readonly kind: string; readonly metadata: { readonly uid?: string } }
}

/** What a recording leaves behind is deleted at its end: a cluster does not grow for ever. */
const buried = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  const left = new Map<string, string>()
  for (const line of lines) {
    const { object, type } = JSON.parse(line) as Watched
    if (object.metadata.uid === undefined) continue
    if (type === "DELETED") left.delete(object.metadata.uid)
    else left.set(object.metadata.uid, line.replace(/"type": ?"[A-Z]+"/, '"type":"DELETED"'))
  }
  return [...lines, ...left.values()]
}

const objectsIn = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => {
    const { object } = JSON.parse(line) as Watched
    return object.kind === "Pod" ? [JSON.stringify(object)] : []
  })

const formats: {
  readonly [name: string]: { readonly turns: ReadonlyArray<ReadonlyArray<string>>; readonly list?: true }
} = {
  "watch lines": { turns: recordings.map(buried) },
  "audit log": { turns: [audit] },
  "list of pods": { turns: recordings.map(objectsIn), list: true }
}

function* texts(name: string, bytes: number): Generator<string> {
  const { list, turns } = formats[name] ?? { turns: [] }
  if (list) yield '{"kind":"List","apiVersion":"v1","items":['
  let written = 0
  for (let turn = 0; written < bytes; turn++) {
    const lines = renamed(turns[turn % turns.length] ?? [], turn)
    const text = list ? `${written === 0 ? "" : ","}${lines.join(",\n")}` : `${lines.join("\n")}\n`
    if (lines.length === 0) continue
    written += text.length
    yield text
  }
  if (list) yield "]}\n"
}

/** The peak is asked of the process itself, when it ends. */
const hook = `data:text/javascript,process.on("exit",()=>process._rawDebug("peak "+Math.round(process.resourceUsage().maxRSS/1024)))`

const imported = (file: string, megabytes: number, what: string) => {
  const began = performance.now()
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", hook, launcher, "import", file, "-o", join(folder, "out.reel")],
    { encoding: "utf8", maxBuffer: 1e9 }
  )
  const seconds = (performance.now() - began) / 1_000
  const peak = Number(/peak (\d+)/.exec(stderr)?.[1])
  const events = /: (\d+) events/.exec(stderr)?.[1]
  console.log(
    `${what.padEnd(28)} ${megabytes.toFixed(0).padStart(6)} MB (${(statSync(file).size / 1e6).toFixed(0)} MB gz): ${seconds.toFixed(1)} s, ${(megabytes / seconds).toFixed(1)} MB/s, ${events} events, peak ${peak} MB`
  )
  expect(status, stderr.slice(-500)).toBe(0)
  return { peak, events: Number(events), stderr }
}

test.each(Object.keys(formats))(
  "%s: memory does not grow with the file, and a cut is a gap",
  { timeout: 3_600_000 },
  async (name) => {
    const peaks: Array<number> = []
    for (const bytes of [SMALL, LARGE]) {
      const file = join(folder, "big.gz")
      await pipeline(Readable.from(texts(name, bytes)), createGzip({ level: 1 }), createWriteStream(file))
      const { events, peak } = imported(file, bytes / 1e6, name)
      peaks.push(peak)
      if (bytes === LARGE) continue
      truncateSync(file, Math.floor(statSync(file).size / 2))
      const cut = imported(file, bytes / 2e6, `${name}, cut off`)
      expect(cut.stderr).toMatch(/gap \(truncated\)/)
      expect(cut.events).toBeGreaterThan(events * 0.4)
    }
    expect(peaks[1]).toBeLessThan((peaks[0] ?? 0) * (formats[name]?.list ? 2 : 1.5))
  }
)
