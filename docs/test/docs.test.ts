/**
 * The documentation is true: programs in it run, commands in it work and print what is shown below them, links lead somewhere.
 *
 * A `ts` block is a program. An `sh` block that begins with `npx kubereel` is run in a directory of its own for each page, in the
 * order of the page; a `text` block right behind it shows lines of its output, in order, `…` for what is left out.
 */
import { spawnSync } from "node:child_process"
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join, relative } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { anchorsOf, blocksOf, filesOf, linksOf, missingLine } from "./markdown.ts"

const root = join(import.meta.dirname, "..", "..")
const read = (page: string) => readFileSync(join(root, page), "utf8")
const pages = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], {
  cwd: root,
  exclude: ["**/node_modules/**", "docs/.cache/**"]
}).toSorted()
const bin = join(root, "node_modules", ".bin")
const environment = { ...process.env, NO_COLOR: "1", PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` }

const run = (cwd: string, command: string, args: ReadonlyArray<string>) => {
  const done = spawnSync(command, args, { cwd, env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
  return { status: done.status, stdout: done.stdout, all: `${done.stdout}${done.stderr}` }
}

describe("links", () => {
  it("there are pages", () => expect(pages).toContain("README.md"))

  it.each(pages)("of %s lead somewhere", (page) => {
    const broken = linksOf(read(page)).filter((link) => {
      const [path = "", anchor] = link.split("#")
      const target = path === "" ? page : relative(root, join(root, dirname(page), path))
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it.each(pages)("and the files that %s names exist", (page) => {
    expect(filesOf(read(page)).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

describe("programs", () => {
  const cache = join(root, "docs", ".cache")
  const programs = pages.flatMap((page) =>
    blocksOf(read(page))
      .filter(({ language }) => language === "ts")
      .map(({ code, line }) => ({ name: `${page}:${line}`, code, file: `${page.replaceAll(/\W/g, "_")}_${line}.ts` }))
  )

  beforeAll(() => {
    mkdirSync(cache, { recursive: true })
    for (const { code, file } of programs) writeFileSync(join(cache, file), code)
    writeFileSync(
      join(cache, "tsconfig.json"),
      JSON.stringify({ extends: "../../tsconfig.base.json", include: ["*.ts"] })
    )
  })
  afterAll(() => rmSync(cache, { recursive: true, force: true }))

  it("there are some, and their types are right", () => {
    expect(programs.length).toBeGreaterThan(0)
    expect(run(root, "tsc", ["-p", "docs/.cache/tsconfig.json"])).toMatchObject({ status: 0, all: "" })
  })

  it.each(programs)("$name runs", ({ file }) => {
    const { status, all } = run(root, "node", ["--conditions=source", join(cache, file)])
    expect(status, all).toBe(0)
  })
})

describe("commands", () => {
  const isCommand = (language: string, code: string) => language === "sh" && code.startsWith("npx kubereel")
  const withCommands = pages
    .map((page) => {
      const blocks = blocksOf(read(page))
      const commands = blocks.flatMap(({ language, code, line }, index) => {
        const next = blocks[index + 1]
        const shown =
          next?.language === "text" && next.line === line + code.split("\n").length + 2 ? next.code : undefined
        return isCommand(language, code) ? [{ code, line, shown }] : []
      })
      return { page, commands }
    })
    .filter(({ commands }) => commands.length > 0)

  it("there are some", () => expect(withCommands.map(({ page }) => page)).toContain("README.md"))

  it.each(withCommands)("of $page work", { timeout: 120_000 }, ({ page, commands }) => {
    const there = mkdtempSync(join(tmpdir(), "kubereel-docs-"))
    for (const name of ["scenarios", "recordings", "node_modules"]) symlinkSync(join(root, name), join(there, name))
    try {
      for (const { code, line, shown } of commands) {
        const { status, stdout, all } = run(there, "bash", ["-euc", code])
        expect(status, `${page}:${line}\n${code}\n${all}`).toBe(0)
        expect(missingLine(stdout, shown ?? ""), `${page}:${line} prints another text:\n${stdout}`).toBeUndefined()
      }
    } finally {
      rmSync(there, { recursive: true, force: true })
    }
  })
})

describe("these checks have seen each mistake", () => {
  const page =
    "# One two\n\n[a](gone.md#x) `packages/gone.ts`\n\n```sh\nnpx kubereel run [x](y)\n```\n\n```text\none\n…\nthree\n```\n"

  it("blocks, links, anchors and files are found, and links in blocks are none", () => {
    expect(blocksOf(page).map(({ language, line }) => [language, line])).toEqual([
      ["sh", 6],
      ["text", 10]
    ])
    expect(linksOf(page)).toEqual(["gone.md#x"])
    expect(anchorsOf(page)).toEqual(["one-two"])
    expect(filesOf(page)).toEqual(["packages/gone.ts"])
  })

  it("a line that was not printed, or not in this order", () => {
    expect(missingLine("one\ntwo\nthree\n", "one\n…\nthree\n")).toBeUndefined()
    expect(missingLine("one\ntwo\nthree\n", "one\nfour\n")).toBe("four")
    expect(missingLine("one\ntwo\n", "two\none\n")).toBe("one")
  })

  it("a program that throws, and a command that fails", () => {
    expect(run(root, "node", ["-e", "throw 1"]).status).not.toBe(0)
    expect(run(root, "bash", ["-euc", "false\ntrue"]).status).not.toBe(0)
  })
})
