/** Opening a reel: what is in the file, who may write it, and one clear sentence where it cannot be opened. */
import { accessSync, closeSync, constants, existsSync, linkSync, openSync, readSync, rmSync, statSync } from "node:fs"
import { hostname } from "node:os"
import { dirname } from "node:path"
import { UnusableLog } from "@kubereel/core"
import Database from "better-sqlite3"
import { GENESIS } from "./Container.ts"
import { headDigest, isSoundHead, readHead } from "./head.ts"
import { networkOf } from "./network.ts"
import { PAGE_BYTES } from "./raw/Pages.ts"

/** The number of the format that README.md describes. */
export const FORMAT = 3
/** "reel" in the header of the file. */
const APPLICATION_ID = 0x7265656c
/** For the moments in which another process opens or closes the reel. */
const PATIENCE_MS = 5_000

const container =
  "first INTEGER PRIMARY KEY, last INTEGER NOT NULL, hash TEXT NOT NULL, digest TEXT NOT NULL, sums BLOB NOT NULL"
const ofFormat1: ReadonlyArray<string> = [
  `CREATE TABLE block(${container}, body BLOB NOT NULL) STRICT`,
  "CREATE TABLE reel(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, digest TEXT NOT NULL, pid INTEGER, host TEXT) STRICT",
  `CREATE TABLE tail(${container}, body TEXT NOT NULL) STRICT`
]
/** What format 2 and 3 have beside that. */
const ofFormat2: ReadonlyArray<string> = [
  "CREATE TABLE horizon(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, observed INTEGER, detail TEXT NOT NULL, state BLOB NOT NULL, kept TEXT NOT NULL, digest TEXT NOT NULL) STRICT",
  "CREATE TABLE kept(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, digest TEXT NOT NULL, body BLOB NOT NULL) STRICT",
  "CREATE TABLE snapshot(seq INTEGER PRIMARY KEY, observed INTEGER, hash TEXT NOT NULL, digest TEXT NOT NULL, body BLOB NOT NULL) STRICT"
]
/** In the order of their names. */
const schemaOf = (format: number): ReadonlyArray<string> =>
  (format < 2 ? ofFormat1 : [...ofFormat1, ...ofFormat2]).toSorted((a, b) => (a < b ? -1 : 1))

/** The format of an open reel. */
export const formatOf = (db: Database.Database): number => Number(db.pragma("user_version", { simple: true }))

export type Mode = "read" | "write" | "create"

const unusable = (reason: UnusableLog["reason"], detail: string): UnusableLog => new UnusableLog({ reason, detail })
const codeOf = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : "")
const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** The first 100 bytes of a SQLite file say most of what we want to know, before SQLite touches anything. */
const readHeader = (file: string): Buffer => {
  const header = Buffer.alloc(100)
  const handle = openSync(file, "r")
  try {
    return header.subarray(0, readSync(handle, header, 0, 100, 0))
  } finally {
    closeSync(handle)
  }
}

/** https://sqlite.org/fileformat2.html, section 1.3. */
const checkHeader = (file: string): UnusableLog | undefined => {
  const header = readHeader(file)
  if (header.length === 0) return unusable("NotAReel", `${file} is not a reel: it is empty`)
  if (
    header.length < 100 ||
    header.toString("latin1", 0, 16) !== "SQLite format 3\0" ||
    header.readUInt32BE(68) !== APPLICATION_ID
  ) {
    return unusable("NotAReel", `${file} is not a reel`)
  }
  const format = header.readUInt32BE(60)
  if (format > FORMAT) {
    return unusable(
      "Newer",
      `${file} was written by a newer kubereel (format ${format}, this one knows up to ${FORMAT}): open it with that one`
    )
  }
  const journal = header.readUInt16BE(18)
  if (format < 1 || header.readUInt16BE(16) !== PAGE_BYTES || (journal !== 0x0101 && journal !== 0x0202)) {
    return unusable("Damaged", `${file} is a damaged reel: its header is wrong`)
  }
  const bytes = header.readUInt32BE(28) * PAGE_BYTES
  if (journal === 0x0101 && statSync(file).size !== bytes) {
    return unusable(
      "Damaged",
      `${file} is a damaged reel: it has ${statSync(file).size} bytes and should have ${bytes}`
    )
  }
  return undefined
}

