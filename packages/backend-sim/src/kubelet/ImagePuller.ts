/** The node's line before its registries (`pkg/kubelet/images/puller.go`, `pkg/kubelet/images/helpers.go`; K-122, K-123). */
import { type Instant, type KubeletConfiguration, type Micros, type TokenBucket, tryAccept } from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { PullAnswer } from "../runtime/Images.ts"

/** `pull`: how long the runtime took, without the wait before it. */
export type PullDone = (answer: PullAnswer, pull: Micros) => void

interface Request {
  readonly pull: (done: (answer: PullAnswer) => void) => void
  readonly done: PullDone
}

export class ImagePuller {
  readonly #engine: Engine
  readonly #configuration: KubeletConfiguration
  readonly #waiting: Array<Request> = []
  #running = 0
  #bucket: TokenBucket | undefined

  constructor(engine: Engine, configuration: KubeletConfiguration) {
    this.#engine = engine
    this.#configuration = configuration
  }

  /** In the order of asking; the line never refuses, the rate limit does. */
  pull(request: Request): void {
    this.#waiting.push(request)
    this.#next()
  }

  #next(): void {
    const { maxParallelImagePulls, serializeImagePulls } = this.#configuration
    const most = serializeImagePulls ? 1 : maxParallelImagePulls
    if (most !== undefined && most >= 1 && this.#running >= most) return
    const request = this.#waiting.shift()
    if (request === undefined) return
    this.#running++
    const since = this.#engine.now
    const finish = (answer: PullAnswer) => {
      this.#running--
      request.done(answer, this.#engine.now - since)
      this.#next()
    }
    if (this.#accept(since)) request.pull(finish)
    else finish({ _tag: "Refused", error: "pull QPS exceeded" })
  }

  #accept(now: Instant): boolean {
    const { registryBurst, registryPullQPS } = this.#configuration
    const bucket = tryAccept(this.#bucket, now, { qps: registryPullQPS, burst: registryBurst })
    if (bucket !== undefined) this.#bucket = bucket
    return bucket !== undefined
  }
}
