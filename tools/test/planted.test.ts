/** Each tool that guards this repository is content with a small one, and has seen its mistake: else it guards nothing. */
import { readFileSync } from "node:fs"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type Fixture, makeFixture } from "./fixture.ts"

let fixture: Fixture
let planted: ReadonlyArray<() => void> = []

beforeAll(() => {
  fixture = makeFixture()
})
afterEach(() => {
  for (const undo of planted) undo()
  planted = []
})
afterAll(() => fixture.dispose())

/** Writes a file, or a changed one, for the length of one test. */
const plant = (file: string, change: string | ((before: string) => string)) => {
  if (typeof change === "string") {
    fixture.write(file, change)
    planted = [...planted, () => fixture.remove(file)]
  } else {
    const before = readFileSync(`${fixture.root}/${file}`, "utf8")
    fixture.write(file, change(before))
    planted = [...planted, () => fixture.write(file, before)]
  }
}

const expectContent = (command: string) => {
  const { status, output } = fixture.run(command)
  expect(output).not.toContain("Planted")
  expect(status, output).toBe(0)
}

const expectReport = (command: string, ...said: ReadonlyArray<string | RegExp>) => {
  const { status, output } = fixture.run(command)
  for (const one of said) expect(output).toMatch(new RegExp(one))
  expect(status, output).not.toBe(0)
}

describe("tsc", () => {
  const command = "tsc -p packages/core/tsconfig.json"

  it("is content with correct types", () => expectContent(command))

  it("reports a wrong type, an enum, and `undefined` for an optional field", () => {
    plant(
      "packages/core/src/event/Planted.ts",
      [
        `export const wrong: number = "one"`,
        "export enum Phase { Pending }",
        "export const absent: { readonly at?: number } = { at: undefined }",
        "export const first: string = [].map(String)[0]"
      ].join("\n")
    )
    expectReport(command, "TS2322", "TS1294", "TS2375")
  })
})

describe("effect-tsgo", () => {
  const command = "effect-tsgo diagnostics --project packages/core/tsconfig.build.json --format text"

  it("is content with pure code, having seen files", () => {
    expectContent(command)
    expect(fixture.run(command).output).toMatch(/Checked [1-9]\d* files/)
  })

  it("reports the clock, chance, timers and the environment, inside of an Effect and outside", () => {
    const impure = "setTimeout(() => undefined, 1), Date.now(), Math.random(), process.env.HOME, console.log(1)"
    plant(
      "packages/core/src/event/Planted.ts",
      [
        `import { Effect } from "effect"`,
        `export const outside = () => [${impure}]`,
        `export const inside = Effect.gen(function* () {\n  yield* Effect.void\n  return [${impure}]\n})`,
        "Effect.void"
      ].join("\n")
    )
    const rules = ["globalDate", "globalRandom", "globalTimers", "processEnv", "globalConsole"]
    expectReport(command, "floatingEffect", ...rules.flatMap((rule) => [`${rule}\\)`, `${rule}InEffect\\)`]))
  })
})

describe("biome", () => {
  const command = "biome ci --diagnostic-level=error --colors=off --max-diagnostics=100"

  it("is content with the style of the house", () => expectContent(command))

  it("reports another format", () => {
    plant("packages/core/src/event/Planted.ts", "/** Planted. */\nexport const planted = 'x';\n")
    expectReport(command, "Planted.ts format")
  })

  it("reports impure globals and Node's modules in core", () => {
    plant(
      "packages/core/src/event/Planted.ts",
      `/** Planted. */\nimport { readFileSync } from "node:fs"\n\nexport const planted = [Date.now(), readFileSync]\n`
    )
    expectReport(command, "noRestrictedGlobals", "noNodejsModules")
  })

  it("reports `any`, a default export, console, an undeclared dependency and an import cycle", () => {
    plant(
      "packages/cli/src/Planted.ts",
      `/** Planted. */\nimport leftPad from "left-pad"\nimport { main } from "./Cycle.ts"\n\nexport const planted: any = [main, leftPad]\nconsole.log(1)\nexport default planted\n`
    )
    plant(
      "packages/cli/src/Cycle.ts",
      `/** Planted. */\nimport { planted } from "./Planted.ts"\n\nexport const main = planted\n`
    )
    expectReport(command, "noExplicitAny", "noDefaultExport", "noConsole", "noUndeclaredDependencies", "noImportCycles")
  })
})

describe("knip", () => {
  const command = "knip --no-progress --include files,exports,unlisted"

  it("is content with code that is used", () => expectContent(command))

  it("reports a file and an export that nobody uses, and an undeclared dependency", () => {
    plant("packages/core/src/event/PlantedFile.ts", "/** Planted. */\nexport const planted = 1\n")
    plant("packages/core/src/event/Used.ts", "/** Used. */\nexport const used = 1\nexport const plantedExport = 2\n")
    plant(
      "packages/cli/src/main.ts",
      (before) => `import leftPad from "left-pad"\n${before}\nprocess.stdout.write(leftPad)\n`
    )
    plant("packages/core/src/index.ts", (before) => `${before}export { used } from "./event/Used.ts"\n`)
    expectReport(command, "PlantedFile.ts", "plantedExport", "left-pad")
  })
})

