/**
 * The conformance cases that apply, against a real control plane with joined nodes; prints what fails.
 *
 *   KUBEREEL_RIG_APISERVER=--endpoint-reconciler-type=lease bash packages/backend-k8s/rig/rig.sh up e2e -     a control plane alone
 *   npx kubereel join --nodes 3 --kubeconfig FILE --programs packages/serve/test-clients/e2e/programs.yaml    in another terminal
 *   node --conditions=source packages/serve/test-clients/e2e/joined.ts FILE [SECONDS]
 *
 * Several cases are played at a time, then those that must be alone; each within SECONDS (3600 if absent).
 */
import { build } from "../clients/build.ts"
import { applying, readCases } from "./cases.ts"
import { playTogether } from "./playCases.ts"

const AT_ONCE = 8

const path = (name: "e2e" | "kubectl"): string => {
  const client = build(name)
  if ("reason" in client) throw new Error(`the client ${name} cannot be had: ${client.reason}`)
  return client.path
}

const [kubeconfig = "", seconds = "3600"] = process.argv.slice(2)
const names = applying(readCases("casesJoined"))
const clients = { e2e: path("e2e"), kubectl: path("kubectl") }
const results = await playTogether(clients, kubeconfig, names, { atOnce: AT_ONCE, seconds: Number(seconds) })
const failed = results.filter(({ state }) => state !== "passed")
for (const { failure, name, state } of failed) process.stdout.write(`${state}: ${name}\n  ${failure.split("\n")[0]}\n`)
const passed = results.length - failed.length
const missing = names.length - results.length
process.stdout.write(
  `${passed} of ${names.length} cases pass (${Math.round((100 * passed) / names.length)} %)${missing === 0 ? "" : `; ${missing} were not played in time`}\n`
)
