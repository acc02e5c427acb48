#!/usr/bin/env node
// The launcher: plain old JavaScript, so that any Node can say in a sentence what it lacks. Help and the version are answered
// here, before anything heavy is loaded (a test compares the texts beside this file with what the command tree prints).
import { spawn } from "node:child_process"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import module from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const NODE_MAJOR_MIN = 24
/** The kubereel that was asked for cannot be had here (EX_UNAVAILABLE). */
const UNAVAILABLE = 69

const here = dirname(fileURLToPath(import.meta.url))
const cli = dirname(here)
const source = join(cli, "src", "main.ts")
const bundle = join(cli, "dist", "main.mjs")

/** The text that answers these arguments, if they only ask for help or the version. */
function quickAnswer(args) {
  const asksHelp = (arg) => arg === "--help" || arg === "-h"
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-v")) {
    return `kubereel v${JSON.parse(readFileSync(join(cli, "package.json"), "utf8")).version}\n`
  }
  let name
  if (args.length === 0 || (args.length === 1 && asksHelp(args[0]))) name = "kubereel"
  else if (args.length === 2 && asksHelp(args[1]) && /^[a-z-]+$/.test(args[0])) name = args[0]
  const file = name === undefined ? undefined : join(here, "help", `${name}.txt`)
  return file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : undefined
}

function tooOld() {
  return Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN
}

/** In a checkout the workspace has a Node of its own. */
function runWithWorkspaceNode(args) {
  const node = join(cli, "..", "..", "node_modules", "node", "bin", "node")
  if (!existsSync(source) || !existsSync(node)) {
    process.stderr.write(
      "kubereel: needs Node.js " +
        NODE_MAJOR_MIN +
        " or newer, and this is " +
        process.versions.node +
        "; install it from https://nodejs.org\n"
    )
    process.exitCode = UNAVAILABLE
    return
  }
  const child = spawn(node, [fileURLToPath(import.meta.url)].concat(args), { stdio: "inherit" })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", (error) => {
    process.stderr.write(`kubereel: ${node} cannot be started (${error.message})\n`)
    process.exitCode = UNAVAILABLE
  })
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** Whether a source file is newer than that moment: a bundle must not answer for sources that have changed since. */
function hasNewer(directory, moment) {
  return readdirSync(directory, { withFileTypes: true }).some((entry) => {
    const path = join(directory, entry.name)
    return entry.isDirectory() ? hasNewer(path, moment) : statSync(path).mtimeMs > moment
  })
}

function isBundleFresh() {
  if (!existsSync(bundle)) return false
  if (!existsSync(source)) return true
  const built = statSync(bundle).mtimeMs
  return !["core", "backend-sim", "backend-k8s", "serve", "fuzz", "cli"].some((name) =>
    hasNewer(join(cli, "..", name, "src"), built)
  )
}

/** Packages of the workspace resolve to their sources, as with `node --conditions=source`. */
function resolveToSources() {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, Object.assign({}, context, { conditions: ["source"].concat(context.conditions) }))
  })
}

function start(args) {
  const answer = quickAnswer(args)
  if (answer !== undefined) return process.stdout.write(answer)
  if (tooOld()) return runWithWorkspaceNode(args)
  module.enableCompileCache()
  if (isBundleFresh()) return import(pathToFileURL(bundle).href)
  resolveToSources()
  return import(pathToFileURL(source).href)
}

start(process.argv.slice(2))
