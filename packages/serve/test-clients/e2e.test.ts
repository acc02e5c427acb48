/**
 * Conformance cases of Kubernetes itself against a simulated cluster: those that pass must go on passing.
 *
 * By default those that are quick; `KUBEREEL_E2E=all` plays all that pass.
 */
import { afterAll, beforeAll, expect, it } from "vitest"
import { describeWith } from "./clients/clients.ts"
import { type Server, startServer } from "./clients/kubereel.ts"
import { run } from "./clients/run.ts"
import { applying, chosen, readCases } from "./e2e/cases.ts"
import { playCases } from "./e2e/playCases.ts"

const cases = readCases("cases")
const all = process.env["KUBEREEL_E2E"] === "all"

describeWith(["e2e", "kubectl"], "the conformance cases of Kubernetes", (e2e, kubectl) => {
  let server: Server
  beforeAll(async () => {
    server = await startServer("up", "--nodes", "3", "--speed", "10")
  })
  afterAll(() => server.stop())

  it.each(["cases", "casesJoined"] as const)("are all told apart in %s", async (list) => {
    const { stdout } = await run(e2e, ["--list-tests"], { environment: { KUBECONFIG: "/dev/null" } })
    const known = [...stdout.matchAll(/^ +\S+:\d+: (.*\[Conformance\].*)$/gm)].map(([, name]) => name)
    const one = readCases(list)
    const listed = [...applying(one), ...Object.values(one.notApplicable).flat()]
    expect(known.length).toBeGreaterThan(400)
    expect([...listed].sort()).toEqual([...new Set(known)].sort())
  })

  it(`pass against a simulated cluster: ${all ? "all that ever did" : "the quick ones"}`, async () => {
    const names = chosen(cases)
    const play = (against: Server, which: ReadonlyArray<string>) =>
      playCases({ e2e, kubectl }, against.kubeconfig, which, all ? 1_800 : 240)
    const results = await play(server, names)
    const broken = results.filter(({ state }) => state !== "passed").map(({ name }) => name)
    // Their patience is counted by the wall's clock: on a machine that was busy with something else they are asked again, of another cluster.
    const again = broken.length === 0 ? undefined : await startServer("up", "--nodes", "3", "--speed", "10")
    const still = again === undefined ? [] : await play(again, broken)
    await again?.stop()
    const failures = still.filter(({ state }) => state !== "passed")
    expect(failures.map(({ name, state, failure }) => `${state}: ${name}: ${failure}`)).toEqual([])
    expect(still.length).toBe(broken.length)
    expect(results.length).toBe(names.length)
  }, 2_000_000)
})
