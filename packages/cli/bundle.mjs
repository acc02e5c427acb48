/**
 * Bundles the command line into packages/cli/dist: it starts in a third of the time that the same modules need one by one.
 *
 *   node bundle.mjs [DIRECTORY]     default: dist
 */
import { chmodSync, mkdtempSync, renameSync, rmSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const cli = fileURLToPath(new URL(".", import.meta.url))
const outdir = process.argv[2] ?? `${cli}dist`

// Beside its place first: a build that fails, or a command that runs meanwhile, finds the old one whole.
const scratch = mkdtempSync(join(cli, ".dist-"))
const began = new Date()

/**
 * Whoever imports `node:http` as a module loads Node's `fetch` and `WebSocket` with it, since a module's exports are all read at once:
 * tens of milliseconds of each start. As an object its members are read when they are used.
 *
 * @type {import("esbuild").Plugin}
 */
const httpAsObject = {
  name: "http-as-object",
  setup: (build) => {
    build.onResolve({ filter: /^(node:)?http$/ }, () => ({ path: "http", namespace: "builtin" }))
    build.onLoad({ filter: /./, namespace: "builtin" }, () => ({
      contents: 'module.exports = process.getBuiltinModule("node:http")'
    }))
  }
}

try {
  await build({
    absWorkingDir: cli,
    // A campaign of `fuzz` starts processes of its own.
    entryPoints: ["src/main.ts", "src/fuzz/worker.ts"],
    outdir: scratch,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What a command does not need is not loaded: each dynamic import stays one.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    conditions: ["source"],
    // Native code cannot be bundled; the Kubernetes client is 17 MB, of which a command needs a little, and most need nothing.
    external: ["better-sqlite3", "@kubernetes/client-node"],
    // Some dependencies are CommonJS and call `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"\nconst require = __createRequire(import.meta.url)'
    },
    legalComments: "linked",
    // A third smaller to install. Names stay: a stack trace that a user sends has to tell something.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [httpAsObject],
    logLevel: "warning"
  })
  // As old as the sources that it was made of: the launcher compares the two.
  utimesSync(join(scratch, "main.mjs"), began, began)
  chmodSync(scratch, 0o755)
  rmSync(outdir, { recursive: true, force: true })
  renameSync(scratch, outdir)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
