import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { encode } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { afterAll } from "vitest"
import { GENESIS, link } from "../../src/reel/Container.ts"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"
import { networkName, networkOf } from "../../src/reel/network.ts"
import { checkNetwork } from "../../src/reel/ReelFile.ts"
import { history, inReel, readAll } from "./history.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-faults-"))
let made = 0
const newFile = (): string => join(folder, `${++made}.reel`)
const mounted: Array<string> = []
afterAll(() => {
  for (const place of mounted) execFileSync("umount", [place])
  rmSync(folder, { recursive: true })
})

/** A disk of that size, where this process may have one. */
const smallDisk = (megabytes: number): string | undefined => {
  const place = join(folder, `disk-${++made}`)
  mkdirSync(place)
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", place], { stdio: "ignore" })
  } catch {
    return undefined
  }
  mounted.push(place)
  return place
}

/** A writer in another process, when it has acknowledged its first batch. */
const writing = async (file: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ["--conditions=source", join(import.meta.dirname, "writer.ts"), file, "0"], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  await once(child.stdout as NonNullable<typeof child.stdout>, "data")
  child.stdout?.resume()
  return child
}

describe("guarantee 19: a disk that is full", () => {
  it.effect(
    "costs nothing that was appended, is named in a sentence, and writing goes on when there is room",
    (context) =>
      Effect.gen(function* () {
        const disk = smallDisk(6)
        if (disk === undefined) return context.skip("only root may mount a small disk")
        const file = join(disk, "a.reel")
        const ballast = join(disk, "ballast")
        yield* inReel(file, "create", (log) =>
          Effect.gen(function* () {
            yield* log.append(history(300))
            let room = 6
            // Whatever is left is taken, page by page.
            for (let step = 512 * 1024; step >= 4_096; step /= 2)
              try {
                for (let i = 0; i < 100; i++) writeFileSync(ballast, Buffer.alloc(step), { flag: "a" })
              } catch {
                room--
              }
            assert.isBelow(room, 6)
            let appended = 300
            let refused: unknown
            for (let i = 0; i < 40 && refused === undefined; i++) {
              const outcome = yield* Effect.result(log.append(history(500, appended)))
              if (outcome._tag === "Failure") refused = outcome.failure
              else appended += 500
            }
            const { cause } = refused as { readonly cause: Error }
            assert.strictEqual(
              cause.message,
              `${file}: nothing could be appended, the disk is full: make room and go on (what was appended before is safe)`
            )
            assert.strictEqual((yield* log.head).seq, appended)
            rmSync(ballast)
            yield* log.append([{ _tag: "Gap", cause: "stopped", detail: "the disk was full" }])
            yield* log.append(history(500, appended))
            assert.strictEqual((yield* log.head).seq, appended + 501)
          })
        )
        assert.deepInclude(yield* EventLogSqlite.verify(file), { snapshots: [] })
      })
  )

  it.effect("or cannot be written is refused in a sentence, and can be read", (context) =>
    Effect.gen(function* () {
      const disk = smallDisk(4)
      if (disk === undefined) return context.skip("only root may mount a disk")
      const file = join(disk, "a.reel")
      yield* inReel(file, "create", (log) => log.append(history(300)))
      execFileSync("mount", ["-o", "remount,ro", disk])
      assert.strictEqual((yield* readAll(file)).length, 300)
      for (const name of [file, join(disk, "new.reel")]) {
        const refused = yield* Effect.flip(inReel(name, "write", (log) => log.head))
        assert.deepInclude(refused, { _tag: "UnusableLog", reason: "NotWritable" })
        assert.include(String(refused), name)
      }
    })
  )
})

describe("guarantee 16: a reel that another process is writing", () => {
  it("is refused to a second writer, with the first one's process and machine, and read without stopping it", async () => {
    const file = newFile()
    const child = await writing(file)
    try {
      const refused = await Effect.runPromise(Effect.flip(inReel(file, "write", (log) => log.head)))
      assert.deepInclude(refused, {
        reason: "Locked",
        detail: `${file} is being written by process ${child.pid} on ${hostname()}: wait for it, or write to another file`
      })
      const found = await Effect.runPromise(
        inReel(file, "read", (log) =>
          Effect.gen(function* () {
            const prefixes: Array<number> = []
            for (let i = 0; i < 8; i++) {
              const { hash, seq } = yield* log.head
              const events = (yield* Stream.runCollect(log.read())).slice(0, seq)
              // What is read is a whole number of batches of the one history, and the head's hash is over just that.
              assert.strictEqual(seq % 37, 0)
              assert.strictEqual(
                events.reduce((chain, { event }) => link(chain, encode(event)), GENESIS),
                hash
              )
              prefixes.push(seq)
              yield* Effect.sleep("20 millis")
            }
            return prefixes
          })
        )
      )
      assert.isAbove(found.at(-1) ?? 0, found[0] ?? 0)
    } finally {
      child.kill("SIGKILL")
      await once(child, "close")
    }
  })

  it("can be followed: backlog, then what the other process appends", async () => {
    const file = newFile()
    const child = await writing(file)
    try {
      const found = await Effect.runPromise(
        inReel(file, "read", (log) => Stream.runCollect(Stream.take(log.follow(), 2_000)))
      )
      assert.deepStrictEqual(
        found.map(({ seq }) => seq),
        Array.from({ length: 2_000 }, (_, i) => i + 1)
      )
    } finally {
      child.kill("SIGKILL")
      await once(child, "close")
    }
  })
})

describe("guarantee 16: a network file system", () => {
  it("is told by its type", () => {
    assert.deepStrictEqual([0x6969, 0xfe534d42, 0xef53, 0x01021994].map(networkName), [
      "NFS",
      "SMB",
      undefined,
      undefined
    ])
    assert.strictEqual(
      networkOf("/some/where.reel", (place) => (place === "/some" ? 0x6969 : 0)),
      "NFS"
    )
    assert.isUndefined(networkOf(newFile()))
  })

  it.effect("is refused to writers, and to readers of a reel that is not closed", () =>
    Effect.gen(function* () {
      const file = newFile()
      yield* inReel(file, "create", (log) =>
        Effect.sync(() => {
          assert.deepInclude(checkNetwork(file, "read", "NFS"), { reason: "NotWritable" })
          return log
        })
      )
      assert.isUndefined(checkNetwork(file, "read", "NFS"))
      assert.strictEqual(
        checkNetwork(file, "write", "NFS")?.detail,
        `${file} is on a network file system (NFS), where writers cannot be kept apart: write to a local disk and copy the closed reel`
      )
    })
  )
})
