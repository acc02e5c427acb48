/** What a user gets wrong is answered with one sentence that says what, where and what to do, and with the right number. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterAll } from "vitest"
import { invoke } from "./command/invoke.ts"

const root = join(import.meta.dirname, "../../..")
const scenario = join(root, "scenarios/run-forever.yaml")
const recording = join(root, "recordings/run-forever.1.jsonl.gz")

const folder = mkdtempSync(join(tmpdir(), "kubereel-bad-"))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(at(name), content)
  return at(name)
}

const short = (text: string): string => text.replaceAll(`${folder}/`, "").replaceAll(`${root}/`, "")

/** One sentence a problem, no stack trace, nothing on stdout. */
const refused = Effect.fnUntraced(function* (code: number, message: RegExp, ...args: ReadonlyArray<string>) {
  const answer = yield* invoke(...args)
  const said = short(answer.stderr)
  assert.match(said, message)
  assert.deepStrictEqual([answer.code, answer.stdout], [code, ""], said)
  assert.notMatch(said, /\n\s+at |Error:|\[object/)
  for (const line of said.split("\n")) assert.match(line, /^kubereel/)
})

describe("a scenario", () => {
  const text = readFileSync(scenario, "utf8")

  it.effect.each([
    ["that is empty", "", 65, /^kubereel: empty\.yaml: is empty/],
    ["that is no YAML", "a: [", 65, /^kubereel: no\.yaml:1:\d+: .*YAML/],
    [
      "with an unknown field",
      text.replace("spec:\n", "spec:\n  untill: 3s\n"),
      65,
      /^kubereel: field\.yaml:\d+:\d+: .*untill.*until/
    ],
    [
      "with a manifest's field of the wrong type",
      text.replace("- name: main", "- name: 3"),
      65,
      /^kubereel: type\.yaml:\d+:\d+: /
    ],
    [
      "that is a manifest",
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n",
      65,
      /^kubereel: manifest\.yaml.*manifest/
    ]
  ] as const)("%s", ([, content, code, message]) => {
    const name = /: (\w+)\\\./.exec(message.source)?.[1] ?? "manifest"
    return refused(code, message, "run", file(`${name}.yaml`, content))
  })

  it.effect("that does not exist, or is a folder, or something else", () =>
    Effect.gen(function* () {
      mkdirSync(at("folder"))
      yield* refused(66, /^kubereel: nowhere\.yaml: no such file$/, "run", at("nowhere.yaml"))
      yield* refused(
        66,
        /^kubereel: folder: is a directory, and not that of a collector .*; name the file$/,
        "run",
        at("folder")
      )
      yield* refused(65, /is no scenario but watch lines; see `kubereel import --help`$/, "run", recording)
    })
  )
})

describe("a recording", () => {
  it.effect.each([
    ["empty", "", /^kubereel: empty: is empty$/],
    ["text", "hello\n", /^kubereel: text: is no recording that is known; these are: watch lines .*audit logs/],
    [
      "middle",
      '{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"p"}}}\n{"type":"ADD\n',
      /^kubereel: middle:2: the line is not JSON$/
    ]
  ] as const)("that is %s is refused, and no reel is left", ([name, content, message]) =>
    Effect.gen(function* () {
      yield* refused(65, message, "import", file(name, content), "-o", at("never.reel"))
      assert.deepStrictEqual(
        readdirSync(folder).filter((left) => left.includes("never")),
        []
      )
    })
  )

  it.effect("that does not exist, or is a folder", () =>
    Effect.gen(function* () {
      yield* refused(66, /^kubereel: nowhere: no such file$/, "import", at("nowhere"), "-o", at("never.reel"))
      yield* refused(
        66,
        /^kubereel: .*: is a directory, and not that of a collector .*; name the file$/,
        "import",
        root,
        "-o",
        at("never.reel")
      )
    })
  )

  it.effect("that breaks off in the second file leaves the reel that was there as it was", () =>
    Effect.gen(function* () {
      yield* invoke("import", recording, "-o", at("kept.reel"))
      const before = readFileSync(at("kept.reel"))
      yield* refused(
        65,
        /text: is no recording that is known/,
        "import",
        recording,
        file("text", "hello\n"),
        "-o",
        at("kept.reel")
      )
      assert.isTrue(before.equals(readFileSync(at("kept.reel"))))
    })
  )
})

describe("a reel", () => {
  it.effect("with one flipped bit is told from a good one, wherever the bit is", () =>
    Effect.gen(function* () {
      yield* invoke("import", join(root, "recordings/rollout-surge.1.jsonl.gz"), "-o", at("good.reel"))
      const good = readFileSync(at("good.reel"))
      const exported = (yield* invoke("export", at("good.reel"))).stdout
      const used = [...good.keys()].filter((place) => good[place] !== 0)
      let noticed = 0
      for (const place of used.filter((_, i) => i % Math.floor(used.length / 40) === 7)) {
        const bad = Buffer.from(good)
        bad[place] = (bad[place] ?? 0) ^ 4
        const { code, stderr, stdout } = yield* invoke("export", file("bad.reel", bad))
        assert.notMatch(stderr, /\n\s+at /)
        // A bit in a page that is free changes nothing that was recorded; any other must be noticed.
        if (code === 0) assert.strictEqual(stdout, exported)
        else {
          noticed++
          assert.strictEqual(code, 65, stderr)
          assert.match(short(stderr), /^kubereel: bad\.reel/)
        }
      }
      assert.isAbove(noticed, 3)
    })
  )

  it.effect("that is none", () =>
    Effect.gen(function* () {
      yield* refused(65, /is no reel \(it looks like a scenario\); make one with `kubereel run`$/, "export", scenario)
      yield* refused(
        65,
        /is no reel \(it looks like watch lines\); make one with `kubereel import`$/,
        "export",
        recording
      )
      yield* refused(66, /nowhere: no such file$/, "export", at("nowhere"))
      yield* refused(65, /fake/, "show", file("fake", `SQLite format 3\0${"\0".repeat(200)}`))
    })
  )
})

describe("an output", () => {
  it.effect("in a place that cannot be written to", () =>
    Effect.gen(function* () {
      yield* refused(
        74,
        /^kubereel: nowhere\/x\.reel: cannot be written, its directory does not exist$/,
        "run",
        scenario,
        "-o",
        at("nowhere/x.reel")
      )
      yield* refused(74, /: is a directory; name the file to be written$/, "import", recording, "-o", folder)
      yield* refused(74, /^kubereel: \/proc\/x\.reel: cannot be written/, "import", recording, "-o", "/proc/x.reel")
      if (process.getuid?.() !== 0) {
        mkdirSync(at("locked"))
        chmodSync(at("locked"), 0o500)
        yield* refused(74, /permission denied/, "run", scenario, "-o", at("locked/x.reel"))
      }
    })
  )

  it.effect("that exists is replaced if it is of the same sort, and else left alone", () =>
    Effect.gen(function* () {
      const mine = file("mine.yaml", "precious")
      yield* refused(
        74,
        /^kubereel: mine\.yaml: exists and is not a reel, so it is not replaced; name another output or remove it$/,
        "run",
        scenario,
        "-o",
        mine
      )
      assert.strictEqual(readFileSync(mine, "utf8"), "precious")
      for (let i = 0; i < 2; i++) assert.strictEqual((yield* invoke("run", scenario, "-o", at("twice.reel"))).code, 0)
      yield* refused(
        74,
        /exists and is a reel, so it is not replaced/,
        "export",
        at("twice.reel"),
        "-o",
        at("twice.reel")
      )
    })
  )
})

describe("a wrong call", () => {
  it.effect.each([
    [["run"], /^kubereel run: Missing required argument: scenario; see `kubereel run --help`$/],
    [["run", scenario, "--sed", "3"], /^kubereel run: Unrecognized flag: --sed.*did you mean --seed/],
    [["frobnicate"], /^kubereel: Unknown subcommand "frobnicate"/],
    [["import", recording], /^kubereel import: Missing required flag: --out/],
    [
      ["run", scenario, "--until", "5 minutes"],
      /^kubereel: --until: "5 minutes" is no duration; write it like 90s, 1m30s or 500ms$/
    ],
    [["run", scenario, "--seed", "-1"], /seed/],
    [["run", scenario, "--start", "today"], /^kubereel: --start: "today" is no time/],
    [["run", scenario, scenario, "-o", "x.reel"], /^kubereel: --out: a reel holds one run/],
    [["show", recording, "--at", "noon"], /^kubereel: --at: "noon" is no time/],
    [["diff", scenario, recording, "--tolerance", "much"], /^kubereel: --tolerance: "much" is no duration/]
  ] as const)("%j", ([args, message]) => refused(64, message, ...args))
})