describe("turbo boundaries", () => {
  const command = "turbo boundaries --no-color"

  it("is content with packages that depend in one direction", () => expectContent(command))

  it("reports that core depends on a backend", () => {
    plant("packages/core/package.json", (before) =>
      before.replace(`"dependencies": {`, `"dependencies": {\n    "@kubereel/backend-sim": "0.1.0",`)
    )
    plant("packages/core/src/event/Planted.ts", `/** Planted. */\nexport { fact } from "@kubereel/backend-sim"\n`)
    expectReport(command, /backend/, /core/)
  })

  it("reports an import that no package.json declares, and one that leaves the package", () => {
    plant("packages/core/src/event/Planted.ts", `/** Planted. */\nexport { fact } from "@kubereel/cli"\n`)
    plant(
      "packages/core/src/event/PlantedTwo.ts",
      `/** Planted. */\nexport * from "../../../backend-sim/src/index.ts"\n`
    )
    expectReport(command, "Planted.ts", "PlantedTwo.ts")
  })
})

describe("the check of the lock file", () => {
  const command = "node tools/lock.mjs"

  it("is content with exact versions and no addresses", () => expectContent(command))

  it("reports a registry's address", () => {
    plant("package-lock.json", (before) =>
      before.replace(`"integrity"`, `"resolved": "https://registry.example/planted.tgz",\n      "integrity"`)
    )
    expectReport(command, "is resolved to an address")
  })

  it("reports a version that is a range", () => {
    plant("packages/core/package.json", (before) => before.replace(`"effect": "`, `"effect": "^`))
    expectReport(command, /packages\/core\/package\.json: effect is \^/)
  })

  it("reports a package without a checksum, and a forgotten setting", () => {
    plant("package-lock.json", (before) => before.replace(/"integrity": "[^"]*"/, `"license": "none"`))
    plant(".npmrc", (before) => before.replace("omit-lockfile-registry-resolved=true", ""))
    expectReport(command, "has no checksum", ".npmrc")
  })
})

describe("the runner of all checks", () => {
  it("counts a check that holds, and exits 0", () => {
    const { status, last } = fixture.run("node tools/check.mjs lock")
    expect(last).toBe("1 passed, 0 failed")
    expect(status).toBe(0)
  })

  it("counts one that does not, shows what it said, and exits 1", () => {
    plant(".npmrc", () => "")
    const { status, output, last } = fixture.run("node tools/check.mjs lock")
    expect(output).toContain("omit-lockfile-registry-resolved=true is missing")
    expect(last).toBe("0 passed, 1 failed")
    expect(status).toBe(1)
  })

  it("counts tests that fail, files that do not load, and set-ups that throw", () => {
    plant(
      "packages/core/test/planted.test.ts",
      `import { expect, it } from "vitest"\nit("a", () => {})\nit("b", () => expect(1).toBe(2))\n`
    )
    plant(
      "packages/core/test/plantedThree.test.ts",
      `import { beforeAll, it } from "vitest"\nbeforeAll(() => {\n  throw new Error("no set-up")\n})\nit("c", () => {})\n`
    )
    plant("packages/core/test/plantedToo.test.ts", `throw new Error("does not load")\n`)
    const { status, last } = fixture.run("node tools/check.mjs tests")
    expect(last).toBe("1 passed, 3 failed")
    expect(status).toBe(1)
  })

  it("leaves tests against a real cluster out when told so, and says it", () => {
    const { output, status } = fixture.run("node tools/check.mjs lock tests")
    expect(output).toContain("left out: tests against a real cluster (KUBEREEL_RIG=off)")
    expect(status, output).toBe(1) // there are no other tests either
  })

  describe.runIf(process.platform === "linux")("with a cluster that", () => {
    const command = "node tools/check.mjs cluster lock"
    const on = { KUBEREEL_RIG: "", KUBEREEL_TEST_CONTEXT: "" }
    const prepare = (script: string) => plant("packages/backend-k8s/rig/prepare.sh", `${script}\n`)
    const run = () => fixture.run(command, on)

    it("cannot be here says why, and counts nothing", () => {
      prepare(`echo "the rig needs a moon"; exit 69`)
      const { output, last, status } = run()
      expect(output).toContain("left out: tests against a real cluster (the rig needs a moon)")
      expect(last).toBe("1 passed, 0 failed")
      expect(status).toBe(0)
    })

    it("could be here but does not build counts as a failure", () => {
      prepare("exit 1")
      expect(run().last).toBe("1 passed, 1 failed")
    })

    it("is here counts its tests", () => {
      prepare("exit 0")
      plant("packages/backend-k8s/rig/globalSetup.ts", "export const setup = () => undefined\n")
      const written = (name: string, ...tests: ReadonlyArray<string>) =>
        plant(
          `packages/${name}/test-cluster/planted.test.ts`,
          ['import { expect, it } from "vitest"', ...tests, ""].join("\n")
        )
      written("backend-k8s", 'it("a", () => {})', 'it("b", () => expect(1).toBe(2))')
      written("cli", 'it("c", () => {})')
      expect(run().last).toBe("3 passed, 1 failed")
    })
  })

  it("fails when it was asked for nothing that exists", () => {
    expect(fixture.run("node tools/check.mjs nonsense").status).toBe(1)
  })
})
