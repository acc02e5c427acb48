/** KWOK, which looks after pretended nodes of a real control plane: what benches put beside simulated nodes. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { join } from "node:path"

/** A program of its own, built from Go modules; it plays its own fast stages, with leases. */
export interface Kwok {
  readonly program: string
  readonly stages: string
}

/** Builds it where that was not done yet (five minutes on two cores); or says in one sentence why it cannot be on this machine. */
export const findKwok = (): Kwok | { readonly reason: string } => {
  const script = join(import.meta.dirname, "../../../serve/test-clients/clients/build.sh")
  const { error, status, stdout } = spawnSync("bash", [script, "kwok"], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8"
  })
  const said = stdout?.trim() ?? ""
  if (status !== 0) return { reason: said || error?.message || `exit status ${status}` }
  return { program: said, stages: `${said}.yaml` }
}

export const startKwok = ({ program, stages }: Kwok, kubeconfig: string): ChildProcess =>
  spawn(
    program,
    [
      ...["--kubeconfig", kubeconfig, "--config", stages],
      ...["--manage-all-nodes=true", "--node-lease-duration-seconds=40"]
    ],
    // It says much of what it does, and of what it does twice.
    { stdio: "ignore" }
  )

/** KWOK looks after Nodes that somebody makes. */
export const nodeOf = (name: string) => {
  const resources = { cpu: "4", memory: "8Gi", pods: "110" }
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    status: { allocatable: resources, capacity: resources }
  }
}