const isWal = (file: string): boolean => readHeader(file).readUInt16BE(18) === 0x0202
/** As it is after it was made by opening the file, before anything is written. */
const isWalEmpty = (file: string): boolean => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0

/** The file says that its newest events are in a `-wal` beside it, and there is none. */
const lacksWal = (file: string): boolean => isWal(file) && !existsSync(`${file}-wal`)

const withoutWal = (file: string): UnusableLog =>
  unusable(
    "Damaged",
    `${file} was being written when it was copied, and its newest events are missing: copy ${file}-wal with it`
  )

const pause = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** A reel that a writer is just opening or closing looks damaged for a moment: only what is seen twice is so. */
const twice = <A>(look: () => A | undefined): A | undefined => {
  if (look() === undefined) return undefined
  pause(100)
  return look()
}

/** Reading such a file would leave files behind, so it takes a writer, who can see whether anything is missing, to mend it. */
const checkWal = (file: string, mode: Mode): UnusableLog | undefined =>
  mode === "read" ? twice(() => (lacksWal(file) ? withoutWal(file) : undefined)) : undefined

const checkContent = (file: string, db: Database.Database): UnusableLog | undefined => {
  const found = db.prepare<[], string>("SELECT sql FROM sqlite_schema ORDER BY name").pluck().all()
  const head = readHead(db)
  const schema = schemaOf(formatOf(db))
  const sound = found.length === schema.length && found.every((sql, i) => sql === schema[i])
  return sound && head !== undefined && isSoundHead(head)
    ? undefined
    : unusable("Damaged", `${file} is a damaged reel: the record of its head is wrong`)
}

