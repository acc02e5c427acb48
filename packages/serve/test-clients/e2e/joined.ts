/**
 * The conformance cases that apply, against a real control plane with joined nodes; prints what fails.
 *
 *   bash packages/backend-k8s/rig/rig.sh up e2e -              a control plane alone; prints its kubeconfig
 *   npx kubereel join --nodes 3 --kubeconfig FILE              in another terminal
 *   node --conditions=source packages/serve/test-clients/e2e/joined.ts FILE [SECONDS]
 *
 * Several cases are played at a time, so that all of them end in SECONDS (900 if absent).
 */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"
import { playCases } from "./playCases.ts"

const AT_ONCE = 8

const built = (client: string): string => {
  const { status, stdout } = spawnSync("bash", [join(import.meta.dirname, "../clients/build.sh"), client], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8"
  })
  if (status !== 0) throw new Error(`the client ${client} cannot be had: ${stdout.trim()}`)
  return stdout.trim()
}

const [kubeconfig = "", seconds = "900"] = process.argv.slice(2)
const { failing, passing } = parse(readFileSync(join(import.meta.dirname, "cases.yaml"), "utf8"))
const names: ReadonlyArray<string> = [
  ...passing.quick,
  ...passing.slow,
  ...(Object.values(failing) as ReadonlyArray<ReadonlyArray<string>>).flat()
]
const clients = { e2e: built("e2e"), kubectl: built("kubectl") }
const shares = Array.from({ length: AT_ONCE }, (_, i) => names.filter((_name, index) => index % AT_ONCE === i))
const results = (
  await Promise.all(shares.map((share) => playCases(clients, kubeconfig, share, Number(seconds))))
).flat()
const failed = results.filter(({ state }) => state !== "passed")
for (const { failure, name, state } of failed) process.stdout.write(`${state}: ${name}\n  ${failure.split("\n")[0]}\n`)
const passed = results.length - failed.length
const missing = names.length - results.length
process.stdout.write(
  `${passed} of ${names.length} cases pass (${Math.round((100 * passed) / names.length)} %)${missing === 0 ? "" : `; ${missing} were not played in time`}\n`
)
