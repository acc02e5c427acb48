/** The clients are what they are taken for: what is tested with them is tested with these versions. */
import { expect, it } from "vitest"
import { describeWith } from "./clients/clients.ts"
import { run } from "./clients/run.ts"

describeWith(["kubectl", "old-kubectl"], "kubectl", (kubectl, old) => {
  const versionOf = async (program: string) => {
    const { stdout } = await run(program, ["version", "--client", "-o", "json"])
    return JSON.parse(stdout).clientVersion.gitVersion
  }

  it("is of the version that is served, and of two minors before", async () => {
    expect(await versionOf(kubectl)).toMatch(/^v1\.36\./)
    expect(await versionOf(old)).toMatch(/^v1\.34\./)
  })
})

describeWith(["k9s", "tmux"], "k9s in a terminal", (k9s, tmux) => {
  it("says its version, and the terminal says its own", async () => {
    expect((await run(k9s, ["version", "--short"])).stdout).toMatch(/Version\s+v0\.\d+/)
    expect((await run(tmux, ["-V"])).stdout).toMatch(/^tmux \d/)
  })
})

describeWith(["controller"], "the controller", (controller) => {
  it("is one of controller-runtime", async () => {
    expect((await run(controller, ["--help"])).stderr).toMatch(/-kubeconfig[\s\S]*Paths to a kubeconfig/)
  })
})

describeWith(["e2e"], "the end-to-end tests of Kubernetes", (e2e) => {
  it("know their conformance cases", async () => {
    const { stdout } = await run(e2e, ["--list-conformance-tests"], { environment: { KUBECONFIG: "/dev/null" } })
    expect(stdout.match(/^- testname:/gm)?.length).toBeGreaterThan(400)
  })
})

describeWith(["python"], "the Python client", (python) => {
  it("is the official one", async () => {
    const { stdout } = await run(python, ["-c", "import kubernetes; print(kubernetes.__version__)"])
    expect(stdout).toMatch(/^36\./)
  })
})
