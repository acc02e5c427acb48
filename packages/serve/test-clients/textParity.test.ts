/**
 * What kubectl prints of a moment of a reel is what it printed in the live cluster at that moment, byte for byte.
 *
 * A capture's `observedAt` was noted before kubectl was started: `kubectl get nodes` that was noted at 09:31:45.994 counts an age
 * that began a new second at 09:31:46. The API server was asked a few hundredths of a second later, and answered with its state of then. So a
 * capture equals what is served of some moment from `observedAt` on, and before the next one was noted.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { afterAll, beforeAll, expect, it } from "vitest"
import { describeWith } from "./clients/clients.ts"
import { fileOf, kubereel, type Server, scratch, startServer } from "./clients/kubereel.ts"

interface Capture {
  readonly at: number
  readonly observedAt: string
  readonly argv: ReadonlyArray<string>
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

interface Line {
  readonly observedAt: string
  readonly object?: { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string } }
}

const folder = fileOf("recordings/kubectl")
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".kubectl.json"))
  .map((name) => name.replace(/\.kubectl\.json$/, ""))

const linesOf = (name: string): ReadonlyArray<Line> =>
  gunzipSync(readFileSync(join(folder, `${name}.1.jsonl.gz`)))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

const namespaceOf = (lines: ReadonlyArray<Line>): string =>
  lines.find(({ object }) => object?.kind === "Namespace")?.object?.metadata.name ?? "default"

/** The moments that the API server may have answered at: kubectl asks within a fifth of a second. */
const momentsOf = (captures: ReadonlyArray<Capture>, index: number): ReadonlyArray<string> => {
  const from = Date.parse(captures[index]!.observedAt)
  const next = Date.parse(captures[index + 1]?.observedAt ?? "")
  const until = Math.min(from + 200, Number.isNaN(next) ? Number.POSITIVE_INFINITY : next)
  const moments: Array<string> = []
  for (let at = from; at <= until; at += 10) moments.push(new Date(at).toISOString())
  return moments
}

/** The Age of an Event in `describe` is counted by kubectl's own clock: `5s`, `<unknown>`, `4s (x3 over 5s)`. */
const EVENT = /^( {2}(?:Normal|Warning) +\S+ +)(\S+?)(?: \((x\d+) over (\S+)\))?( {2,}.*)$/
const HEADING = /^ {2}(?:Type +Reason +Age|-{4} +-{6} +-{4}) .*$/

/** Without what depends on today's date: the ages of Events, and the blanks around them, whose number depends on their widths. */
const withoutEventAges = (text: string): string =>
  text
    .split("\n")
    .map((line) =>
      HEADING.test(line)
        ? line.replaceAll(/ {2,}/g, "  ")
        : line.replace(EVENT, (_, before: string, _age, count: string | undefined, _over, after: string) =>
            `${before}AGE${count === undefined ? "" : ` (${count} over AGE)`}${after}`.replaceAll(/ {2,}/g, "  ")
          )
    )
    .join("\n")

const UNITS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86400 }

/** `2m3s` in seconds. */
const secondsOf = (age: string): number =>
  [...age.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0)

/** All ages of Events in what `describe` printed, in seconds. */
const eventAges = (text: string): ReadonlyArray<number> =>
  text.split("\n").flatMap((line) => {
    const [, , last, , first] = EVENT.exec(line) ?? []
    return last === undefined ? [] : [secondsOf(last), ...(first === undefined ? [] : [secondsOf(first)])]
  })

const printed = (
  { stdout, stderr, code }: Pick<Capture, "stdout" | "stderr" | "code">,
  argv: ReadonlyArray<string>
) => ({
  stdout: argv[0] === "describe" ? withoutEventAges(stdout) : stdout,
  stderr,
  code
})

/** A server for each recording. */
const serving = (...options: ReadonlyArray<string>): ReadonlyMap<string, Server> => {
  const files = scratch()
  const servers = new Map<string, Server>()
  beforeAll(async () => {
    expect(names.length).toBeGreaterThan(0)
    await Promise.all(
      names.map(async (name) => {
        const reel = join(files.path, `${name}.reel`)
        await kubereel("import", join(folder, `${name}.1.jsonl.gz`), "-o", reel)
        servers.set(name, await startServer("serve", reel, ...options))
      })
    )
  })
  afterAll(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()))
    files.remove()
  })
  return servers
}

const capturesOf = (name: string): ReadonlyArray<Capture> =>
  JSON.parse(readFileSync(join(folder, `${name}.kubectl.json`), "utf8"))

describeWith(["kubectl"], "what kubectl prints of a moment", (kubectl) => {
  const servers = serving()
  /** Those that only equal what was served of a moment after they were noted. */
  const later: Array<string> = []
  it.each(names)("is what it printed in the live cluster then: %s", async (name) => {
    const captures = capturesOf(name)
    const lines = linesOf(name)
    const server = servers.get(name)!
    for (const [index, capture] of captures.entries()) {
      const { argv } = capture
      const ask = async (moment: string) =>
        printed(await server.kubectl(kubectl, [...argv, "-n", namespaceOf(lines)], { at: `/at/${moment}` }), argv)
      const expected = printed(capture, argv)
      const [moment = "", ...others] = momentsOf(captures, index)
      const answer = await ask(moment)
      let found = JSON.stringify(answer) === JSON.stringify(expected)
      for (const other of others) {
        if (found) break
        found = JSON.stringify(await ask(other)) === JSON.stringify(expected)
        if (found)
          later.push(`${name}: ${argv.join(" ")}: ${Date.parse(other) - Date.parse(moment)} ms after ${moment}`)
      }
      if (!found) expect(answer, `kubectl ${argv.join(" ")} at ${moment}`).toEqual(expected)
    }
    expect(captures.length).toBeGreaterThanOrEqual(18)
  })

  it("and nearly always already when the capture was noted, before kubectl asked", () => {
    expect(later.length, later.join("\n")).toBeLessThanOrEqual(6)
  })
})

describeWith(
  ["kubectl"],
  "what kubectl describes of a moment when all times are moved so that it is now",
  (kubectl) => {
    const servers = serving("--shift-times")

    it.each(names)("has the ages of Events that it had then: %s", async (name) => {
      const namespace = namespaceOf(linesOf(name))
      let compared = 0
      for (const { argv, observedAt, stdout } of capturesOf(name).filter(
        ({ argv, code }) => argv[0] === "describe" && code === 0
      )) {
        const answer = await servers
          .get(name)!
          .kubectl(kubectl, [...argv, "-n", namespace], { at: `/at/${observedAt}` })
        const [ages, expected] = [eventAges(answer.stdout), eventAges(stdout)]
        expect(ages.length, answer.stdout).toBe(expected.length)
        // kubectl counts them a little after the server answered, then and now: a second may have begun in between.
        for (const [index, age] of ages.entries())
          expect(
            Math.abs(age - expected[index]!),
            `${argv.join(" ")} at ${observedAt}\n${stdout}\n${answer.stdout}`
          ).toBeLessThanOrEqual(1)
        compared += ages.length
      }
      expect(compared).toBeGreaterThan(0)
    })
  }
)