/** Makes an empty reel under another name and gives it its own when it is whole: nobody ever sees half of one. */
const create = (file: string): UnusableLog | undefined => {
  const unborn = `${file}.${process.pid}.new`
  try {
    const db = new Database(unborn)
    db.pragma(`page_size = ${PAGE_BYTES}`)
    // So that a reel can be made smaller when old events are removed.
    db.pragma("auto_vacuum = INCREMENTAL")
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${FORMAT}`)
    db.transaction(() => {
      for (const table of schemaOf(FORMAT)) db.exec(table)
      db.prepare("INSERT INTO reel(id, seq, hash, digest) VALUES (1, 0, ?, ?)").run(GENESIS, headDigest(0, GENESIS))
    })()
    db.close()
    linkSync(unborn, file)
    return undefined
  } catch (cause) {
    return codeOf(cause) === "EEXIST"
      ? undefined
      : unusable("NotWritable", `${file} cannot be created: ${wordsOf(cause)}`)
  } finally {
    rmSync(unborn, { force: true })
  }
}

/** A new reel is not begun where it could not be written. */
const checkFolder = (file: string, mode: Mode): UnusableLog | undefined =>
  mode === "read" || existsSync(file) || !existsSync(dirname(file)) ? undefined : checkNetwork(file, mode)

/** What speaks against opening the file at all; a missing one is made where the mode says so. */
const checkPlace = (file: string, mode: Mode): UnusableLog | undefined => {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return mode === "read" ? unusable("Missing", `${file}: there is no such file`) : create(file)
  if (!stat.isFile()) return unusable("NotAReel", `${file} is not a reel: it is no file`)
  if (mode === "create") return unusable("NotWritable", `${file} exists already`)
  if (mode === "write") {
    accessSync(file, constants.W_OK)
    accessSync(dirname(file), constants.W_OK)
  }
  return undefined
}

/** Reading a closed reel takes no locks; everything else does. */
export const checkNetwork = (file: string, mode: Mode, network = networkOf(file)): UnusableLog | undefined => {
  if (network === undefined || (mode === "read" && readHeader(file).readUInt16BE(18) === 0x0101)) return undefined
  return unusable(
    "NotWritable",
    `${file} is on a network file system (${network}), where writers cannot be kept apart: write to a local disk and copy the closed reel`
  )
}

const BUSY = /^SQLITE_(BUSY|LOCKED)/
const tryBegin = (db: Database.Database): boolean => {
  try {
    db.exec("BEGIN IMMEDIATE")
    return true
  } catch (cause) {
    if (BUSY.test(codeOf(cause))) return false
    throw cause
  }
}

/**
 * Becomes the only writer. A writer stays inside a write transaction between its appends, so the operating system tells the
 * living from the dead: only the moment between a commit and the next BEGIN looks like a dead one, hence the repetition.
 */
const claim = (file: string, db: Database.Database, wasWal: boolean): UnusableLog | undefined => {
  db.pragma("busy_timeout = 0")
  for (let attempt = 1; ; attempt++) {
    if (!tryBegin(db)) {
      const owner = readHead(db)
      const who = owner?.pid == null ? "another process" : `process ${owner.pid} on ${owner.host}`
      return unusable("Locked", `${file} is being written by ${who}: wait for it, or write to another file`)
    }
    if (readHead(db)?.pid == null || attempt === 5) break
    db.exec("ROLLBACK")
    pause(10)
  }
  // Nobody lives who could have begun it a moment ago: a name without the -wal that goes with it is a copy's.
  if (wasWal && readHead(db)?.pid != null && isWalEmpty(file)) return withoutWal(file)
  db.pragma(`busy_timeout = ${PATIENCE_MS}`)
  if (formatOf(db) < 2) for (const table of ofFormat2) db.exec(table)
  if (formatOf(db) < FORMAT) db.pragma(`user_version = ${FORMAT}`)
  db.prepare("UPDATE reel SET pid = ?, host = ? WHERE id = 1").run(process.pid, hostname())
  db.exec("COMMIT")
  // The name of the writer must stand in the file itself, so that a copy without the -wal can be told from a whole one.
  db.pragma("wal_checkpoint(PASSIVE)")
  db.exec("BEGIN IMMEDIATE")
  return undefined
}

const prepareToWrite = (file: string, db: Database.Database, wasWal: boolean): UnusableLog | undefined => {
  db.pragma("journal_mode = WAL")
  db.pragma("synchronous = FULL")
  return claim(file, db, wasWal)
}

const connect = (file: string, mode: Mode): Database.Database | UnusableLog => {
  const wasWal = isWal(file)
  const db = new Database(file, { readonly: mode === "read", fileMustExist: true, timeout: PATIENCE_MS })
  try {
    const problem = checkContent(file, db) ?? (mode === "read" ? undefined : prepareToWrite(file, db, wasWal))
    if (problem === undefined) return db
    db.close()
    return problem
  } catch (cause) {
    db.close()
    throw cause
  }
}

const explain = (file: string, mode: Mode, cause: unknown): UnusableLog => {
  const code = codeOf(cause)
  // SQLite and the file system give codes; what has none is a value that cannot be.
  if (code === "" || /^SQLITE_(CORRUPT|NOTADB|ERROR|IOERR_SHORT_READ|FORMAT)/.test(code))
    return unusable("Damaged", `${file} is a damaged reel: ${wordsOf(cause)}`)
  if (BUSY.test(code))
    return unusable("Locked", `${file} is being used by another process: try again when that has ended`)
  if (code === "SQLITE_CANTOPEN" && mode === "read") {
    return unusable("NotWritable", `${file} was not closed by its writer: open it once where its folder can be written`)
  }
  return unusable(
    mode === "read" ? "Missing" : "NotWritable",
    `${file} cannot be ${mode === "read" ? "read" : "written"}: ${wordsOf(cause)}`
  )
}

/** Opens a reel. For writing (`write` makes a missing one, `create` insists on it), the caller is then the only writer. */
export const openReel = (file: string, mode: Mode): Database.Database | UnusableLog => {
  try {
    return (
      checkFolder(file, mode) ??
      checkPlace(file, mode) ??
      twice(() => checkHeader(file)) ??
      checkNetwork(file, mode) ??
      checkWal(file, mode) ??
      connect(file, mode)
    )
  } catch (cause) {
    return explain(file, mode, cause)
  }
}

/** Leaves one plain file behind, unless somebody is still reading: then the next writer tidies up. */
export const closeWritten = (db: Database.Database): void => {
  try {
    if (db.inTransaction) db.exec("ROLLBACK")
    db.prepare("UPDATE reel SET pid = NULL, host = NULL WHERE id = 1 AND pid = ? AND host = ?").run(
      process.pid,
      hostname()
    )
    db.pragma("busy_timeout = 0")
    db.pragma("incremental_vacuum")
    db.pragma("wal_checkpoint(TRUNCATE)")
    db.pragma("journal_mode = DELETE")
  } catch (cause) {
    if (!BUSY.test(codeOf(cause))) throw cause
  } finally {
    db.close()
  }
}
