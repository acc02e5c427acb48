/** The row that says where the log ends and who is writing it. */
import type Database from "better-sqlite3"
import { sha256 } from "./Container.ts"

export interface HeadRow {
  readonly seq: number
  readonly hash: string
  readonly digest: string
  readonly pid: number | null
  readonly host: string | null
}

export const headDigest = (seq: number, hash: string): string => sha256(`${seq} ${hash}`).slice(0, 32)

export const isSoundHead = ({ digest, hash, seq }: HeadRow): boolean =>
  Number.isSafeInteger(seq) && headDigest(seq, hash) === digest

export const readHead = (db: Database.Database): HeadRow | undefined =>
  db.prepare<[], HeadRow>("SELECT seq, hash, digest, pid, host FROM reel WHERE id = 1").get()
