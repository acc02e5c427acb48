/** The scripts are run as a container would, by the busybox of this machine: what they do is what the program says. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { get } from "node:http"
import { connect as connectHttp2, type IncomingHttpHeaders } from "node:http2"
import { type AddressInfo, connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import type { ProgramRun } from "@kubereel/core"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { programScript, ROOTFS, type Surroundings } from "../../../src/play/program/script.ts"
import { hasBusybox, runOf } from "./runs.ts"

const MILLI = 1_000
let directory = ""
let children: Array<ChildProcess> = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kubereel-program-"))
})
afterEach(() => {
  for (const { pid } of children)
    try {
      process.kill(-(pid ?? 0), "SIGKILL")
    } catch {
      // It has ended.
    }
  children = []
  rmSync(directory, { recursive: true, force: true })
})

const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  directory: join(directory, "files"),
  terminationMessagePath: join(directory, "message"),
  mounts: new Map([["data", directory]]),
  ports: [],
  memoryLimit: undefined,
  ...more
})

const start = (runs: ReadonlyArray<Partial<ProgramRun>>, more: Partial<Surroundings> = {}) => {
  const script = programScript(runs.map(runOf), around(more))
  const child = spawn("busybox", ["sh", "-c", script], { detached: true, stdio: ["ignore", "pipe", "pipe"] })
  children.push(child)
  const ended = new Promise<number | string>((resolve) =>
    child.on("exit", (code, signal) => resolve(code ?? signal ?? ""))
  )
  return { child, ended, out: text(child.stdout), err: text(child.stderr) }
}

/** A call of grpc.health.v1.Health/Check by an HTTP/2 client that knows nothing of scripts. */
const checked = (port: number, service: string) =>
  new Promise<{ readonly status: number | undefined; readonly end: string }>((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    const done = (status: number | undefined, end: string) => {
      session.destroy()
      resolve({ status, end })
    }
    session.on("error", ({ message }) => done(undefined, message))
    const request = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers"
    })
    const parts: Array<Buffer> = []
    let end = ""
    const ended = (headers: IncomingHttpHeaders) => {
      if (headers["grpc-status"] !== undefined)
        end = [headers["grpc-status"], headers["grpc-message"]].filter((one) => one !== undefined).join(" ")
    }
    request.on("response", ended).on("trailers", ended)
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("error", ({ message }) => done(undefined, message))
    request.on("end", () => {
      const message = Buffer.concat(parts)
      done(message.length === 0 ? undefined : (message[6] ?? 0), end)
    })
    const name = Buffer.from(service)
    const body = service === "" ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name])
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(body.length, 1)
    request.end(Buffer.concat([prefix, body]))
  })

/** What a probe would do: the command, found on the PATH of the container. */
const executes = (...command: readonly [string, ...ReadonlyArray<string>]) => {
  try {
    const [name, ...args] = command
    const PATH = `${join(directory, "files")}:${process.env["PATH"]}`
    return { code: 0, out: execFileSync(name, args, { env: { PATH }, encoding: "utf8", stdio: "pipe" }) }
  } catch (cause) {
    const { status, stdout } = cause as { readonly status: number; readonly stdout: string }
    return { code: status, out: stdout }
  }
}

const until = async <A>(what: () => A | Promise<A>, holds: (value: A) => boolean): Promise<A> => {
  for (let tries = 0; ; tries++) {
    const value = await what()
    if (holds(value) || tries > 300) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const asks = (port: number, path: string): Promise<string> =>
  new Promise((resolve) => {
    const request = get({ port, path, host: "127.0.0.1", agent: false, timeout: 5_000 }, async (answer) =>
      resolve(`${answer.statusCode} ${await text(answer)}`)
    )
    request.on("timeout", () => request.destroy())
    request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
  })

const takesConnection = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() !== undefined))
    socket.on("error", () => resolve(false))
  })

