/** Output files appear whole or not at all: written under a temporary name beside the final one, then renamed. */
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync
} from "node:fs"
import { basename, dirname } from "node:path"
import { Effect, Exit } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

export type Sort = "reel" | "text"

const SQLITE = Buffer.from("SQLite format 3\0")

const startsLikeReel = (file: string): boolean => {
  const start = Buffer.alloc(SQLITE.length)
  const descriptor = openSync(file, constants.O_RDONLY)
  try {
    return readSync(descriptor, start) === SQLITE.length && start.equals(SQLITE)
  } finally {
    closeSync(descriptor)
  }
}

const io = (problem: string) => new Complaint({ code: exitCodes.io, problem })

const reasons: { readonly [code: string]: string } = {
  ENOENT: "its directory does not exist",
  ENOTDIR: "its directory is a file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EISDIR: "it is a directory"
}

const cannot = (file: string, cause: unknown): Complaint => {
  const { code, message } = cause as NodeJS.ErrnoException
  return io(`${file}: cannot be written, ${reasons[code ?? ""] ?? message}`)
}

const attempt = <A>(file: string, evaluate: () => A): Effect.Effect<A, Complaint> =>
  Effect.try({ try: evaluate, catch: (cause) => (cause instanceof Complaint ? cause : cannot(file, cause)) })

/** Only a file of the same sort is replaced: `-o` with the wrong name must not cost anybody a scenario or a recording. */
const refuse = (file: string, sort: Sort): void => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isDirectory()) throw io(`${file}: is a directory; name the file to be written`)
  if (!found.isFile()) throw io(`${file}: is not an ordinary file; name another output`)
  if (found.size === 0) return
  const reel = startsLikeReel(file)
  if (sort === "reel" && !reel)
    throw io(`${file}: exists and is not a reel, so it is not replaced; name another output or remove it`)
  if (sort === "text" && reel)
    throw io(`${file}: exists and is a reel, so it is not replaced; name another output or remove it`)
}

/** SQLite's companions of a file. One that is left behind would be applied to the new file of that name. */
const companions = (file: string): ReadonlyArray<string> =>
  ["-wal", "-shm", "-journal"].map((suffix) => `${file}${suffix}`)

const discard = (file: string): void => {
  for (const name of [file, ...companions(file)]) rmSync(name, { force: true })
}

const publish = (temporary: string, file: string): void => {
  const descriptor = openSync(temporary, constants.O_RDONLY)
  fsyncSync(descriptor)
  closeSync(descriptor)
  for (const name of companions(file)) if (existsSync(name)) unlinkSync(name)
  renameSync(temporary, file)
}

/**
 * Runs `write` with a temporary name and renames the result to `file` when it succeeded; else nothing is left behind and
 * what was there before is untouched. Replaces a file of the same sort, refuses any other (exit status 74).
 */
export const replaceFile = <A, E, R>(
  file: string,
  sort: Sort,
  write: (temporary: string) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | Complaint, R> => {
  const temporary = `${dirname(file)}/.${basename(file)}.${process.pid}.tmp`
  return Effect.acquireUseRelease(
    attempt(file, () => {
      refuse(file, sort)
      // Says at once, and with the final name, that the directory cannot be written to.
      closeSync(openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666))
      unlinkSync(temporary)
    }),
    () => Effect.tap(write(temporary), () => attempt(file, () => publish(temporary, file))),
    (_, exit) => (Exit.isSuccess(exit) ? Effect.void : Effect.sync(() => discard(temporary)))
  )
}
