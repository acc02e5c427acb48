/** k9s in a terminal: of a moment of a reel, and of a simulated cluster. */
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import { describeWith } from "./clients/clients.ts"
import { fileOf, kubereel, type Server, scratch, startServer } from "./clients/kubereel.ts"
import { Terminal } from "./clients/Terminal.ts"

const options = ["--splashless", "--refresh", "1"]

describeWith(["k9s", "tmux"], "k9s of a moment of a reel", (k9s, tmux) => {
  const files = scratch()
  let server: Server
  let terminal: Terminal
  beforeAll(async () => {
    const reel = join(files.path, "statefulset.reel")
    await kubereel("import", fileOf("recordings/kubectl/statefulset.1.jsonl.gz"), "-o", reel)
    // Its ages are counted by k9s's own clock: all times are moved, so that the moment is now.
    server = await startServer("serve", reel, "--shift-times")
  })
  afterAll(async () => {
    await server.stop()
    files.remove()
  })
  afterEach(() => terminal.close())

  const look = async (moment: string) => {
    terminal = new Terminal(tmux)
    await terminal.open(k9s, [
      ...options,
      "--kubeconfig",
      server.kubeconfigAt(moment),
      "-n",
      "statefulset",
      "-c",
      "pods"
    ])
  }

  it("shows the pods as they were then, with their ages", async () => {
    await look("/at/2026-11-21T09:31:05.427Z")
    await terminal.shows(
      "pods(statefulset)[2]",
      /db-0 .* 1\/1 +Running +0 10\.88\.0\.5 +rig-1 +[567]s/,
      /db-1 .* 0\/1 +Running .* rig-1 +[234]s/
    )
  })

  it("describes a pod, shows its YAML, and finds other kinds by their short names", async () => {
    await look("/at/2026-11-21T09:31:20.450Z")
    await terminal.shows(/db-2 .* 1\/1 +Running/)
    await terminal.press("d")
    await terminal.shows("Describe(statefulset/db-0)", "Service Account:  default", "containerd://849533db1f0b")
    await terminal.press("Escape")
    await terminal.shows("pods(statefulset)[3]")
    await terminal.press("y")
    await terminal.shows("YAML(statefulset/db-0)", "app: db", "controller-revision-hash: db-64ddfb5f58")
    await terminal.press("Escape")
    await terminal.shows("pods(statefulset)[3]")
    await terminal.press(":")
    await terminal.type("sts")
    await terminal.shows("statefulsets(statefulset)[1]", /db +.* 3\/3/)
  })

  it("is not offered to delete what is there: the past is read-only", async () => {
    await look("/at/2026-11-21T09:31:20.450Z")
    const screen = await terminal.shows(/db-2 .* 1\/1 +Running/, "<ctrl-k>")
    expect(screen).toContain("Describe")
    expect(screen).not.toMatch(/<ctrl-d> +Delete|<e> +Edit/)
  })
})

describeWith(["k9s", "tmux"], "k9s of a simulated cluster", (k9s, tmux) => {
  let server: Server
  let terminal: Terminal
  beforeAll(async () => {
    server = await startServer("up", "-f", fileOf("packages/serve/test-clients/shop.yaml"), "--speed", "10")
    terminal = new Terminal(tmux)
    await terminal.open(k9s, [...options, "--kubeconfig", server.kubeconfig, "-n", "shop", "-c", "pods"])
  })
  afterAll(async () => {
    await terminal.close()
    await server.stop()
  })

  it("shows a pod, what it logs, and lets it be deleted", async () => {
    await terminal.shows("pods(shop)[1]", /speaker .* 1\/1 +Running/)
    await terminal.press("l")
    await terminal.shows("Logs(shop/speaker:main)", "ready to serve", "GET / 200")
    await terminal.press("Escape")
    await terminal.shows("pods(shop)[1]")
    await terminal.press("C-d")
    await terminal.shows("Delete")
    await terminal.press("Tab", "Enter")
    await terminal.shows("pods(shop)[0]")
  })
})
