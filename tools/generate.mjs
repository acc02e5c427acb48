/**
 * Writes what is generated, from measurements or from Kubernetes itself, with the Node and the sources of this repository.
 *
 *   node tools/generate.mjs calibrate           the default profile of a node, from the recordings
 *   node tools/generate.mjs fidelity            docs/fidelity.md: the simulator beside the recordings
 *   node tools/generate.mjs openapi             the OpenAPI documents that are served, from the sources of Kubernetes
 *   node tools/generate.mjs WORD --check        only say whether it is out of date
 */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const [what = "fidelity", ...args] = process.argv.slice(2)
const programs = ["cli", "serve"].map((name) => join("packages", name, "tool", `${what}.ts`))
const program = programs.find((path) => existsSync(join(root, path))) ?? ""
process.exitCode =
  spawnSync(process.execPath, ["--conditions=source", program, ...args], { cwd: root, stdio: "inherit" }).status ?? 1
