/**
 * Installs what is missing, then runs the script that it is given with the Node that this repository brings along.
 *
 * It is the first thing that `npm start` and `npm test` run, so it may meet a machine without `node_modules` and with an older
 * Node: built-in modules of Node 20 only.
 *
 *   node tools/ensure.mjs SCRIPT ARGUMENT…   install if needed, then run SCRIPT
 *   node tools/ensure.mjs --stamp            note that what is installed is what the lock file says (npm's postinstall)
 */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { constants } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const bin = join(root, "node_modules", ".bin")
const stamp = join(root, "node_modules", ".kubereel-installed")

/** What is installed depends on the lock file and on the machine (binaries are chosen at install time). */
const wanted = () => {
  const lock = readFileSync(join(root, "package-lock.json"))
  return `${process.platform} ${process.arch} ${createHash("sha256").update(lock).digest("hex")}\n`
}

const installed = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted()

/**
 * Runs a program in the foreground and answers with the status that a shell would see.
 *
 * @param {string} command
 * @param {ReadonlyArray<string>} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
const run = (command, args, options) => {
  const done = spawnSync(command, args, { stdio: "inherit", cwd: root, ...options })
  if (done.error !== undefined) {
    process.stderr.write(`kubereel: could not start ${command}: ${done.error.message}\n`)
    return 69
  }
  return done.status ?? 128 + (done.signal === null ? 0 : constants.signals[done.signal])
}

/** npm's own entry point when npm started this, else whatever `npm` the PATH has. */
const npm = (/** @type {ReadonlyArray<string>} */ args) => {
  const entry = process.env.npm_execpath
  return entry?.endsWith(".js")
    ? run(process.execPath, [entry, ...args])
    : run("npm", args, { shell: process.platform === "win32" })
}

const install = () => {
  if (installed()) return
  process.stderr.write("kubereel: installing the dependencies that package-lock.json names (once, about a minute) …\n")
  // Not `npm ci`: it insists that the lock file names the binaries for every platform, also those that a registry does not have.
  // What the lock file names is installed as named, and with --no-save the file stays as it is.
  const status = npm(["install", "--no-save", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"])
  if (status === 0 && installed()) return
  process.stderr.write(
    "kubereel: the dependencies could not be installed. If npm could not reach its registry, check the network (or `npm config get registry`) and try again.\n"
  )
  process.exit(status === 0 ? 70 : status)
}

const [script, ...args] = process.argv.slice(2)
if (script === "--stamp") {
  mkdirSync(join(root, "node_modules"), { recursive: true })
  writeFileSync(stamp, wanted())
} else if (script === undefined) {
  process.stderr.write("usage: node tools/ensure.mjs SCRIPT ARGUMENT… | --stamp\n")
  process.exit(64)
} else {
  install()
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` }
  const node = join(bin, process.platform === "win32" ? "node.cmd" : "node")
  process.exit(run(node, [join(root, script), ...args], { env, shell: process.platform === "win32" }))
}
