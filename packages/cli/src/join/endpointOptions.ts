/** How the kubelets of joined nodes are asked, as flags say it. */
import { readFile } from "node:fs/promises"
import { isIP } from "node:net"
import { createSecureContext } from "node:tls"
import type { Certificate } from "@kubereel/serve"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import { unread } from "../scenario/loadScenario.ts"

export interface EndpointOptions {
  /** What the nodes call their address; absent: the one by which this machine reaches the API server. */
  readonly nodeIP?: string
  /** Of the first node, and one more for each that follows; absent: from 10250 on, those that are free. */
  readonly port?: number
  /** Absent: one is made for this run. */
  readonly certificate?: Certificate
}

export interface EndpointFlags {
  readonly nodeIp?: string
  readonly kubeletPort?: number
  readonly tlsCertFile?: string
  readonly tlsPrivateKeyFile?: string
}

const LAST_PORT = 65_535

const wrong = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

const fileText = (file: string) => Effect.tryPromise({ try: () => readFile(file, "utf8"), catch: unread(file) })

const certificateOf = Effect.fnUntraced(function* (certFile: string, keyFile: string) {
  const certificate = { cert: yield* fileText(certFile), key: yield* fileText(keyFile) }
  yield* Effect.try({
    try: () => createSecureContext(certificate),
    catch: (cause) => {
      const why = cause instanceof Error ? cause.message : String(cause)
      const problem = `${certFile} and ${keyFile} are no certificate in PEM with its key: ${why}`
      return new Complaint({ code: exitCodes.badData, problem })
    }
  })
  return certificate
})

export const endpointOptions = Effect.fnUntraced(function* (flags: EndpointFlags, count: number) {
  const { kubeletPort, nodeIp, tlsCertFile, tlsPrivateKeyFile } = flags
  if (nodeIp !== undefined && isIP(nodeIp) === 0)
    return yield* wrong(`--node-ip: ${JSON.stringify(nodeIp)} is no IP address`)
  const last = LAST_PORT + 1 - count
  if (kubeletPort !== undefined && (!Number.isInteger(kubeletPort) || kubeletPort < 1 || kubeletPort > last))
    return yield* wrong(
      `--kubelet-port: got ${kubeletPort}, expected 1 to ${last}: ${count === 1 ? "the node has a port" : `each of the ${count} nodes has a port of its own`}`
    )
  if ((tlsCertFile === undefined) !== (tlsPrivateKeyFile === undefined))
    return yield* wrong("--tls-cert-file and --tls-private-key-file belong together: give both, or none")
  const certificate =
    tlsCertFile === undefined || tlsPrivateKeyFile === undefined
      ? undefined
      : yield* certificateOf(tlsCertFile, tlsPrivateKeyFile)
  return {
    ...(nodeIp === undefined ? {} : { nodeIP: nodeIp }),
    ...(kubeletPort === undefined ? {} : { port: kubeletPort }),
    ...(certificate === undefined ? {} : { certificate })
  } satisfies EndpointOptions
})
