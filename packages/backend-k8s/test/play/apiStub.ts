/** An API server of a few objects for tests of what a run asks for: it keeps what it is given and tells what it was asked. */
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import type { JsonObject } from "@kubereel/core"
import { Effect } from "effect"
import { kubeconfigFor } from "../record/session.ts"

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: JsonObject | undefined
}

export class ApiStub {
  /** By path. */
  readonly objects = new Map<string, JsonObject>()
  readonly asked: Array<Asked> = []
  /** By `METHOD path`: the status with which it refuses. */
  readonly refuses = new Map<string, number>()

  /** What was asked for to change something. */
  get writes(): ReadonlyArray<Asked> {
    return this.asked.filter(({ method }) => method !== "GET")
  }

  async answer(request: IncomingMessage): Promise<{ readonly status: number; readonly body: JsonObject }> {
    const { pathname } = new URL(request.url ?? "/", "http://stub")
    const method = request.method ?? "GET"
    const said = await text(request)
    const body = said === "" ? undefined : (JSON.parse(said) as JsonObject)
    this.asked.push({ method, path: pathname, body })
    const refusal = this.refuses.get(`${method} ${pathname}`)
    if (refusal !== undefined) return { status: refusal, body: { kind: "Status", message: "no rights" } }
    return this.#done(method, pathname, body)
  }

  #done(method: string, path: string, body: JsonObject | undefined): { status: number; body: JsonObject } {
    if (method === "POST" && body !== undefined) {
      const metadata = { ...(body["metadata"] as JsonObject), uid: `uid-${this.objects.size}` }
      const made = { ...body, metadata }
      this.objects.set(`${path}/${String((metadata as JsonObject)["name"])}`, made)
      return { status: 201, body: made }
    }
    const found = this.objects.get(path)
    if (found === undefined) return { status: 404, body: { kind: "Status", message: `${path} is not there` } }
    if (method === "DELETE") this.objects.delete(path)
    return { status: 200, body: found }
  }
}

export const apiStub = Effect.gen(function* () {
  const stub = new ApiStub()
  const server = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const made = createServer((request, response) => {
        void stub.answer(request).then(({ body, status }) => response.writeHead(status).end(JSON.stringify(body)))
      })
      await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve))
      return made
    }),
    (made) => Effect.sync(() => made.closeAllConnections()).pipe(Effect.andThen(Effect.sync(() => made.close())))
  )
  const { file } = yield* kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return { stub, kubeconfig: file }
})
