/** The server's side of SPDY/3.1, as far as kubectl speaks it: many streams on one connection (draft-mbelshe-httpbis-spdy-00; `github.com/moby/spdystream`). */
import { Duplex } from "node:stream"
import { HeaderBlocks, type SpdyHeaders } from "./HeaderBlocks.ts"

const VERSION = 3
const SYN_STREAM = 1
const SYN_REPLY = 2
const RST_STREAM = 3
const PING = 6
const GOAWAY = 7
const FIN = 1
const PROTOCOL_ERROR = 1
/** Of one frame; spdystream sends no larger ones than it reads. */
const FRAME_LIMIT = 1 << 20
const CHUNK = 32 * 1024

interface Frame {
  /** `undefined`: data. */
  readonly type: number | undefined
  /** Of a data frame. */
  readonly stream: number
  readonly flags: number
  readonly body: Buffer
}

const frameOf = (header: Buffer, body: Buffer): Frame => {
  const first = header.readUInt32BE(0)
  const isControl = first >= 0x80000000
  return {
    type: isControl ? first & 0xffff : undefined,
    stream: isControl ? 0 : first,
    flags: header.readUInt8(4),
    body
  }
}

/** A stream that the client has opened. */
export class SpdyStream extends Duplex {
  readonly id: number
  readonly headers: SpdyHeaders
  readonly #send: (data: Buffer, fin: boolean) => boolean

  constructor(id: number, headers: SpdyHeaders, send: (data: Buffer, fin: boolean) => boolean) {
    super({ allowHalfOpen: true })
    this.id = id
    this.headers = headers
    this.#send = send
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    for (let from = 0; from < chunk.length; from += CHUNK) this.#send(chunk.subarray(from, from + CHUNK), false)
    done()
  }

  override _final(done: () => void): void {
    this.#send(Buffer.alloc(0), true)
    done()
  }
}

export class SpdySession {
  readonly #socket: Duplex
  readonly #blocks = new HeaderBlocks()
  readonly #streams = new Map<number, SpdyStream>()
  readonly #opened: (stream: SpdyStream) => void
  #rest: Buffer = Buffer.alloc(0)
  /** Frames are taken one after the other: headers are unpacked in their order. */
  #turn: Promise<void> = Promise.resolve()

  /** `opened`: somebody has begun a stream. It is over when the socket is. */
  constructor(socket: Duplex, opened: (stream: SpdyStream) => void) {
    this.#socket = socket
    this.#opened = opened
    socket.on("data", (chunk: Buffer) => this.#hear(chunk))
    socket.on("error", () => socket.destroy())
    socket.once("close", () => {
      this.#blocks.close()
      for (const stream of this.#streams.values()) stream.destroy()
    })
  }

  close(): void {
    const status = Buffer.alloc(8)
    this.#control(GOAWAY, 0, status)
    this.#socket.end()
  }

  #hear(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (this.#rest.length >= 8) {
      const length = this.#rest.readUIntBE(5, 3)
      if (length > FRAME_LIMIT) return void this.#socket.destroy()
      if (this.#rest.length < 8 + length) return
      const frame = frameOf(this.#rest.subarray(0, 8), this.#rest.subarray(8, 8 + length))
      this.#rest = this.#rest.subarray(8 + length)
      this.#turn = this.#turn.then(() => this.#take(frame)).catch(() => void this.#socket.destroy())
    }
  }

  async #take(frame: Frame): Promise<void> {
    const { body, flags, type } = frame
    if (type === undefined) return this.#data(frame)
    if (type === SYN_STREAM) return this.#open(body, flags)
    if (type === PING) this.#control(PING, 0, body)
    if (type === GOAWAY) this.#socket.end()
    if (type === RST_STREAM) {
      const id = body.readUInt32BE(0) & 0x7fffffff
      this.#streams.get(id)?.destroy()
      this.#streams.delete(id)
    }
  }

  #data({ body, flags, stream: id }: Frame): void {
    const stream = this.#streams.get(id)
    if (stream === undefined) return this.#reset(id)
    if (body.length > 0) stream.push(body)
    if ((flags & FIN) !== 0) stream.push(null)
  }

  async #open(body: Buffer, flags: number): Promise<void> {
    const id = body.readUInt32BE(0) & 0x7fffffff
    const headers = await this.#blocks.read(body.subarray(10))
    const stream = new SpdyStream(id, headers, (data, fin) => this.#frame(id, fin ? FIN : 0, data))
    stream.on("error", () => stream.destroy())
    stream.once("close", () => this.#streams.delete(id))
    this.#streams.set(id, stream)
    const reply = Buffer.alloc(4)
    reply.writeUInt32BE(id)
    this.#control(SYN_REPLY, 0, Buffer.concat([reply, await this.#blocks.write(new Map())]))
    this.#opened(stream)
    if ((flags & FIN) !== 0) stream.push(null)
  }

  #reset(id: number): void {
    const body = Buffer.alloc(8)
    body.writeUInt32BE(id)
    body.writeUInt32BE(PROTOCOL_ERROR, 4)
    this.#control(RST_STREAM, 0, body)
  }

  #control(type: number, flags: number, body: Buffer): void {
    this.#frame((0x80000000 | (VERSION << 16) | type) >>> 0, flags, body)
  }

  #frame(first: number, flags: number, body: Buffer): boolean {
    if (this.#socket.destroyed || this.#socket.writableEnded) return false
    const header = Buffer.alloc(8)
    header.writeUInt32BE(first)
    header.writeUInt8(flags, 4)
    header.writeUIntBE(body.length, 5, 3)
    return this.#socket.write(Buffer.concat([header, body]))
  }
}
