/**
 * The cluster that the files of `test-cluster` run against: a rig that they share, or the user's own, named by
 * KUBEREEL_TEST_CONTEXT (a context of the kubeconfig that kubectl would use).
 */
import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { KubeConfig } from "@kubernetes/client-node"
import { Effect } from "effect"
import { inject } from "vitest"
import { attachRig, type Rig } from "./Rig.ts"
import { RigFailure } from "./runScript.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** The name of the rig that runs; or none, and the context of the user's kubeconfig. */
    readonly cluster: { readonly rig: string } | { readonly context: string }
  }
}

export interface TestCluster {
  /** The name of the context, for programs that take one. */
  readonly context: string
  /** What programs that read a kubeconfig need in their environment. */
  readonly environment: { readonly KUBECONFIG?: string }
  /** A fresh one for each call: the current context is the cluster. */
  readonly kubeConfig: () => KubeConfig
  readonly kubectl: (args: ReadonlyArray<string>, stdin?: string) => Effect.Effect<string, RigFailure>
  /** An image with a shell and the usual commands that the cluster can pull. */
  readonly image: string
  /** What the cluster runs on, when it is ours: who needs it skips elsewhere (`it.runIf(cluster.rig)`). */
  readonly rig: Rig | undefined
}

/** The kubectl of the PATH with a context of the user's kubeconfig. */
const kubectlOf =
  (context: string): TestCluster["kubectl"] =>
  (args, stdin) =>
    Effect.tryPromise({
      try: async () => {
        const child = spawn("kubectl", ["--context", context, ...args], { stdio: ["pipe", "pipe", "pipe"] })
        child.stdin.end(stdin)
        const ended = new Promise<number | null>((resolve, reject) => {
          child.once("error", reject)
          child.once("exit", resolve)
        })
        const [status, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
        if (status === 0) return output.replace(/\n$/, "")
        throw new Error(complaint.trim() || `exit status ${status}`)
      },
      catch: (cause) =>
        new RigFailure({ problem: `kubectl ${args.join(" ")}: ${cause instanceof Error ? cause.message : cause}` })
    })

const ownCluster = (context: string): TestCluster => ({
  context,
  environment: {},
  kubeConfig: () => {
    const config = new KubeConfig()
    config.loadFromDefault()
    config.setCurrentContext(context)
    return config
  },
  kubectl: kubectlOf(context),
  image: process.env["KUBEREEL_TEST_IMAGE"] ?? "docker.io/library/busybox:1.37",
  rig: undefined
})

const rigCluster = (rig: Rig): TestCluster => ({
  context: "rig",
  environment: { KUBECONFIG: rig.kubeconfig },
  kubeConfig: () => {
    const config = new KubeConfig()
    config.loadFromFile(rig.kubeconfig)
    return config
  },
  kubectl: rig.kubectl,
  image: "127.0.0.1:5000/busybox:1",
  rig
})

/** The cluster that vitest's global set-up found or started. */
export const testCluster: Effect.Effect<TestCluster, RigFailure> = Effect.suspend(() => {
  const cluster = inject("cluster")
  return "context" in cluster
    ? Effect.succeed(ownCluster(cluster.context))
    : Effect.map(attachRig(cluster.rig), rigCluster)
})
