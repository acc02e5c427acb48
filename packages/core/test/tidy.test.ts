/** The architecture, as a test: layers point left, core and the simulator are pure, a file says what it is. */
import { globSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { wrongLayers, wrongPackages } from "./tidy/layers.ts"
import { impurities } from "./tidy/purity.ts"

const packages = `${import.meta.dirname}/../..`
const sourcesOf = (name: string): ReadonlyArray<{ readonly file: string; readonly code: string }> =>
  globSync("**/*.ts", { cwd: `${packages}/${name}/src` })
    .toSorted()
    .map((file) => ({
      file: file.replaceAll("\\", "/"),
      code: readFileSync(`${packages}/${name}/src/${file}`, "utf8")
    }))

const core = sourcesOf("core")
const simulator = sourcesOf("backend-sim")
const model = [/^effect$/, /^effect\/[A-Z]\w+$/, /^@noble\/hashes\//]
const contracts = [...model, /^@effect\/vitest$/, /^vitest$/, /^fast-check$/, /^effect\/testing$/]

/** Pure all the same: offsets of zones, asked for with a zone and a language given (docs/adr/0013-time-zones-come-with-node.md). */
const knownPure = "decide/controller/cronjob/timeZone.ts uses Intl"

describe("core", () => {
  it("has files in every layer that is named in the architecture", () => {
    expect(core.length).toBeGreaterThan(10)
  })

  it.each(core)("$file imports only from the left", ({ file, code }) => {
    expect(wrongLayers(file, code)).toEqual([])
  })

  it.each(core)("$file imports no package that reads a clock, a file or the network", ({ file, code }) => {
    expect(wrongPackages(file, code, file.startsWith("testing/") ? contracts : model)).toEqual([])
  })

  it.each(core)("$file is pure", ({ file, code }) => {
    expect(impurities(file, code).filter((use) => use !== knownPure)).toEqual([])
  })
})

describe("backend-sim", () => {
  it.each(simulator)("$file imports core and effect only", ({ file, code }) => {
    expect(wrongPackages(file, code, [...model, /^@kubereel\/core$/])).toEqual([])
  })

  it.each(simulator)("$file is pure", ({ file, code }) => {
    expect(impurities(file, code)).toEqual([])
  })
})

describe("fuzz", () => {
  it.each(sourcesOf("fuzz"))("$file imports core, the simulator and pure libraries only", ({ file, code }) => {
    const allowed = [/^@kubereel\/(core|core\/testing\/scenario|backend-sim)$/, /^effect$/, /^fast-check$/, /^yaml$/]
    expect(wrongPackages(file, code, allowed)).toEqual([])
  })
})

describe("every package", () => {
  const all = ["core", "backend-sim", "backend-k8s", "fuzz", "cli"].flatMap((name) =>
    sourcesOf(name).map(({ file, code }) => ({ file: `${name}/src/${file}`, code }))
  )

  it.each(all)("$file begins with a sentence that says what it is", ({ code }) => {
    expect(code).toMatch(/^(#!.*\n)?\/\*\*[\s*]+[\p{L}`"\d]/u)
  })

  it.each(all)("$file has no directive that silences a check", ({ code }) => {
    expect(code).not.toMatch(/@ts-ignore|@ts-expect-error|@ts-nocheck|biome-ignore|@effect-diagnostics/)
  })

  it.each(all.filter(({ file }) => file.startsWith("backend-")))(
    "$file does not import the command line",
    ({ file, code }) => {
      expect(wrongPackages(file, code, [/^(?!@kubereel\/(cli|backend-))/])).toEqual([])
    }
  )
})

describe("this test has seen each mistake", () => {
  it.each([
    [
      "state/Planted.ts",
      `import { render } from "../view/render.ts"`,
      "state/Planted.ts imports view/render.ts, which is not to its left"
    ],
    [
      "event/Planted.ts",
      `export * from "../port/play.ts"`,
      "event/Planted.ts imports port/play.ts, which is not to its left"
    ],
    [
      "view/Planted.ts",
      `export const late = () => import("../decide/x.ts")`,
      "view/Planted.ts imports decide/x.ts, which is not to its left"
    ],
    [
      "event/Planted.ts",
      `import type { A } from "../index.ts"`,
      "event/Planted.ts imports index.ts, which is not to its left"
    ],
    [
      "event/Planted.ts",
      `import { a } from "../../../cli/src/main.ts"`,
      "event/Planted.ts imports ../../cli/src/main.ts, which is not to its left"
    ],
    ["util/Planted.ts", "", "util/Planted.ts is in no layer"]
  ])("%s: %s", (file, code, sentence) => {
    expect(wrongLayers(file, code)).toEqual([sentence])
  })

  it.each([
    [`import { readFileSync } from "node:fs"`, "node:fs"],
    [`export { readFileSync } from "fs"`, "fs"],
    [`const fs = await import("node:fs")`, "node:fs"],
    [`import { run } from "@kubereel/backend-sim"`, "@kubereel/backend-sim"],
    [`import { NodeServices } from "@effect/platform-node"`, "@effect/platform-node"]
  ])("core with %s", (code, name) => {
    expect(wrongPackages("event/Planted.ts", code, model)).toEqual([`event/Planted.ts imports ${name}`])
  })

  it.each([
    ["const now = Date.now()", "Date"],
    ["const f = (now = new Date()) => now", "Date"],
    ["const x = { at: performance.now() }", "performance"],
    ["const x = Math.random()", "Math.random"],
    [`const x = Math["random"]()`, "Math.random"],
    ["const { random } = Math\n", "Math as a value"],
    ["setTimeout(() => 1, 1)", "setTimeout"],
    ["const x = process.env.HOME", "process"],
    ["const id = crypto.randomUUID()", "crypto"],
    ["const x = globalThis", "globalThis"],
    ["const x = { process }", "process"],
    ["const x = a.localeCompare(b)", "localeCompare"]
  ])("%s", (code, name) => {
    expect(impurities("event/Planted.ts", code)).toEqual([`event/Planted.ts uses ${name}`])
  })

  it.each([
    "// Date.now() and Math.random() in a comment",
    `const text = "Date.now()"`,
    "const start = (process: { readonly exitCode: number }) => process.exitCode",
    "interface Program { readonly process: string; Date: number }",
    "const x = { Date: 1 }.Date + Math.floor(1.5)",
    "const { process: p } = run"
  ])("and is content with %s", (code) => {
    expect(impurities("event/Planted.ts", code)).toEqual([])
  })
})
