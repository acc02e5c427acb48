/** A reel's moments behind one address. */
import { parseInstant, toObserved } from "@kubereel/core"
import { Result } from "effect"
import { bodyObject } from "./http/body.ts"
import { type ApiRequest, statusReply, textReply } from "./http/Reply.ts"
import { notAllowed } from "./http/refusals.ts"
import { type Context, kubeconfig } from "./kubeconfig.ts"
import { Moments, type MomentsOptions } from "./past/Moments.ts"
import { type Address, serveApi } from "./serveApi.ts"
import { type WireAnswer, wireAnswer } from "./wire/answer.ts"

export interface ServePastOptions extends Omit<MomentsOptions, "wall">, Address {}

export interface Served {
  readonly port: number
  /** `https://127.0.0.1:1234` */
  readonly url: string
  readonly moments: Moments
  /** A context for each moment that has a name; the newest one is the current one. */
  readonly contexts: ReadonlyArray<Context>
  readonly kubeconfig: string
  readonly close: () => Promise<void>
}

/** Microseconds since 1970; timers and ages go by the same clock. */
const wall = (): number => Math.floor((performance.timeOrigin + performance.now()) * 1_000)

const contextsOf = (url: string, { marks }: Moments): ReadonlyArray<Context> => [
  { name: "latest", server: url },
  { name: "start", server: `${url}/at/start` },
  { name: "live", server: `${url}/live` },
  ...[...marks.keys()].map((name) => ({ name, server: `${url}/at/${encodeURIComponent(name)}` }))
]

/** `POST /kubereel/live@2x/clock` with `{"now": "…", "speed": 4}`: the moving moment is put somewhere else, or runs otherwise. */
const control =
  (moments: Moments) =>
  async (request: ApiRequest): Promise<WireAnswer | undefined> => {
    const [, , key = "", what] = request.path.split("/")
    if (what !== "clock" || !key.startsWith("live")) return undefined
    const routed = await moments.route(`/${key}/version`)
    if (!("cluster" in routed)) return statusReply(routed, request)
    if (request.method !== "POST" && request.method !== "GET") return statusReply(notAllowed, request)
    const body = bodyObject(request)
    if (Result.isFailure(body)) return statusReply(body.failure, request)
    const { now, speed } = body.success
    const at = typeof now === "string" ? parseInstant(now) : undefined
    if (now !== undefined && at === undefined) return textReply(400, `now: ${JSON.stringify(now)} is no time\n`)
    if (speed !== undefined && (typeof speed !== "number" || !(speed >= 0)))
      return textReply(400, `speed: ${JSON.stringify(speed)} is none; 0 stands still\n`)
    const set = { ...(at === undefined ? {} : { now: at }), ...(typeof speed === "number" ? { speed } : {}) }
    const moved = await moments.move(key, set)
    const answered = moved === undefined ? {} : { now: toObserved(moved) }
    return wireAnswer(200, answered, { format: "json", stream: false, pretty: false })
  }

export const servePast = async ({ host, port, ...options }: ServePastOptions): Promise<Served> => {
  const moments = await Moments.open({ ...options, wall })
  const { route } = moments
  const { certificate, close, token, ...served } = await serveApi({ host, port }, { route, control: control(moments) })
  const contexts = contextsOf(served.url, moments)
  return {
    ...served,
    moments,
    contexts,
    kubeconfig: kubeconfig({ contexts, namespace: moments.namespace, token, certificate }),
    close: async () => {
      moments.close()
      await close()
    }
  }
}
