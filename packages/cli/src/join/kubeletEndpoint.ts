/** Where the kubelets of joined nodes are asked: at an address of this machine that the API server reaches, each at a port of its own. */
import { connect } from "node:net"
import type { ApiClient, RequestPool } from "@kubereel/backend-k8s"
import type { Answer, JsonObject, ServedConnection, ServedKubelet } from "@kubereel/core"
import { KubeletAccess, KubeletServer, makeCertificate } from "@kubereel/serve"
import { Effect, Result } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import type { EndpointOptions } from "./endpointOptions.ts"
import type { WallClock } from "./WallClock.ts"

/** KubeletPort (`pkg/cluster/ports/ports.go`). */
const KUBELET_PORT = 10_250

/** In milliseconds. */
const CONNECT_WITHIN = 5_000

/** The address of this machine's end of a connection to the API server; fails with why there is none. */
export const ownAddress = (server: string): Effect.Effect<string, string> =>
  Effect.callback((resume) => {
    const { hostname, port, protocol } = new URL(server)
    const host = hostname.replace(/^\[|\]$/g, "")
    const socket = connect({ host, port: Number(port) || (protocol === "http:" ? 80 : 443), timeout: CONNECT_WITHIN })
    const end = (result: Effect.Effect<string, string>) => {
      socket.destroy()
      resume(result)
    }
    socket.once("connect", () => end(Effect.succeed((socket.localAddress ?? "").replace(/^::ffff:|%.*$/g, ""))))
    socket.once("timeout", () => end(Effect.fail(`no answer within ${CONNECT_WITHIN / 1_000} s`)))
    socket.once("error", ({ message }) => end(Effect.fail(message)))
  })

/** The API server publishes by whom the certificates of its clients are signed (`pkg/controlplane/controller/clusterauthenticationtrust`). */
const AUTHENTICATION = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication"

const clientCA = Effect.fnUntraced(function* (client: ApiClient) {
  const found = yield* Effect.result(client.get(AUTHENTICATION))
  if (Result.isFailure(found)) return undefined
  const data = found.success["data"] as { readonly "client-ca-file"?: string } | undefined
  return data?.["client-ca-file"]
})

const reasons: { readonly [code: string]: string } = {
  EADDRINUSE: "another program listens there; choose another --kubelet-port",
  EACCES: "that port is not for everybody; choose a --kubelet-port above 1023"
}

const listen = (options: Parameters<typeof KubeletServer.listen>[0]) =>
  Effect.tryPromise({
    try: () =>
      KubeletServer.listen(options).catch((cause: NodeJS.ErrnoException) => {
        // An address that others have for this machine is no address of its own.
        if (cause.code !== "EADDRNOTAVAIL") throw cause
        return KubeletServer.listen({ ...options, host: options.host.includes(":") ? "::" : "0.0.0.0" })
      }),
    catch: (cause) => {
      const { code, message } = cause as NodeJS.ErrnoException
      const problem = `the nodes' kubelets cannot listen at ${options.host}: ${reasons[code ?? ""] ?? message}`
      return new Complaint({ code: exitCodes.unavailable, problem })
    }
  })

export interface Endpoint {
  readonly address: string
  readonly ports: ReadonlyArray<number>
}

/** Listens until the scope ends. `kubelets`: one a node, from when on there is one. */
export const listenForKubelets = Effect.fnUntraced(function* (
  address: string,
  { certificate, port }: EndpointOptions,
  { client, pool }: { readonly client: ApiClient; readonly pool: RequestPool },
  kubelets: ReadonlyArray<() => ServedKubelet | undefined>
) {
  const review = (path: string, body: JsonObject): Promise<Answer> =>
    new Promise((resolve) => pool.send({ method: "POST", path, body }, resolve))
  const own = certificate ?? (yield* Effect.promise(() => makeCertificate(address, Date.now())))
  const server = yield* Effect.acquireRelease(
    listen({
      host: address,
      nodes: kubelets.length,
      port: port ?? KUBELET_PORT,
      skips: port === undefined,
      certificate: own,
      clientCA: yield* clientCA(client),
      access: new KubeletAccess({ review, now: () => performance.now() }),
      kubelet: (index) => kubelets[index]?.()
    }),
    (made) => Effect.promise(() => made.close())
  )
  return { address, ports: server.ports } satisfies Endpoint
})

/** Whoever asks from outside asks now, between what happens by the clock. */
export const asked = (kubelet: ServedKubelet, clock: WallClock): ServedKubelet => {
  const now = <A>(run: () => A): A => {
    let result: { readonly is: A } | undefined
    clock.enter(() => {
      result = { is: run() }
    })
    if (result === undefined) throw new Error("the nodes have left")
    return (result as { readonly is: A }).is
  }
  const { connect: connected, exec, log } = kubelet.of
  return {
    ...kubelet,
    of: {
      log: (...args) => now(() => log(...args)),
      exec: (...args) => now(() => exec(...args)),
      connect: (...args) => {
        const connection = now(() => connected(...args))
        if ("kind" in connection) return connection
        const { request } = connection as ServedConnection
        return { request: (...words) => now(() => request(...words)) }
      }
    }
  }
}
