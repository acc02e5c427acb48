/** `pods/log` by WebSocket: each piece a message (`k8s.io/streaming/pkg/httpstream/wsstream/stream.go`). */
import type { WebSocket } from "ws"
import { pump } from "../http/pump.ts"

export const logProtocols = ["binary.k8s.io", "base64.binary.k8s.io"]

/** Until the log ends or the client goes. */
export const logOnWebSocket = (socket: WebSocket, log: AsyncIterable<string>): void => {
  const isText = socket.protocol.startsWith("base64")
  const stop = pump(log, {
    write: (piece) => {
      const bytes = Buffer.from(piece)
      socket.send(isText ? bytes.toString("base64") : bytes, { binary: !isText })
    },
    end: (failed) => socket.close(failed ? 1011 : 1000)
  })
  socket.once("close", stop)
}
