/** What an API server says while it is watched: a stream that hangs up when nobody reads it any more. */
import type { KubeConfig } from "@kubernetes/client-node"
import { Cause, Effect, Queue, Schema, Stream } from "effect"

/** The watch could not be opened, or broke. An end without an error is no failure: API servers close watches after a while. */
export class WatchFailure extends Schema.TaggedError<WatchFailure>()("WatchFailure", {
  path: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `watching ${this.path} failed: ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

export interface WatchOptions {
  /** Continue after this version instead of beginning with everything that exists. */
  readonly resourceVersion?: string
}

/**
 * The watch events of one resource, undecoded, in the order of the connection. `path` is the resource's own, such as
 * `/api/v1/pods`. An ERROR event (410: the version is too old) is an element like any other; the server ends the stream after it.
 */
export const watch = (
  config: KubeConfig,
  path: string,
  options: WatchOptions = {}
): Stream.Stream<{ readonly type: string; readonly object: unknown }, WatchFailure> => {
  const failure = (cause: unknown) => new WatchFailure({ path, cause })
  return Stream.callback((queue) =>
    Effect.acquireRelease(
      Effect.tryPromise({
        // Loading the client takes longer than most of our commands: only who watches pays for it.
        try: async () => {
          const { Watch } = await import("@kubernetes/client-node")
          return new Watch(config).watch(
            path,
            { allowWatchBookmarks: true, ...options },
            (type: string, object: unknown) => Queue.offerUnsafe(queue, { type, object }),
            (cause: unknown) => {
              if (cause === null || cause === undefined) Queue.endUnsafe(queue)
              else Queue.failCauseUnsafe(queue, Cause.fail(failure(cause)))
            }
          )
        },
        catch: failure
      }),
      (controller) => Effect.sync(() => controller.abort())
    )
  )
}
