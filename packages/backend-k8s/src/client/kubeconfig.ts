/** The kubeconfig: which server, with whose credentials. Read anew when the server no longer accepts what it was told. */
import { existsSync, readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { delimiter, dirname, join, resolve } from "node:path"
import type { KubeConfig } from "@kubernetes/client-node"
import { Effect, Runtime, Schema } from "effect"
import { parse } from "yaml"

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

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

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

/** The files that are read where none is named, as far as they are there. */
const usualFiles = (): ReadonlyArray<string> => {
  const named = (process.env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "")
  // As the client library looks for it; a user of a container may have no home at all.
  const home = process.env["HOME"] ?? process.env["USERPROFILE"] ?? ""
  return (named.length > 0 ? named : [join(home, ".kube", "config")]).filter((file) => existsSync(file))
}

/** Of each user whose token is in a file, that file. The client library does not know the field. */
const tokenFiles = (files: ReadonlyArray<string>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const file of files.toReversed()) {
    const config: unknown = parse(readFileSync(file, "utf8"))
    const users = isRecord(config) && Array.isArray(config["users"]) ? config["users"] : []
    for (const one of users.filter(isRecord)) {
      const path = isRecord(one["user"]) ? one["user"]["tokenFile"] : undefined
      if (typeof one["name"] === "string" && typeof path === "string")
        found.set(one["name"], resolve(dirname(file), path))
    }
  }
  return found
}

/** Such a token is read for each request: somebody else keeps it fresh. It goes before one that stands beside it. */
const useTokenFiles = (config: KubeConfig, files: ReadonlyMap<string, string>): void => {
  if (files.size === 0) return
  config.users = config.users.map((user) => {
    const { token: _, ...rest } = user
    return files.has(user.name) ? rest : user
  })
  config.addAuthenticator({
    isAuthProvider: ({ name }) => files.has(name),
    applyAuthentication: async ({ name }, options) => {
      const token = (await readFile(files.get(name) ?? "", "utf8")).trim()
      options.headers = { ...options.headers, Authorization: `Bearer ${token}` }
    }
  })
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
      useTokenFiles(config, tokenFiles(kubeconfig === undefined ? usualFiles() : [kubeconfig]))
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
