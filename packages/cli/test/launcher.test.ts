/** The launcher as a shell starts it: on this Node, on one that is too old, with a reader that goes away. */
import { spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"

const cli = join(import.meta.dirname, "..")
const root = join(cli, "../..")
const launcher = join(cli, "bin/kubereel.mjs")
const { version } = JSON.parse(readFileSync(join(cli, "package.json"), "utf8")) as { version: string }
const folder = mkdtempSync(join(tmpdir(), "kubereel-launcher-"))
afterAll(() => rmSync(folder, { recursive: true }))

const start = (args: ReadonlyArray<string>, options: { readonly node?: string; readonly launcher?: string } = {}) => {
  const { status, stderr, stdout } = spawnSync(
    options.node ?? process.execPath,
    [options.launcher ?? launcher, ...args],
    {
      encoding: "utf8",
      cwd: root
    }
  )
  return { status, stderr, stdout }
}

/** Another Node of this machine that is older than ours, if there is one: the one that npm itself runs on. */
const oldNode = ["/usr/local/bin/node", "/usr/bin/node"].find((node) => {
  const major = existsSync(node)
    ? /^v(\d+)/.exec(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout)?.[1]
    : undefined
  return major !== undefined && Number(major) < 24
})

describe("the launcher", () => {
  it("answers --version and --help", () => {
    expect(start(["--version"])).toEqual({ status: 0, stderr: "", stdout: `kubereel v${version}\n` })
    expect(start(["run", "--help"]).stdout).toBe(readFileSync(join(cli, "bin/help/run.txt"), "utf8"))
    expect(start([]).stdout).toBe(start(["--help"]).stdout)
  })

  it("passes on what the command says and its number", () => {
    const { status, stderr } = start(["run", "nowhere.yaml"])
    expect({ status, stderr }).toEqual({ status: 66, stderr: "kubereel: nowhere.yaml: no such file\n" })
  })

  it("prints no stack trace when the reader of a long export goes away", () => {
    const reel = join(folder, "a.reel")
    start(["import", join(root, "recordings/rollout-surge.1.jsonl.gz"), "-o", reel])
    const line = `"${process.execPath}" "${launcher}" export "${reel}" | head -c 10; echo " \${PIPESTATUS[0]}"`
    const { stderr, stdout } = spawnSync("bash", ["-c", line], { encoding: "utf8" })
    expect(stdout).toMatch(/^\{.{9} 0\n$/)
    expect(stderr).not.toContain("EPIPE")
  })

  it.skipIf(oldNode === undefined)("finds the workspace's own Node when started with an old one", () => {
    const options = { node: oldNode ?? "" }
    expect(start(["run", "nowhere.yaml"], options)).toMatchObject({
      status: 66,
      stderr: "kubereel: nowhere.yaml: no such file\n"
    })
    expect(start(["--version"], options).status).toBe(0)
  })

  it.skipIf(oldNode === undefined)("says in one sentence which Node it needs, when there is no other", () => {
    mkdirSync(join(folder, "bin"))
    copyFileSync(launcher, join(folder, "bin/kubereel.mjs"))
    writeFileSync(join(folder, "package.json"), JSON.stringify({ version }))
    const { status, stderr } = start(["run", "x.yaml"], {
      node: oldNode ?? "",
      launcher: join(folder, "bin/kubereel.mjs")
    })
    expect(status).toBe(69)
    expect(stderr).toMatch(/^kubereel: needs Node\.js 24 or newer, and this is \d+\.\d+\.\d+; install it from \S+\n$/)
  })
})
