/** Before all tests with real clients: each client is built, or the reason is kept why it cannot be on this machine. */
import type { TestProject } from "vitest/node"
import { build } from "./build.ts"
import { clientNames } from "./clients.ts"

export const setup = (project: TestProject) => {
  const off = process.env["KUBEREEL_CLIENTS"] === "off"
  const clients = clientNames.map((name) => [name, off ? { reason: "KUBEREEL_CLIENTS=off" } : build(name)] as const)
  for (const [name, client] of clients)
    if ("reason" in client) process.stderr.write(`left out: tests with ${name} (${client.reason})\n`)
  project.provide("clients", Object.fromEntries(clients))
}
