/** When a failed mount is tried again (`pkg/util/goroutinemap/exponentialbackoff/exponential_backoff.go`; section 1.1). */
import { MILLISECOND, type Micros, SECOND } from "../../../event/Instant.ts"

const INITIAL: Micros = 500 * MILLISECOND
const MAXIMUM: Micros = 122 * SECOND

/** `before`: the wait before this failure, `undefined` for the first one. */
export const nextVolumeBackOff = (before: Micros | undefined): Micros =>
  before === undefined ? INITIAL : Math.min(before * 2, MAXIMUM)
