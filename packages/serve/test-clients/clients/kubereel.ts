/** Starts kubereel from its sources: commands that end, and servers that answer until they are stopped. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { KubeConfig } from "@kubernetes/client-node"
import { type Ended, run } from "./run.ts"

const root = join(import.meta.dirname, "../../../..")
const program = ["--conditions=source", "--no-warnings", join(root, "packages/cli/src/main.ts")]

/** A file of this repository. */
export const fileOf = (path: string): string => join(root, path)

export const kubereel = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { stdout, stderr, code } = await run(process.execPath, [...program, ...args])
  if (code !== 0) throw new Error(`kubereel ${args.join(" ")}: exit status ${code}: ${stderr || stdout}`)
  return stdout
}

/** A folder that is gone after the test. */
export const scratch = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), "kubereel-clients-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export interface Server {
  /** With credentials, its current context is the server. */
  readonly kubeconfig: string
  /** `https://127.0.0.1:PORT`, as the kubeconfig has it. */
  readonly url: string
  readonly kubeConfig: () => KubeConfig
  /** Another file of that kind, of a moment: `/at/2026-11-21T09:31:05Z`, `/live@10x`. */
  readonly kubeconfigAt: (moment: string) => string
  /** Runs a kubectl against it; `at`: what comes after the address, such as `/at/2026-11-21T09:31:05Z`. */
  readonly kubectl: (kubectl: string, args: ReadonlyArray<string>, options?: KubectlOptions) => Promise<Ended>
  readonly stop: () => Promise<void>
}

export interface KubectlOptions {
  readonly at?: string
  readonly input?: string
  readonly environment?: { readonly [name: string]: string }
  readonly seconds?: number
}

/** When it answers. `kubereel serve …` and `kubereel up …` write their kubeconfig then. */
export const startServer = async (...args: ReadonlyArray<string>): Promise<Server> => {
  const folder = scratch()
  const kubeconfig = join(folder.path, "kubeconfig")
  const child = spawn(process.execPath, [...program, ...args, "--port", "0", "--kubeconfig", kubeconfig], {
    // What it records goes there, too, unless it is told where.
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"]
  })
  let said = ""
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text
    })
  await answering(child, kubeconfig).catch((cause) => {
    child.kill("SIGKILL")
    folder.remove()
    throw new Error(`kubereel ${args.join(" ")}: ${cause.message}: ${said}`)
  })
  const kubeConfig = (): KubeConfig => {
    const config = new KubeConfig()
    config.loadFromFile(kubeconfig)
    return config
  }
  const url = kubeConfig().getCurrentCluster()?.server ?? ""
  return {
    kubeconfig,
    url,
    kubeConfig,
    kubeconfigAt: (moment) => {
      const config = kubeConfig()
      const server = `${new URL(url).origin}${moment}`
      const cluster = config.getCurrentCluster()
      config.clusters = config.clusters.map((one) => (one.name === cluster?.name ? { ...one, server } : one))
      const file = join(folder.path, `kubeconfig${moment.replaceAll(/\W/g, "-")}`)
      writeFileSync(file, config.exportConfig())
      return file
    },
    kubectl: (kubectl, words, { at, input, environment, seconds } = {}) =>
      run(
        kubectl,
        [
          `--kubeconfig=${kubeconfig}`,
          `--cache-dir=${join(folder.path, "cache")}`,
          ...(at === undefined ? [] : [`--server=${new URL(url).origin}${at}`]),
          ...words
        ],
        {
          environment: { HOME: folder.path, ...environment },
          ...(input === undefined ? {} : { input }),
          ...(seconds === undefined ? {} : { seconds })
        }
      ),
    stop: async () => {
      await stop(child)
      folder.remove()
    }
  }
}

const answering = async (child: ChildProcess, kubeconfig: string): Promise<void> => {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`it ended with exit status ${child.exitCode}`)
    if (existsSync(kubeconfig)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error("it did not answer within 30 s")
}

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGTERM")
  // Whoever does not obey is not left behind.
  const impatience = setTimeout(() => child.kill("SIGKILL"), 5_000)
  await ended
  clearTimeout(impatience)
}
