/** An image that holds kubereel as npm installs it: Node.js with its libraries, the bundle, and what that depends on. */
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Rig, RigFailure } from "@kubereel/backend-k8s/rig"
import { Effect } from "effect"

const cli = join(import.meta.dirname, "..")
const root = join(cli, "..", "..")
const modules = join(root, "node_modules")

const dependenciesOf = (directory: string): ReadonlyArray<string> =>
  Object.keys(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")).dependencies ?? {})

/** Packages of the workspace's node_modules that this one needs, however far down; some lie inside others. */
const needed = (directory: string, found = new Set<string>()): ReadonlySet<string> => {
  for (const name of dependenciesOf(directory)) {
    const inside = join(directory, "node_modules", name)
    if (existsSync(inside)) needed(inside, found)
    else if (!found.has(name) && existsSync(join(modules, name))) needed(join(modules, name), found.add(name))
  }
  return found
}

/** The libraries of a program, where it looks for them. */
const librariesOf = (program: string): ReadonlyArray<string> =>
  execFileSync("ldd", [program], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => /(?:=> |^\t)(\/\S+)/.exec(line)?.[1] ?? [])

const fill = (image: string): void => {
  const copy = (from: string, to: string) => cpSync(from, join(image, to), { recursive: true, dereference: true })
  const there = "usr/lib/node_modules/@kubereel/cli"
  mkdirSync(join(image, there), { recursive: true })
  execFileSync(process.execPath, [join(cli, "bundle.mjs"), join(image, there, "dist")])
  for (const name of ["bin", "package.json"]) copy(join(cli, name), join(there, name))
  for (const name of needed(cli)) copy(join(modules, name), join("usr/lib/node_modules", name))
  const node = join(modules, "node", "bin", "node")
  copy(node, "bin/node")
  for (const library of librariesOf(node)) copy(library, library)
  mkdirSync(join(image, "usr/bin"), { recursive: true })
  symlinkSync("/bin/busybox", join(image, "usr/bin/env"))
  symlinkSync("/usr/lib/node_modules/@kubereel/cli/bin/kubereel.mjs", join(image, "bin/kubereel"))
}

/** Makes it and brings it into the rig's registry; answers with its name there. */
export const kubereelImage = (rig: Rig): Effect.Effect<string, RigFailure> =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "kubereel-image-"))),
    (directory) =>
      Effect.andThen(
        Effect.sync(() => fill(directory)),
        rig.image("kubereel:1", directory)
      ),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
  )
