/** Headers as SPDY/3 packs them: one compression for each direction of a connection (draft-mbelshe-httpbis-spdy-00, 2.6.10). */
import { constants, createDeflate, createInflate } from "node:zlib"
import { dictionary } from "./dictionary.ts"

export type SpdyHeaders = ReadonlyMap<string, string>

/** More than any client of a port or a command sends; a block that unpacks to more is an attack. */
const LIMIT = 64 * 1024

const unpacked = (block: Buffer): SpdyHeaders => {
  const headers = new Map<string, string>()
  let at = 4
  const text = (): string => {
    const length = block.readUInt32BE(at)
    const from = at + 4
    if (from + length > block.length) throw new Error("a block of headers ends early")
    at = from + length
    return block.toString("utf8", from, at)
  }
  for (let left = block.readUInt32BE(0); left > 0; left--) {
    const name = text().toLowerCase()
    headers.set(name, text())
  }
  return headers
}

const packed = (headers: SpdyHeaders): Buffer => {
  const parts: Array<Buffer> = []
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    parts.push(bytes)
  }
  number(headers.size)
  for (const entry of headers)
    for (const text of entry) {
      const bytes = Buffer.from(text)
      number(bytes.length)
      parts.push(bytes)
    }
  return Buffer.concat(parts)
}

/** Blocks have to be given in their order on the wire. */
export class HeaderBlocks {
  readonly #inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH })
  readonly #deflate = createDeflate({ dictionary })

  read(block: Buffer): Promise<SpdyHeaders> {
    return new Promise((resolve, reject) => {
      const chunks: Array<Buffer> = []
      let size = 0
      const hear = (chunk: Buffer) => {
        size += chunk.length
        if (size <= LIMIT) chunks.push(chunk)
      }
      this.#inflate.on("data", hear)
      this.#inflate.once("error", reject)
      this.#inflate.write(block, () => {
        this.#inflate.off("data", hear)
        this.#inflate.off("error", reject)
        if (size > LIMIT) return reject(new Error("a block of headers is too large"))
        try {
          resolve(unpacked(Buffer.concat(chunks)))
        } catch (cause) {
          reject(cause)
        }
      })
    })
  }

  write(headers: SpdyHeaders): Promise<Buffer> {
    return new Promise((resolve) => {
      const chunks: Array<Buffer> = []
      const hear = (chunk: Buffer) => chunks.push(chunk)
      this.#deflate.on("data", hear)
      this.#deflate.write(packed(headers))
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
        this.#deflate.off("data", hear)
        resolve(Buffer.concat(chunks))
      })
    })
  }

  close(): void {
    this.#inflate.destroy()
    this.#deflate.destroy()
  }
}
