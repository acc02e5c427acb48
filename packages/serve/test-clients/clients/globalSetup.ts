/** Before all tests with real clients: each client is built, or the reason is kept why it cannot be on this machine. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { type Client, clientNames } from "./clients.ts"

const build = (name: string): Client => {
  const { status, stdout, error } = spawnSync("bash", [join(import.meta.dirname, "build.sh"), name], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8"
  })
  const said = stdout?.trim() ?? ""
  if (status === 0) return { path: said }
  if (status === 69 || process.platform !== "linux") return { reason: said || error?.message || "it needs Linux" }
  throw new Error(`the client ${name} could not be built: ${said || error?.message || `exit status ${status}`}`)
}

export const setup = (project: TestProject) => {
  const off = process.env["KUBEREEL_CLIENTS"] === "off"
  const clients = clientNames.map((name) => [name, off ? { reason: "KUBEREEL_CLIENTS=off" } : build(name)] as const)
  for (const [name, client] of clients)
    if ("reason" in client) process.stderr.write(`left out: tests with ${name} (${client.reason})\n`)
  project.provide("clients", Object.fromEntries(clients))
}
