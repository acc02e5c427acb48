/** What comes back to a kubelet that executes a command in a container or talks to a port of a pod: the input of probes and hooks. */
import type { Micros } from "../../event/Instant.ts"

export type ExecResult =
  | { readonly _tag: "Exited"; readonly exitCode: number; readonly output: string }
  | { readonly _tag: "TimedOut" }
  /** It was not started, or called off: the error as the runtime's client gives it. */
  | { readonly _tag: "Refused"; readonly error: string }

export type HttpReply =
  /** `address`: which the host's name stands for. */
  | { readonly _tag: "Refused"; readonly address?: string }
  /** The name means nothing to the DNS server that was asked. */
  | { readonly _tag: "NoSuchHost"; readonly server: string }
  /** Something takes connections there and never says a word; or nobody is there who could refuse. */
  | { readonly _tag: "Silent" }
  /** A gRPC server. */
  | { readonly _tag: "NotHttp" }
  /** An HTTP server without TLS, which was asked with. */
  | { readonly _tag: "PlainHttp" }
  | {
      readonly _tag: "Response"
      readonly status: number
      readonly takes: Micros
      readonly body: string
      readonly location: string | undefined
    }

export type TcpReply = "Accepted" | "Refused" | "Silent"

export type GrpcReply =
  /** Nobody there who speaks it: such a client tries again until its time is over. */
  | { readonly _tag: "Unreachable" }
  | { readonly _tag: "UnknownService" }
  | { readonly _tag: "Status"; readonly status: string; readonly takes: Micros }