describe.runIf(hasBusybox)("a program as a script", () => {
  it("exits with its code, after its lines of log, and leaves its termination message", async () => {
    const { ended, out, err } = start([
      {
        exitAfter: 300 * MILLI,
        exitCode: 3,
        terminationMessage: "it's over: 100%\n",
        log: [
          { at: 0, line: "begun $HOME 'quoted' \\n" },
          { at: 300 * MILLI, line: "at the end" },
          { at: 400 * MILLI, line: "never" }
        ]
      }
    ])
    assert.deepStrictEqual([await ended, await out, await err], [3, "begun $HOME 'quoted' \\n\nat the end\n", ""])
    assert.strictEqual(readFileSync(join(directory, "message"), "utf8"), "it's over: 100%\n")
  })

  it("ends of TERM after a while, with its code, and goes on with its log until then", async () => {
    const { child, ended, out } = start([
      {
        exitAfter: 100_000 * MILLI,
        onTerm: { exitAfter: 400 * MILLI, exitCode: 7 },
        log: [
          { at: 0, line: "ready" },
          { at: 300 * MILLI, line: "still there" }
        ]
      }
    ])
    await until(
      () => child.stdout?.readableLength ?? 0,
      () => true
    )
    await new Promise((resolve) => setTimeout(resolve, 150))
    child.kill("SIGTERM")
    assert.deepStrictEqual([await ended, await out], [7, "ready\nstill there\n"])
  })

  it("minds no TERM if it ignores it", async () => {
    const { child, ended } = start([{ exitAfter: 600 * MILLI, exitCode: 4, onTerm: "ignore" }])
    await new Promise((resolve) => setTimeout(resolve, 150))
    child.kill("SIGTERM")
    assert.strictEqual(await ended, 4)
  })

  it("answers a command by the age of the process, and leaves others to the image", async () => {
    start([
      {
        execs: [
          { command: ["cat", "/tmp/healthy"], exitCode: 5, takes: 0, from: 0, until: 1_000 * MILLI, output: "not yet" },
          { command: ["cat", "/tmp/healthy"], exitCode: 0, takes: 0, from: 1_000 * MILLI, until: 1_800 * MILLI },
          { command: ["check it's"], exitCode: 9, takes: 0, from: 0, until: undefined }
        ]
      }
    ])
    const health = () => executes("cat", "/tmp/healthy")
    assert.deepStrictEqual(await until(health, ({ code }) => code === 5), { code: 5, out: "not yet" })
    assert.deepStrictEqual(await until(health, ({ code }) => code === 0), { code: 0, out: "" })
    await new Promise((resolve) => setTimeout(resolve, 900))
    assert.deepStrictEqual(health(), { code: 0, out: "" })
    assert.strictEqual(executes("check", "it's").code, 9)
    assert.strictEqual(executes("cat", join(directory, "nothing")).code, 1)
    assert.match(executes("cat", "/proc/uptime").out, /^\d/)
  })

  it("answers HTTP by path and age, and refuses connections outside its windows", async () => {
    const port = await freePort()
    start(
      [
        {
          http: [
            {
              port: undefined,
              path: "/healthz",
              status: 500,
              takes: 0,
              from: 300 * MILLI,
              until: 1_500 * MILLI,
              body: "bad"
            },
            { port, path: "/healthz", status: 204, takes: 0, from: 1_500 * MILLI, until: 3_000 * MILLI },
            { port, path: "/moved", status: 302, takes: 0, from: 0, until: 3_000 * MILLI, location: "/healthz?x" }
          ]
        }
      ],
      { ports: [port] }
    )
    assert.strictEqual(
      await until(
        () => asks(port, "/healthz?q=1"),
        (said) => said === "500 bad"
      ),
      "500 bad"
    )
    assert.strictEqual(await asks(port, "/other"), "404 ")
    assert.strictEqual(await asks(port, "/moved"), "302 ")
    assert.strictEqual(
      await until(
        () => asks(port, "/healthz"),
        (said) => said === "204 "
      ),
      "204 "
    )
    assert.strictEqual(
      await until(
        () => asks(port, "/healthz"),
        (said) => said === "ECONNREFUSED"
      ),
      "ECONNREFUSED"
    )
  })

  it("asks others first, and answers for them when they fail or are late", async () => {
    const [port, backend, nobody] = [await freePort(), await freePort(), await freePort()]
    const always = { takes: 0, from: 0, until: undefined }
    const call = (path: string, to: number, more: object = {}) => ({
      target: { scheme: "http", host: "127.0.0.1", port: to, path },
      timeout: 400 * MILLI,
      otherwise: undefined,
      ...more
    })
    const connecting = (to: number) => ({
      ...call("", to),
      target: { scheme: "tcp", host: "127.0.0.1", port: to, path: "" }
    })
    const asking = (path: string, ...calls: ReadonlyArray<ReturnType<typeof call>>) => ({
      ...always,
      ...{ port, path, status: 200, body: "all well", calls }
    })
    start([
      {
        http: [
          { ...always, port: backend, path: "/ok", status: 200 },
          { ...always, port: backend, path: "/bad", status: 500 },
          { ...always, port: backend, path: "/slow", status: 200, takes: 5_000 * MILLI },
          asking("/good", call("/ok", backend), call("/ok?twice", backend)),
          asking("/broken", call("/ok", backend), call("/bad", backend)),
          asking("/refused", call("/", nobody)),
          asking("/open", connecting(backend)),
          asking("/closed", connecting(nobody)),
          asking("/late", call("/slow", backend)),
          asking("/own", call("/slow", backend, { otherwise: 503 }))
        ],
        execs: [
          { ...always, command: ["ask", "ok"], exitCode: 3, calls: [call("/ok", backend)] },
          { ...always, command: ["ask", "bad"], exitCode: 3, calls: [call("/bad", backend)] },
          { ...always, command: ["ask", "slow"], exitCode: 3, calls: [call("/slow", backend)] }
        ]
      }
    ])
    await until(
      () => asks(port, "/good"),
      (said) => said === "200 all well"
    )
    assert.strictEqual(await asks(port, "/good"), "200 all well")
    assert.strictEqual(await asks(port, "/broken"), "502 ")
    assert.strictEqual(await asks(port, "/refused"), "502 ")
    assert.strictEqual(await asks(port, "/open"), "200 all well")
    assert.strictEqual(await asks(port, "/closed"), "502 ")
    assert.strictEqual(await asks(port, "/late"), "504 ")
    assert.strictEqual(await asks(port, "/own"), "503 ")
    assert.strictEqual(executes("ask", "ok").code, 3)
    assert.deepInclude(executes("ask", "bad"), { code: 1 })
    assert.deepInclude(executes("ask", "slow"), { code: 1 })
  })

  it("waits for what it needs, fails its commands meanwhile, and begins its clock then", async () => {
    const [port, backend] = [await freePort(), await freePort()]
    const always = { takes: 0, from: 0, until: undefined }
    const target = { scheme: "http", host: "127.0.0.1", port: backend, path: "/" }
    const needs = { calls: [{ target, timeout: 400 * MILLI }], every: 200 * MILLI, exitCode: 1 }
    const { ended } = start([
      {
        needs,
        exitAfter: 2_500 * MILLI,
        exitCode: 6,
        http: [{ ...always, port, path: "/", status: 200 }],
        execs: [{ ...always, command: ["look"], exitCode: 0 }]
      }
    ])
    await until(
      () => executes("look").code,
      (code) => code === 1
    )
    // Longer than it would run by itself.
    await new Promise((resolve) => setTimeout(resolve, 2_800))
    assert.strictEqual(await asks(port, "/"), "ECONNREFUSED")
    start([{ http: [{ ...always, port: backend, path: "/", status: 200 }] }], {
      directory: join(directory, "backend")
    })
    await until(
      () => asks(port, "/"),
      (said) => said === "200 "
    )
    assert.strictEqual(executes("look").code, 0)
    assert.strictEqual(await ended, 6)
  })

  it("exits without what it needs, or when it is told to", async () => {
    const target = { scheme: "http", host: "127.0.0.1", port: await freePort(), path: "/" }
    const calls = [{ target, timeout: 400 * MILLI }]
    assert.strictEqual(await start([{ needs: { calls, every: undefined, exitCode: 9 } }]).ended, 9)
    const { child, ended } = start([
      { needs: { calls, every: 5_000 * MILLI, exitCode: 9 }, onTerm: { exitAfter: 200 * MILLI, exitCode: 4 } }
    ])
    await new Promise((resolve) => setTimeout(resolve, 500))
    child.kill("SIGTERM")
    assert.strictEqual(await ended, 4)
  })

  it("answers gRPC health checks by service and age, beside HTTP on the same port", async () => {
    const port = await freePort()
    const check = { port: undefined, takes: 0, from: 0, until: undefined }
    start(
      [
        {
          grpc: [
            { ...check, service: "db", status: "NOT_SERVING", until: 1_500 * MILLI },
            { ...check, service: "db", status: "SERVING" },
            { ...check, service: "", status: "UNKNOWN" },
            { ...check, service: "old", status: "UNIMPLEMENTED" }
          ],
          http: [{ port, path: "/", status: 200, takes: 0, body: "page", from: 0, until: undefined }]
        }
      ],
      { ports: [port] }
    )
    const health = (service: string) => () => checked(port, service)
    assert.deepStrictEqual(await until(health("db"), ({ status }) => status !== undefined), { status: 2, end: "0" })
    assert.deepStrictEqual(await checked(port, ""), { status: 0, end: "0" })
    assert.deepStrictEqual(await checked(port, "other"), { status: undefined, end: "5 unknown service" })
    assert.deepStrictEqual(await checked(port, "old"), {
      status: undefined,
      end: "12 unknown service grpc.health.v1.Health"
    })
    assert.strictEqual((await until(health("db"), ({ status }) => status === 1)).end, "0")
    const response = await fetch(`http://127.0.0.1:${port}/`)
    assert.deepStrictEqual([response.status, await response.text()], [200, "page"])
  })

  it("takes its time for an answer", async () => {
    const port = await freePort()
    start([{ http: [{ port, path: undefined, status: 200, takes: 700 * MILLI, from: 0, until: undefined }] }])
    await until(
      () => takesConnection(port),
      (taken) => taken
    )
    const began = performance.now()
    assert.strictEqual(await asks(port, "/"), "200 ")
    assert.isAtLeast(performance.now() - began, 650)
  })

  it("takes connections on a port while its window is open", async () => {
    const port = await freePort()
    start([{ tcp: [{ port, from: 300 * MILLI, until: 1_500 * MILLI }] }])
    assert.isTrue(
      await until(
        () => takesConnection(port),
        (taken) => taken
      )
    )
    assert.isFalse(
      await until(
        () => takesConnection(port),
        (taken) => !taken
      )
    )
  })

  it("writes as many bytes as it says, also fewer than before", async () => {
    start([
      {
        writes: [
          { at: 0, volume: "data", size: 3 * 1024 * 1024 + 5 },
          { at: 1_200 * MILLI, volume: "data", size: 7 }
        ]
      }
    ])
    const size = () => statSync(join(directory, ".kubereel-written"), { throwIfNoEntry: false })?.size
    assert.strictEqual(await until(size, (bytes) => bytes === 3 * 1024 * 1024 + 5), 3 * 1024 * 1024 + 5)
    assert.strictEqual(await until(size, (bytes) => bytes === 7), 7)
  })

  it("holds memory and lets go of it", async () => {
    const { child } = start([
      {
        memory: [
          { at: 0, usage: 50 * 1024 * 1024 },
          { at: 2_000 * MILLI, usage: 1024 }
        ]
      }
    ])
    const resident = () =>
      execFileSync("ps", ["-o", "rss=", "-g", String(child.pid)], { encoding: "utf8" })
        .split("\n")
        .reduce((sum, line) => sum + Number(line), 0)
    assert.isAtLeast(await until(resident, (kilobytes) => kilobytes > 50_000), 50_000)
    assert.isBelow(await until(resident, (kilobytes) => kilobytes < 30_000), 30_000)
  })

  it("exits with 137 when the kernel killed what held its memory", async () => {
    const { child, ended } = start([{ memory: [{ at: 0, usage: 1024 * 1024 }] }])
    const holder = await until(
      () =>
        execFileSync("ps", ["-o", "pid=,args=", "-g", String(child.pid)], { encoding: "utf8" })
          .split("\n")
          .find((line) => /busybox dd if/.test(line)),
      (line) => line !== undefined
    )
    process.kill(Number.parseInt(holder ?? "", 10), "SIGKILL")
    assert.strictEqual(await ended, 137)
  })

  it("uses the n-th run for its n-th start, and the last one from then on", async () => {
    const runs = [
      { exitAfter: 0, exitCode: 1 },
      { exitAfter: 10 * MILLI, exitCode: 2 },
      { exitAfter: 0, exitCode: 3, writes: [{ at: 0, volume: ROOTFS, size: 0 }] }
    ].map(({ writes: _, ...run }) => run)
    const codes = []
    for (let i = 0; i < 4; i++) codes.push(await start(runs).ended)
    assert.deepStrictEqual(codes, [1, 2, 3, 3])
  })
})
