/** The key of a recording's redaction marks: random, kept beside the reel so that a value keeps its mark when recording goes on. */
import { randomBytes } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { textKey } from "@kubereel/backend-k8s"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

const BYTES = 32

const kept = (file: string): Uint8Array => {
  try {
    const key = randomBytes(BYTES)
    // Only its owner may read it: with the key somebody can try values against the marks.
    writeFileSync(file, `${key.toString("hex")}\n`, { flag: "wx", mode: 0o600 })
    return key
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause
  }
  const text = readFileSync(file, "utf8").trim()
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new Complaint({
      code: exitCodes.badData,
      problem: `${file}: is no key of redaction marks; remove it and a new one is made, with other marks`
    })
  return Buffer.from(text, "hex")
}

export const recordKey = (reel: string, text: string | undefined): Effect.Effect<Uint8Array, Complaint> =>
  text !== undefined
    ? Effect.succeed(textKey(text))
    : Effect.try({
        try: () => kept(`${reel}.key`),
        catch: (cause) =>
          cause instanceof Complaint
            ? cause
            : new Complaint({
                code: exitCodes.io,
                problem: `${reel}.key: cannot be read or written (${(cause as Error).message}); name a key with --redact-key`
              })
      })
