/**
 * Bundles the command line into packages/cli/dist: it starts in a third of the time that the same modules need one by one.
 *
 *   node bundle.mjs [DIRECTORY]     default: dist
 */
import { mkdtempSync, renameSync, rmSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const cli = fileURLToPath(new URL(".", import.meta.url))
const outdir = process.argv[2] ?? `${cli}dist`

// Beside its place first: a build that fails, or a command that runs meanwhile, finds the old one whole.
const scratch = mkdtempSync(join(cli, ".dist-"))
const began = new Date()

try {
  await build({
    absWorkingDir: cli,
    entryPoints: ["src/main.ts"],
    outdir: scratch,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What a command does not need is not loaded: each dynamic import stays one.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    conditions: ["source"],
    // Native code cannot be bundled.
    external: ["better-sqlite3"],
    // Some dependencies are CommonJS and call `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"\nconst require = __createRequire(import.meta.url)'
    },
    legalComments: "linked",
    logLevel: "warning"
  })
  // As old as the sources that it was made of: the launcher compares the two.
  utimesSync(join(scratch, "main.mjs"), began, began)
  rmSync(outdir, { recursive: true, force: true })
  renameSync(scratch, outdir)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
