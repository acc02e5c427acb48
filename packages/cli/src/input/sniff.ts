/** What a file is, told from its first bytes: its name does not matter. */
import { closeSync, openSync, readSync, statSync } from "node:fs"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

export type Sort = "reel" | "watch lines" | "scenario"

const LOOK_BYTES = 64 * 1024

const reasons: { readonly [code: string]: readonly [number, string] } = {
  ENOENT: [exitCodes.noInput, "no such file"],
  ENOTDIR: [exitCodes.noInput, "no such file"],
  EACCES: [exitCodes.io, "permission denied"],
  EPERM: [exitCodes.io, "permission denied"]
}

/** A complaint about a file that cannot be opened. */
export const unopened = (file: string, cause: unknown): Complaint => {
  const { code, message } = cause as NodeJS.ErrnoException
  const [status, problem] = reasons[code ?? ""] ?? [exitCodes.io, message]
  return new Complaint({ code: status, problem: `${file}: ${problem}` })
}

const beginning = (file: string): Buffer => {
  const found = statSync(file)
  if (found.isDirectory())
    throw new Complaint({ code: exitCodes.noInput, problem: `${file}: is a directory; name the file` })
  const descriptor = openSync(file, "r")
  try {
    const bytes = Buffer.alloc(LOOK_BYTES)
    return bytes.subarray(0, readSync(descriptor, bytes))
  } finally {
    closeSync(descriptor)
  }
}

const isJsonScenario = (text: string): boolean =>
  /^\{\s*"(?:apiVersion|kind|metadata|spec)"\s*:/.test(text) && text.includes('"kubereel.dev/')

const sortOf = (file: string, bytes: Buffer): Sort => {
  if (bytes.length === 0) throw new Complaint({ code: exitCodes.badData, problem: `${file}: is empty` })
  if (bytes.toString("latin1", 0, 16) === "SQLite format 3\0") return "reel"
  const magic = bytes.readUIntBE(0, Math.min(4, bytes.length))
  if (magic === 0x28b52ffd || bytes.toString("hex", 0, 2) === "1f8b") return "watch lines"
  const text = bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart()
  if (text.startsWith("{")) return isJsonScenario(text) ? "scenario" : "watch lines"
  return "scenario"
}

export const sniff = (file: string): Effect.Effect<Sort, Complaint> =>
  Effect.try({
    try: () => sortOf(file, beginning(file)),
    catch: (cause) => (cause instanceof Complaint ? cause : unopened(file, cause))
  })
