/** `npm start` and `npm test` begin with it: it installs when, and only when, something is missing, and runs our own Node. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Fixture, makeFixture } from "./fixture.ts"

let fixture: Fixture

beforeAll(() => {
  fixture = makeFixture()
  fixture.write("tools/said.mjs", `console.log(process.version, ...process.argv.slice(2))\nprocess.exitCode = 7\n`)
  // Stands for npm: notes what it was asked for, and does what npm's postinstall would.
  fixture.write(
    "npm.js",
    [
      `import { appendFileSync } from "node:fs"`,
      `import { execFileSync } from "node:child_process"`,
      `appendFileSync("asked.txt", process.argv.slice(2).join(" ") + "\\n")`,
      `if (process.env.NPM_FAILS) process.exit(3)`,
      `execFileSync(process.execPath, ["tools/ensure.mjs", "--stamp"])`
    ].join("\n")
  )
  fixture.write("asked.txt", "")
})
afterAll(() => fixture.dispose())

const asked = () => readFileSync(join(fixture.root, "asked.txt"), "utf8").split("\n").filter(Boolean)

const ensure = (environment: NodeJS.ProcessEnv = {}) => {
  const done = spawnSync(process.execPath, ["tools/ensure.mjs", "tools/said.mjs", "one", "two words"], {
    cwd: fixture.root,
    encoding: "utf8",
    env: { ...process.env, npm_execpath: join(fixture.root, "npm.js"), ...environment }
  })
  return { status: done.status, stdout: done.stdout, stderr: done.stderr }
}

it("says what to do when npm cannot install, with npm's exit status", () => {
  expect(ensure({ NPM_FAILS: "1" })).toMatchObject({
    status: 3,
    stdout: "",
    stderr: expect.stringContaining("try again")
  })
})

it("installs once, leaves the lock file alone, hands over arguments and answers with the exit status", () => {
  const before = asked().length
  expect(ensure()).toMatchObject({ status: 7, stdout: expect.stringMatching(/^v24\.\d+\.\d+ one two words\n$/) })
  expect(asked().slice(before)).toEqual([expect.stringMatching(/^install --no-save /)])
  expect(ensure().stderr).toBe("")
  expect(asked().length).toBe(before + 1)
})

it("installs again when the lock file has changed", () => {
  const before = asked().length
  fixture.write("package-lock.json", `${readFileSync(join(fixture.root, "package-lock.json"), "utf8")}\n`)
  expect(ensure().status).toBe(7)
  expect(asked().length).toBe(before + 1)
})
