/** How a request to an API server can fail, each way with what a caller may do about it. */
import { Runtime, Schema } from "effect"

/** Nobody answers, the connection broke, or TLS did not come about. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", {
  server: Schema.String,
  detail: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = 69
  override get message() {
    return `${this.server} cannot be reached: ${this.detail}`
  }
}

/** 401, also after the credentials were loaded again; or there are none to be had. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", {
  server: Schema.String,
  detail: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = 69
  override get message() {
    return `${this.server} does not accept the credentials of the kubeconfig: ${this.detail}`
  }
}

/** 403. `detail` names who may not do what. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", { detail: Schema.String }) {
  override readonly [Runtime.errorExitCode] = 69
  override get message() {
    return this.detail
  }
}

/** 410: the version, or the rest of a list in pieces, is no longer there. */
export class Expired extends Schema.TaggedError<Expired>()("Expired", { detail: Schema.String }) {
  override get message() {
    return this.detail
  }
}

/** 429, or a 5xx that says when to come again. */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()("TooManyRequests", {
  detail: Schema.String,
  /** Milliseconds, as the server asked for. */
  retryAfter: Schema.optionalKey(Schema.Number)
}) {
  override readonly [Runtime.errorExitCode] = 69
  override get message() {
    return this.detail
  }
}

/** Nothing was heard for longer than anything takes: a connection that only looks alive. */
export class GoneQuiet extends Schema.TaggedError<GoneQuiet>()("GoneQuiet", {
  server: Schema.String,
  /** Milliseconds. */
  after: Schema.Number
}) {
  override readonly [Runtime.errorExitCode] = 69
  override get message() {
    return `${this.server} said nothing for ${Math.round(this.after / 1000)} s`
  }
}

/** What came is not what an API server says. */
export class Garbled extends Schema.TaggedError<Garbled>()("Garbled", { detail: Schema.String }) {
  override readonly [Runtime.errorExitCode] = 69
  override get message() {
    return this.detail
  }
}

/** Any other answer than 200. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", {
  status: Schema.Int,
  detail: Schema.String
}) {
  override readonly [Runtime.errorExitCode] = 69
  override get message() {
    return this.detail
  }
}

export type ApiFailure =
  | Unreachable
  | Unauthorized
  | Forbidden
  | Expired
  | TooManyRequests
  | GoneQuiet
  | Garbled
  | Refused

const seconds = /^\d+$/

/** `Retry-After` in milliseconds: API servers send whole seconds; a date is left to the back-off. */
const retryAfterOf = (header: string | undefined): number | undefined =>
  header !== undefined && seconds.test(header) ? Number(header) * 1000 : undefined

export interface Answered {
  readonly server: string
  readonly status: number
  readonly retryAfter?: string | undefined
  /** The message of the Status that came with it. */
  readonly detail: string
}

/** The failure that an HTTP status, or the code of an ERROR event, means. */
export const failureOf = ({ server, status, retryAfter, detail }: Answered): ApiFailure => {
  const after = retryAfterOf(retryAfter)
  if (status === 401) return new Unauthorized({ server, detail })
  if (status === 403) return new Forbidden({ detail })
  if (status === 410) return new Expired({ detail })
  if (status === 429 || (status >= 500 && after !== undefined))
    return new TooManyRequests({ detail, ...(after === undefined ? {} : { retryAfter: after }) })
  return new Refused({ status, detail })
}
