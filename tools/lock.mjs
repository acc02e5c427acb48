/**
 * Checks that every version is exact, and that the lock file names no registry (whoever installs chooses theirs).
 *
 *   node tools/lock.mjs [DIRECTORY]
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url))
const read = (/** @type {string} */ file) => readFileSync(join(root, file), "utf8")
const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/

/** @type {string[]} */
const problems = []

const lock = JSON.parse(read("package-lock.json"))
for (const [path, entry] of Object.entries(lock.packages)) {
  if (typeof entry.resolved === "string" && /^[a-z+]+:/.test(entry.resolved))
    problems.push(`package-lock.json: ${path} is resolved to an address; run npm install with the repository's .npmrc`)
  if (
    path.startsWith("node_modules/") &&
    entry.link !== true &&
    entry.integrity === undefined &&
    entry.inBundle !== true
  )
    problems.push(`package-lock.json: ${path} has no checksum`)
}
if (!/^omit-lockfile-registry-resolved=true$/m.test(read(".npmrc")))
  problems.push(".npmrc: omit-lockfile-registry-resolved=true is missing")

const manifests = [
  "package.json",
  ...lock.packages[""].workspaces.map((/** @type {string} */ folder) => `${folder}/package.json`)
]
for (const file of manifests) {
  const manifest = JSON.parse(read(file))
  for (const field of ["dependencies", "devDependencies", "optionalDependencies"])
    for (const [name, version] of Object.entries(manifest[field] ?? {}))
      if (!exact.test(version)) problems.push(`${file}: ${name} is ${version}, which is no exact version`)
}

for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
