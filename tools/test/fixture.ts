/** A small repository in a temporary directory, checked by this repository's own configuration. */
import { spawnSync } from "node:child_process"
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"

const root = join(import.meta.dirname, "..", "..")
const modules = join(root, "node_modules")

const configuration = [
  ".gitignore",
  ".npmrc",
  "*.json",
  "vitest.config.ts",
  "tools/*",
  "docs/*.json",
  "packages/*/*.{json,mjs}"
]

/** The least that every check is content with. */
const sources: Readonly<Record<string, string>> = {
  "packages/core/src/index.ts": `/** Everything. */\n\nexport * from "./event/Fact.ts"\n`,
  "packages/core/src/event/Fact.ts": `/** A fact. */\nexport const fact = "it is"\n`,
  "packages/core/src/testing/index.ts": "/** Nothing. */\nexport {}\n",
  "packages/backend-sim/src/index.ts": `/** A backend. */\nexport { fact } from "@kubereel/core"\n`,
  "packages/backend-k8s/src/index.ts": `/** A backend. */\nexport { fact } from "@kubereel/core"\n`,
  "packages/cli/src/main.ts": `/** The program. */\nimport { fact } from "@kubereel/backend-sim"\n\nprocess.stdout.write(fact)\n`,
  "packages/cli/bin/kubereel.mjs": "/** Starts it. */\n"
}

export interface Fixture {
  readonly root: string
  readonly write: (file: string, text: string) => void
  readonly remove: (file: string) => void
  /** Runs a program of node_modules/.bin there; `output` is both streams, `last` the last line on stdout. */
  readonly run: (
    command: string,
    environment?: { readonly [name: string]: string }
  ) => { readonly status: number | null; readonly output: string; readonly last: string }
  readonly dispose: () => void
}

const link = (target: string, at: string): void => {
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(target, at)
}

export const makeFixture = (): Fixture => {
  const there = mkdtempSync(join(tmpdir(), "kubereel-planted-"))
  for (const file of globSync(configuration, { cwd: root, exclude: ["tools/test"] }))
    cpSync(join(root, file), join(there, file), { recursive: true })
  // Of what npm and other tools note there, nothing: a test must not write into this repository's.
  for (const name of readdirSync(modules).filter(
    (entry) => entry !== "@kubereel" && (entry === ".bin" || !entry.startsWith("."))
  ))
    link(join(modules, name), join(there, "node_modules", name))
  for (const name of ["core", "backend-sim", "backend-k8s", "cli"])
    link(join(there, "packages", name), join(there, "node_modules", "@kubereel", name))

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(there, file)), { recursive: true })
    writeFileSync(join(there, file), text)
  }
  for (const [file, text] of Object.entries(sources)) write(file, text)

  return {
    root: there,
    write,
    remove: (file) => rmSync(join(there, file), { recursive: true, force: true }),
    run: (command, environment = {}) => {
      const [program = "", ...args] = command.split(" ")
      const done = spawnSync(program, args, {
        cwd: there,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          PATH: `${join(modules, ".bin")}${delimiter}${process.env.PATH ?? ""}`,
          TURBO_TELEMETRY_DISABLED: "1",
          NO_COLOR: "1",
          // The fixture has no cluster of its own: the tests that plant one say so.
          KUBEREEL_RIG: "off",
          KUBEREEL_CLIENTS: "off",
          ...environment
        }
      })
      return {
        status: done.status,
        output: `${done.stdout}${done.stderr}${done.error?.message ?? ""}`,
        last: done.stdout.trimEnd().split("\n").at(-1) ?? ""
      }
    },
    dispose: () => rmSync(there, { recursive: true, force: true })
  }
}
