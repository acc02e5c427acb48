/** The kubeconfig: which server, with whose credentials. Read anew when the server no longer accepts what it was told. */
import { readFileSync } from "node:fs"
import type { KubeConfig } from "@kubernetes/client-node"
import { Effect, Runtime, Schema } from "effect"

/** It is missing, is none, or names no such context. */
export class BadKubeconfig extends Schema.TaggedError<BadKubeconfig>()("BadKubeconfig", {
  reason: Schema.Literals(["Missing", "Malformed", "NoContext"]),
  problem: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = { Missing: 66, Malformed: 65, NoContext: 64 }[this.reason]
  override get message() {
    return this.problem
  }
}

export interface KubeconfigOptions {
  /** A file; absent: `KUBECONFIG`, `~/.kube/config`, or the service account of the pod, as for kubectl. */
  readonly kubeconfig?: string
  /** Absent: the file's current one. */
  readonly context?: string
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message.split("\n")[0] : String(cause)) ?? ""

const read = (config: KubeConfig, file: string | undefined): void => {
  if (file === undefined) return config.loadFromDefault()
  try {
    readFileSync(file)
  } catch (cause) {
    throw new BadKubeconfig({ reason: "Missing", problem: `${file}: cannot be read (${textOf(cause)})` })
  }
  config.loadFromFile(file)
}

const choose = (config: KubeConfig, name: string | undefined, where: string): KubeConfig => {
  if (name !== undefined) config.setCurrentContext(name)
  if (config.getContextObject(config.getCurrentContext()) === null) {
    const known = config.getContexts().map((context) => context.name)
    throw new BadKubeconfig({
      reason: "NoContext",
      problem: `${where}: has no context ${JSON.stringify(name ?? config.getCurrentContext())}; it has ${known.join(", ") || "none"}`
    })
  }
  const cluster = config.getCurrentCluster()
  if (cluster === null || typeof cluster.server !== "string" || !URL.canParse(cluster.server))
    throw new BadKubeconfig({
      reason: "Malformed",
      problem: `${where}: the context ${config.getCurrentContext()} names no cluster with a server address`
    })
  // Without TLS (`kubectl proxy`) there is nothing to be verified, and the client wants that said.
  if (cluster.server.startsWith("http:"))
    config.clusters = config.clusters.map((one) => (one.name === cluster.name ? { ...one, skipTLSVerify: true } : one))
  return config
}

/** Reads it from where it lies; what is loaded carries credentials, so nothing of it may be printed. */
export const loadKubeconfig = ({ kubeconfig, context }: KubeconfigOptions): Effect.Effect<KubeConfig, BadKubeconfig> =>
  Effect.tryPromise({
    // Loading the client takes longer than most of our commands: only who needs a cluster pays for it.
    try: async () => {
      const { KubeConfig } = await import("@kubernetes/client-node")
      const config = new KubeConfig()
      read(config, kubeconfig)
      return choose(config, context, kubeconfig ?? "the kubeconfig")
    },
    catch: (cause) =>
      cause instanceof BadKubeconfig
        ? cause
        : new BadKubeconfig({
            reason: (cause as { readonly code?: unknown } | null)?.code === "ENOENT" ? "Missing" : "Malformed",
            problem: `${kubeconfig ?? "the kubeconfig"}: is no kubeconfig (${textOf(cause)})`
          })
  })
