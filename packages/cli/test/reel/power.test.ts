import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"

/** The calls that matter, in the order in which the process made them. */
const call = /^\d+\s+(openat|pwrite64|fdatasync|fsync|write)\((?:AT_FDCWD, )?("[^"]*"|\d+)(.*?)\)? += (-?\d+)/

describe("guarantee 2: an append that was acknowledged", () => {
  it("had left the operating system's memory before: a power cut cannot take it back", async (context) => {
    if (spawnSync("strace", ["-V"]).status !== 0) return context.skip("strace is not there to watch the calls")
    const folder = mkdtempSync(join(tmpdir(), "kubereel-power-"))
    const [file, trace] = [join(folder, "a.reel"), join(folder, "trace")]
    const child = spawn(
      "strace",
      [
        "-f",
        "-o",
        trace,
        "-e",
        "trace=openat,pwrite64,fdatasync,fsync,write",
        process.execPath,
        "--conditions=source",
        join(import.meta.dirname, "writer.ts"),
        file,
        "0"
      ],
      { stdio: ["ignore", "pipe", "ignore"], detached: true }
    )
    let told = 0
    child.stdout.on("data", (chunk: Buffer) => {
      told += chunk.toString().trim().split("\n").length
      if (told >= 20) process.kill(-(child.pid as number), "SIGKILL")
    })
    await once(child, "close")
    let wal = ""
    let dirty = 0
    let written = 0
    let acknowledged = 0
    for (const line of readFileSync(trace, "utf8").split("\n")) {
      const [, name, first, rest = "", answer] = call.exec(line) ?? []
      if (name === "openat" && first === `"${file}-wal"`) wal = answer as string
      if (name === "pwrite64" && first === wal) {
        dirty++
        written++
      }
      if ((name === "fdatasync" || name === "fsync") && first === wal) dirty = 0
      if (name === "write" && first === "1" && /^, "\d+\\n"/.test(rest)) {
        acknowledged++
        assert.strictEqual(dirty, 0, `acknowledgement ${acknowledged} came before its bytes were on the disk`)
      }
    }
    rmSync(folder, { recursive: true })
    assert.isAtLeast(acknowledged, 19)
    assert.isAbove(written, acknowledged)
  })
})
