/** Kubernetes' OpenAPI documents: loaded when the first of them is asked for, never at the start. */
import { brotliDecompressSync } from "node:zlib"
import { openApiIndex } from "./openApiIndex.ts"

interface Place {
  readonly start: number
  readonly end: number
  /** Another one when the content is another one. */
  readonly hash: string
}

const placesOf = (lines: ReadonlyArray<string>): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>()
  let start = 0
  for (const line of lines) {
    const [path = "", bytes = "", hash = ""] = line.split(" ")
    places.set(path, { start, end: start + Number(bytes), hash })
    start += Number(bytes)
  }
  return places
}

const places = placesOf(openApiIndex)

let unpacked: Buffer | undefined

/** To be waited for before a document is read. */
export const unpackOpenApi = async (): Promise<void> => {
  if (unpacked !== undefined) return
  const { openApiData } = await import("./openApiData.ts")
  unpacked = brotliDecompressSync(Buffer.from(openApiData, "base64"))
}

/** Of the document at `api/v1`, `apis/apps/v1`, … or `v2`; `undefined`: there is none. */
export const openApiHash = (path: string): string | undefined => places.get(path)?.hash

/** The document itself, JSON in UTF-8, once all are unpacked. */
export const openApiDocument = (path: string): Uint8Array | undefined => {
  const place = places.get(path)
  return place && unpacked?.subarray(place.start, place.end)
}
