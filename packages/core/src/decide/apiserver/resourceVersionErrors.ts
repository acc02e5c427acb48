/** What the API server says when a version is not known any more, or not yet (`k8s.io/apiserver/pkg/storage/{errors.go,etcd3/errors.go,cacher/watch_cache.go}`). */
import { failure, type Status } from "./status.ts"

/** Of something that is not kept any more (NewResourceExpired). */
export const expired = (message: string): Status => failure(410, "Expired", message, undefined)

/** A list at exactly a version that is forgotten. */
export const expiredList: Status = expired("The resourceVersion for the provided list is too old.")

/** `oldest`: the last version that is forgotten. */
export const tooOldResourceVersion = (version: string, oldest: string): Status =>
  expired(`too old resource version: ${version} (${oldest})`)

export const tooLargeResourceVersion = (version: string, current: string): Status =>
  failure(504, "Timeout", `Timeout: Too large resource version: ${version}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1
  })
