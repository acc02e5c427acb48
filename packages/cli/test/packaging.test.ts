/** What would be published: it is built, complete, small, and it works where nothing else of the repository is. */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "..", "..", "..")
const bin = join(root, "node_modules", ".bin")
const names = ["core", "backend-sim", "backend-k8s", "cli"] as const
const environment = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
  NO_COLOR: "1",
  TURBO_TELEMETRY_DISABLED: "1"
}

const run = (cwd: string, command: string, ...args: ReadonlyArray<string>) => {
  const done = spawnSync(command, args, { cwd, env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
  return { status: done.status, stdout: done.stdout, all: `${done.stdout}${done.stderr}${done.error?.message ?? ""}` }
}

/** Files that `npm pack` would take, with their sizes. */
const packed = (name: string): ReadonlyMap<string, number> => {
  const { stdout, all } = run(
    join(root, "packages", name),
    "npm",
    "pack",
    "--dry-run",
    "--json",
    "--ignore-scripts",
    "--loglevel=error"
  )
  const answer: unknown = JSON.parse(stdout || `"${all}"`)
  const [entry] = Object.values(
    answer as { readonly [key: string]: { readonly files: ReadonlyArray<{ path: string; size: number }> } }
  )
  return new Map(entry?.files.map(({ path, size }) => [path, size]))
}

let elsewhere = ""

beforeAll(() => {
  const built = run(root, "turbo", "run", "build", "--output-logs=errors-only", "--ui=stream")
  expect(built.status, built.all).toBe(0)
  elsewhere = mkdtempSync(join(tmpdir(), "kubereel-packaging-"))
}, 120_000)
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }))

describe.each(names)("%s", (name) => {
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"))

  it("has no fault that publint knows", () => {
    const { status, all } = run(root, "publint", "run", `packages/${name}`, "--strict", "--pack", "npm")
    expect(status, all).toBe(0)
  }, 30_000)

  it("takes what is built, and neither sources nor tests", () => {
    const files = [...packed(name).keys()]
    const entries: ReadonlyArray<string> =
      name === "cli" ? ["bin/kubereel.mjs", "dist/main.mjs"] : ["dist/index.js", "dist/index.d.ts"]
    expect(files).toEqual(expect.arrayContaining(["package.json", ...entries]))
    expect(files.filter((file) => !/^(dist\/|bin\/|package\.json$|README\.md$|LICENSE$)/.test(file))).toEqual([])
    expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$|\.tsbuildinfo$/.test(file))).toEqual([])
  })

  it("has a licence, a description and a floor for Node", () => {
    expect(manifest).toMatchObject({
      license: "Apache-2.0",
      description: expect.stringMatching(/\.$/),
      engines: { node: ">=24" }
    })
  })
})

describe("the published libraries", () => {
  it("import each other's built files, without the sources and without the condition `source`", () => {
    for (const name of ["core", "backend-sim", "backend-k8s"]) {
      const target = join(elsewhere, "node_modules", "@kubereel", name)
      for (const file of packed(name).keys())
        cpSync(join(root, "packages", name, file), join(target, file), { recursive: true })
    }
    const declared = ["core", "backend-sim", "backend-k8s"].flatMap((name) => {
      const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"))
      return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    })
    for (const name of new Set(declared)) {
      const target = join(elsewhere, "node_modules", name)
      if (existsSync(target) || !existsSync(join(root, "node_modules", name))) continue
      mkdirSync(dirname(target), { recursive: true })
      symlinkSync(join(root, "node_modules", name), target)
    }
    const program = `for (const name of ["core", "backend-sim", "backend-k8s"]) console.log(name, Object.keys(await import("@kubereel/" + name)).length > 0)`
    const { stdout, all } = run(elsewhere, "node", "--input-type=module", "-e", program)
    expect(stdout, all).toBe("core true\nbackend-sim true\nbackend-k8s true\n")
  }, 30_000)
})

describe("the published command line", () => {
  it("runs a scenario with its bundle and its declared dependencies, and nothing else", () => {
    const there = join(elsewhere, "cli", "node_modules", "@kubereel", "cli")
    for (const file of packed("cli").keys())
      cpSync(join(root, "packages", "cli", file), join(there, file), { recursive: true })
    for (const name of Object.keys(JSON.parse(readFileSync(join(there, "package.json"), "utf8")).dependencies)) {
      const target = join(elsewhere, "cli", "node_modules", name)
      mkdirSync(dirname(target), { recursive: true })
      symlinkSync(join(root, "node_modules", name), target)
    }
    const reel = join(elsewhere, "out.reel")
    const { status, all } = run(
      elsewhere,
      "node",
      join(there, "bin", "kubereel.mjs"),
      "run",
      join(root, "scenarios", "crash-loop.yaml"),
      "-o",
      reel
    )
    expect(status, all).toBe(0)
    expect(existsSync(reel)).toBe(true)
  }, 30_000)

  // Of the API server alone, with its HTTP, certificates and Kubernetes' documents, it is two: `serve` and `up` load them.
  // What generates scenarios is half of one, for `fuzz` alone.
  it("stays under seven megabytes", () => {
    expect([...packed("cli").values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(7_000_000)
  })
})
