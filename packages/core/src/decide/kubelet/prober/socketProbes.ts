/** Probes that open a connection: plain TCP (`pkg/probe/tcp/tcp.go`) and the gRPC health check (`pkg/probe/grpc/grpc.go`). */
import { formatDuration } from "../../../event/duration.ts"
import type { Micros } from "../../../event/Instant.ts"
import type { GrpcReply, TcpReply } from "../replies.ts"
import type { ProbeOutcome } from "./ProbeOutcome.ts"

/** `address`: host and port. */
export const tcpProbe = (reply: TcpReply, address: string): ProbeOutcome => {
  switch (reply) {
    case "Accepted":
      return { _tag: "Success" }
    case "Refused":
      return { _tag: "Failure", output: `dial tcp ${address}: connect: connection refused` }
    case "Silent":
      return { _tag: "Failure", output: `dial tcp ${address}: i/o timeout` }
  }
}

export const grpcProbe = (reply: GrpcReply, address: string, timeout: Micros): ProbeOutcome => {
  const failure = (output: string): ProbeOutcome => ({ _tag: "Failure", output })
  const within = formatDuration(timeout)
  switch (reply._tag) {
    case "Unreachable":
      return failure(
        `timeout: failed to connect service ${JSON.stringify(address)} within ${within}: context deadline exceeded`
      )
    case "UnknownService":
      return failure("error: health rpc probe failed: rpc error: code = NotFound desc = unknown service")
    case "Status": {
      if (reply.takes >= timeout) return failure(`timeout: health rpc did not complete within ${within}`)
      if (reply.status === "SERVING") return { _tag: "Success" }
      if (reply.status === "UNIMPLEMENTED")
        return failure(
          "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health"
        )
      return failure(`service unhealthy (responded with ${JSON.stringify(reply.status)})`)
    }
  }
}
