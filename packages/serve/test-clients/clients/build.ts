/** Builds a client, or finds out why it cannot be on this machine. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import type { Client, ClientName } from "./clients.ts"

export const build = (name: ClientName): Client => {
  const { status, stdout, error } = spawnSync("bash", [join(import.meta.dirname, "build.sh"), name], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8"
  })
  const said = stdout?.trim() ?? ""
  if (status === 0) return { path: said }
  if (status === 69 || process.platform !== "linux") return { reason: said || error?.message || "it needs Linux" }
  throw new Error(`the client ${name} could not be built: ${said || error?.message || `exit status ${status}`}`)
}
