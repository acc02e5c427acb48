/** The key of redaction marks: the same files give the same marks, and the reel alone does not give it away. */
import { createHash } from "node:crypto"
import { createReadStream, statSync } from "node:fs"
import { Effect } from "effect"
import { membersOf } from "./archive.ts"
import { fileSource } from "./bytes.ts"
import { type UnreadableFile, unreadable } from "./ImportFailure.ts"

const hashOf = async (file: string): Promise<Buffer> => {
  const hash = createHash("sha256")
  if (statSync(file).isDirectory()) {
    for await (const { source } of membersOf(fileSource(file), true)) hash.update(await hashOf(source.name))
    return hash.digest()
  }
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(piece as Buffer)
  return hash.digest()
}

/**
 * SHA-256 over the contents of all files of one import, in their order. One key an import, so that a value keeps its mark
 * from file to file. Whoever has only the reel cannot compute it; whoever has the files has the secrets anyway.
 */
export const contentKey = Effect.fn("contentKey")(function* (files: ReadonlyArray<string>) {
  const all = createHash("sha256")
  for (const file of files) {
    const hash: Buffer = yield* Effect.tryPromise({
      try: () => hashOf(file),
      catch: (cause): UnreadableFile => unreadable(file, cause)
    })
    all.update(hash)
  }
  return new Uint8Array(all.digest())
})

/** A key from a text that the user chose, to make the marks of several imports comparable. */
export const textKey = (text: string): Uint8Array =>
  new Uint8Array(createHash("sha256").update("kubereel redaction key\n").update(text).digest())
