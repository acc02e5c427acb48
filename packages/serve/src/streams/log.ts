/** `pods/log` by WebSocket: each piece a message (`k8s.io/streaming/pkg/httpstream/wsstream/stream.go`). */
import type { WebSocket } from "ws"

export const logProtocols = ["binary.k8s.io", "base64.binary.k8s.io"]

/** Until the log ends or the client goes. */
export const logOnWebSocket = (socket: WebSocket, log: AsyncIterable<string>): void => {
  const isText = socket.protocol.startsWith("base64")
  const chunks = log[Symbol.asyncIterator]()
  let gone = false
  socket.once("close", () => {
    gone = true
    chunks.return?.().catch(() => {})
  })
  const go = async () => {
    for (let next = await chunks.next(); next.done !== true && !gone; next = await chunks.next()) {
      const bytes = Buffer.from(next.value)
      socket.send(isText ? bytes.toString("base64") : bytes, { binary: !isText })
    }
    socket.close(1000)
  }
  go().catch(() => socket.close(1011))
}
