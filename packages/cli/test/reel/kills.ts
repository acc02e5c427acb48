/**
 * Kills writers of a reel at random moments and looks at what they leave behind. As a program:
 *
 *   node --conditions=source packages/cli/test/reel/kills.ts [COUNT] [SEED]     default: 1000 1
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { encode } from "@kubereel/core"
import { Effect } from "effect"
import { build } from "esbuild"
import { GENESIS, link } from "../../src/reel/Container.ts"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { history } from "./history.ts"

const BATCH = 37
/** After so many deaths a reel is left alone: reading it takes longer each time. */
const DEATHS = 10
/** Long enough for a writer to fold blocks and to write its -wal back. */
const LIFE_MS = 100

export interface Kills {
  readonly killed: number
  /** How many of them had acknowledged something since they began. */
  readonly acknowledging: number
  readonly problems: ReadonlyArray<string>
}

/** The chain of the history that all writers write. */
class Chain {
  readonly #hashes: Array<string> = [GENESIS]

  at(count: number): string {
    while (this.#hashes.length <= count) {
      const from = this.#hashes.length - 1
      for (const event of history(BATCH, from)) this.#hashes.push(link(this.#hashes.at(-1) as string, encode(event)))
    }
    return this.#hashes[count] as string
  }
}

/** One file starts in a quarter of the time. It lies where better-sqlite3 is found. */
const bundledWriter = async (): Promise<{ readonly program: string; readonly folder: string }> => {
  const cache = join(import.meta.dirname, "../../../../node_modules/.cache")
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "kubereel-writer-"))
  const program = join(folder, "writer.mjs")
  await build({
    entryPoints: [join(import.meta.dirname, "writer.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    conditions: ["source"],
    external: ["better-sqlite3"],
    logLevel: "warning"
  })
  return { program, folder }
}

/** What the writer had acknowledged when it died. */
const dead = async (child: ChildProcess, random: () => number): Promise<number | undefined> => {
  let acknowledged: number | undefined
  let begun: () => void = () => undefined
  const firstWord = new Promise<void>((resolve) => {
    begun = resolve
  })
  child.stdout?.on("data", (chunk: Buffer) => {
    acknowledged = Number(chunk.toString().trim().split("\n").at(-1))
    begun()
  })
  const closed = once(child, "close")
  // One in eight dies before its first word: while it opens the reel or reads what it is to continue.
  if (random() < 1 / 8) await setTimeout(random() * 4 * LIFE_MS)
  else {
    await Promise.race([firstWord, closed])
    await setTimeout(random() * LIFE_MS)
  }
  child.kill("SIGKILL")
  await closed
  return acknowledged
}

/** Names what is wrong with a reel whose writer was killed, if anything is. */
const problemOf = async (file: string, chain: Chain, acknowledged: number): Promise<string | number> => {
  const outcome = await Effect.runPromise(Effect.result(EventLogSqlite.verify(file)))
  if (outcome._tag === "Failure") {
    // A reel that was never born is no loss.
    return acknowledged === 0 && outcome.failure._tag === "UnusableLog" && outcome.failure.reason === "Missing"
      ? 0
      : String(outcome.failure.message)
  }
  const { hash, seq } = outcome.success
  if (seq < acknowledged) return `${acknowledged} events were acknowledged and ${seq} are there`
  if (seq % BATCH !== 0) return `a batch is torn: ${seq} events`
  return hash === chain.at(seq) ? seq : `the ${seq} events are not those that were written`
}

/** One reel after the other, each with writers that die and are followed. */
const lane = async (
  count: number,
  seed: number,
  { folder, program }: { folder: string; program: string }
): Promise<Kills> => {
  let state = seed
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const chain = new Chain()
  const problems: Array<string> = []
  let acknowledging = 0
  let known = 0
  let file = ""
  for (let i = 0; i < count; i++) {
    if (i % DEATHS === 0 || problems.length > 0) {
      known = 0
      file = join(folder, `${seed}-${i}.reel`)
    }
    const child = spawn(process.execPath, [program, file, String(known)], { stdio: ["ignore", "pipe", "inherit"] })
    const acknowledged = await dead(child, random)
    if (acknowledged !== undefined) acknowledging++
    const found = await problemOf(file, chain, acknowledged ?? known)
    if (typeof found === "number") known = found
    else problems.push(`seed ${seed}, kill ${i + 1}: ${found}`)
  }
  return { killed: count, acknowledging, problems }
}

/** Writers spend their lives waiting for the disk, so several can live at a time. */
const LANES = 5

export const kill = async (count: number, seed = 1): Promise<Kills> => {
  const { folder: cache, program } = await bundledWriter()
  const folder = mkdtempSync(join(tmpdir(), "kubereel-kills-"))
  try {
    const lanes = await Promise.all(
      Array.from({ length: LANES }, (_, i) =>
        lane(Math.floor((count + i) / LANES), seed * 1_000 + i, { folder, program })
      )
    )
    return {
      killed: lanes.reduce((sum, { killed }) => sum + killed, 0),
      acknowledging: lanes.reduce((sum, { acknowledging }) => sum + acknowledging, 0),
      problems: lanes.flatMap(({ problems }) => problems)
    }
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(cache, { recursive: true })
  }
}

if (import.meta.main) {
  const { acknowledging, killed, problems } = await kill(Number(process.argv[2] ?? 1_000), Number(process.argv[3] ?? 1))
  process.stdout.write(
    `${killed} writers killed, ${acknowledging} of them after an acknowledgement, ${problems.length} problems\n${problems.join("\n")}`
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}
