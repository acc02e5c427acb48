/** Several streams on one WebSocket: each message begins with the number of its stream (`k8s.io/streaming/pkg/httpstream/wsstream`). */
import { Duplex } from "node:stream"
import type { RawData, WebSocket } from "ws"

/** The number as a byte before bytes, or as a digit before base64. */
type Coding = "binary" | "base64"

const bytesOf = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)

type Send = (chunk: Buffer, sent: () => void) => void

class Channel extends Duplex {
  readonly #send: Send

  constructor(send: Send) {
    super({ allowHalfOpen: true })
    this.#send = send
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#send(chunk, done)
  }
}

/**
 * One after the other, each when the one before it is on its way. As one they would be one record of TLS, and clients that wait
 * for their socket, and not for what is already decrypted (the Python client's `WSClient`), would not see the second.
 */
const inTurn = () => {
  let last = Promise.resolve()
  return (send: (sent: () => void) => void): void => {
    last = last.then(() => new Promise<void>((resolve) => send(resolve)))
  }
}

export interface Channels {
  readonly channels: ReadonlyArray<Duplex>
  /** After everything that was written before. */
  readonly close: () => void
}

/** Says that a stream is at its end (v5.channel.k8s.io). */
const CLOSE = 255

/** `count` streams, numbered from 0; all end with the socket. */
export const openChannels = (socket: WebSocket, count: number, coding: Coding): Channels => {
  const next = inTurn()
  const send =
    (number: number): Send =>
    (chunk, sent) =>
      next((done) => {
        const over = () => {
          sent()
          done()
        }
        if (socket.readyState !== socket.OPEN) over()
        else if (coding === "binary") socket.send(Buffer.concat([Buffer.from([number]), chunk]), { binary: true }, over)
        else socket.send(`${number}${chunk.toString("base64")}`, { binary: false }, over)
      })
  const channels = Array.from({ length: count }, (_, number) => new Channel(send(number)))
  socket.on("message", (data) => {
    const message = bytesOf(data)
    const first = message[0] ?? 0
    if (coding === "binary" && first === CLOSE) return void channels[message[1] ?? 0]?.push(null)
    const channel = channels[coding === "binary" ? first : first - 0x30]
    const body = message.subarray(1)
    const chunk = coding === "binary" ? body : Buffer.from(body.toString("latin1"), "base64")
    if (chunk.length > 0) channel?.push(chunk)
  })
  socket.once("close", () => {
    for (const channel of channels) channel.destroy()
  })
  const close = () =>
    next((done) => {
      socket.close(1000)
      done()
    })
  return { channels, close }
}
