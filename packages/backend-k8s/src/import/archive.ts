/** The files of an archive: a folder, a zip file, or a tar file, compressed or not. */
import { lstatSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { extract } from "tar-stream"
import { bytesOf, CutOff, Damaged, fileSource, type Source } from "./bytes.ts"
import { entriesOf, isZip } from "./zip.ts"

export interface Member {
  /** With slashes, from the top of the archive. */
  readonly path: string
  readonly source: Source
  /** A log of a container: its content is not given. */
  readonly isLog?: true
  /** Why its content cannot be given. */
  readonly refused?: string
}

/** Larger than that no member is kept in memory while it is read. */
const MEMBER_BYTES_MAX = 512 * 1024 * 1024

async function* inFolder(folder: string, below = ""): AsyncGenerator<Member> {
  const names = readdirSync(join(folder, below)).toSorted()
  for (const name of names) {
    const path = below === "" ? name : `${below}/${name}`
    const file = join(folder, path)
    const found = lstatSync(file)
    // Links are not followed: they may lead in circles, or out of the archive.
    if (found.isDirectory()) yield* inFolder(folder, path)
    else if (found.isFile()) yield { path, source: { ...fileSource(file), name: file } }
  }
}

/** A member of a tar file is there only while it passes by, so it is kept for as long as it is read. */
async function* inTar(source: Source): AsyncGenerator<Member> {
  const tar = extract()
  const bytes = Readable.from(bytesOf(source), { objectMode: false })
  bytes.on("error", (cause) => tar.destroy(cause))
  bytes.pipe(tar as unknown as NodeJS.WritableStream)
  try {
    for await (const entry of tar) {
      const { name, size = 0, type } = entry.header
      const path = name.replace(/^(?:\.\/)+/, "")
      const isLog = !isRead(name)
      const refused = size > MEMBER_BYTES_MAX ? "is too large to be read from within an archive; unpack it" : undefined
      const pieces: Array<Buffer> = []
      if (type !== "file" || isLog || refused !== undefined) entry.resume()
      else for await (const piece of entry) pieces.push(piece as Buffer)
      if (type !== "file") continue
      const content = withoutPadding(path, Buffer.concat(pieces))
      yield {
        path,
        source: { name: `${source.name}!/${path}`, open: () => Readable.from([content]) },
        ...(isLog ? { isLog } : refused === undefined ? {} : { refused })
      }
    }
  } catch (cause) {
    if (cause instanceof CutOff || cause instanceof Damaged) throw cause
    const { message } = cause as Error
    throw /unexpected end|closed/i.test(message)
      ? new CutOff("the archive ends too early")
      : new Damaged(`the archive is damaged (${message})`)
  } finally {
    bytes.destroy()
    tar.destroy()
  }
}

/** crust-gather says one byte more than it writes: the archive has a zero there. */
const withoutPadding = (path: string, content: Buffer): Buffer =>
  content.at(-1) === 0 && /\.(?:ya?ml|json|timestamp)$/.test(path) ? content.subarray(0, -1) : content

async function* inZip(source: Source): AsyncGenerator<Member> {
  for await (const { open, path, refused } of entriesOf(source.name))
    yield {
      path,
      source: { name: `${source.name}!/${path}`, open },
      ...(isRead(path) ? (refused === undefined ? {} : { refused }) : { isLog: true as const })
    }
}

/** Logs of containers are most of an archive, and nothing here reads them. */
const isRead = (path: string): boolean =>
  !/\.log(?:\.gz)?$/.test(path) || path.includes("audit_logs/") || /(?:^|\/)bundleGenerationError\.log$/.test(path)

export const isTar = (head: Buffer): boolean => head.toString("latin1", 257, 262) === "ustar"

const isZipFile = async (source: Source): Promise<boolean> => {
  for await (const head of source.open()) return isZip(head)
  return false
}

export async function* membersOf(source: Source, isFolder: boolean): AsyncGenerator<Member> {
  if (isFolder) yield* inFolder(source.name)
  else yield* (await isZipFile(source)) ? inZip(source) : inTar(source)
}
