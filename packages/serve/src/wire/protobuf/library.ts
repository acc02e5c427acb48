/** The protobuf library, loaded when it is first needed: most clients never do. */
import { createRequire } from "node:module"
import type { Reader, Writer } from "protobufjs/minimal.js"

export type { Reader, Writer }

interface Library {
  readonly Reader: { readonly create: (bytes: Uint8Array) => Reader }
  readonly Writer: { readonly create: () => Writer }
}

let loaded: Library | undefined

export const protobuf = (): Library => {
  loaded ??= createRequire(import.meta.url)("protobufjs/minimal.js") as Library
  return loaded
}
