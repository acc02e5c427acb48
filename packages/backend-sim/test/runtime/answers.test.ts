import { SECOND } from "@kubereel/core"
import { describe, expect, it } from "vitest"
import { type Answerer, execReply, grpcReply, httpReply, tcpReply } from "../../src/runtime/answers.ts"
import { undeclared } from "../../src/runtime/programs.ts"

const always = { from: 0, until: undefined }

const answerer = (run: Partial<Answerer["run"]>, seconds: number, image = "docker.io/library/busybox:1"): Answerer => ({
  id: "c",
  image,
  run: { ...undeclared, ...run },
  since: seconds * SECOND
})

const get = (port: number, path: string, scheme = "http") => ({ port, path, scheme })

describe("a command", () => {
  const command = ["cat", "/tmp/r"]
  const execs = [
    { command, exitCode: 1, takes: 0, from: 0, until: 5 * SECOND },
    { command, exitCode: 0, takes: SECOND, from: 5 * SECOND, until: undefined }
  ]

  it("is answered by the entry whose window is open, until one opens or closes", () => {
    expect(execReply(answerer({ execs }, 3), command)).toEqual({
      answer: {
        exitCode: 1,
        output: "cat: can't open '/tmp/r': No such file or directory\n",
        stderr: "cat: can't open '/tmp/r': No such file or directory\n",
        takes: 0
      },
      holds: 2 * SECOND
    })
    expect(execReply(answerer({ execs }, 5), command)).toEqual({
      answer: { exitCode: 0, output: "", stderr: "", takes: SECOND },
      holds: Number.POSITIVE_INFINITY
    })
  })

  it("prints what it is declared to print, or what its image's tool prints", () => {
    const failing = (image: string, asked: ReadonlyArray<string>, output?: string) =>
      execReply(answerer({ execs: [{ ...always, command: asked, exitCode: 1, takes: 0, output }] }, 1, image), asked)
        .answer.output
    expect(failing("debian:12", command)).toBe("cat: /tmp/r: No such file or directory\n")
    expect(failing("127.0.0.1:5000/busybox:1", ["sh", "-c", "cat /a"])).toBe(
      "cat: can't open '/a': No such file or directory\n"
    )
    expect(failing("alpine", ["sh", "-c", "sleep 3; exit 1"])).toBe("")
    expect(failing("alpine", command, "no way")).toBe("no way")
  })

  it("succeeds at once when nobody said anything of it", () => {
    expect(execReply(answerer({}, 1), ["true"]).answer).toEqual({ exitCode: 0, output: "", stderr: "", takes: 0 })
  })
})

describe("a port", () => {
  it("is closed unless some process of the pod has it open", () => {
    const late = answerer({ tcp: [{ port: 80, from: 4 * SECOND, until: undefined }] }, 1)
    expect(tcpReply([answerer({}, 1), late], 80)).toEqual({ answer: false, holds: 3 * SECOND })
    expect(tcpReply([answerer({}, 1), { ...late, since: 4 * SECOND }], 80).answer).toBe(true)
    expect(httpReply([late], get(80, "/")).answer).toEqual({ _tag: "Refused" })
  })

  it("answers requests by path, and 404 for a path that nobody declared", () => {
    const server = answerer({ http: [{ ...always, port: 80, path: "/ok", status: 503, takes: 0 }] }, 1)
    expect(httpReply([server], get(80, "/ok?x=1")).answer).toMatchObject({ status: 503 })
    expect(httpReply([server], get(80, "/else")).answer).toMatchObject({ status: 404 })
    expect(tcpReply([server], 80).answer).toBe(true)
    expect(tcpReply([server], 81).answer).toBe(false)
  })

  it("K-092: a server speaks what it is declared to speak, or whatever it is asked in", () => {
    const speaks = (scheme?: "HTTP" | "HTTPS") =>
      answerer({ http: [{ ...always, port: 80, path: undefined, scheme, status: 200, takes: 0 }] }, 1)
    const answers = (scheme: string) =>
      [undefined, "HTTP" as const, "HTTPS" as const].map(
        (spoken) => httpReply([speaks(spoken)], get(80, "/", scheme)).answer
      )
    expect(answers("http")).toMatchObject([{ status: 200 }, { status: 200 }, { status: 400 }])
    expect(answers("https")).toMatchObject([{ status: 200 }, { _tag: "PlainHttp" }, { status: 200 }])
  })

  it("says nothing to a request when it only takes connections", () => {
    expect(httpReply([answerer({ tcp: [{ ...always, port: 80 }] }, 1)], get(80, "/")).answer).toEqual({
      _tag: "Silent"
    })
  })

  it("answers health checks by service", () => {
    const server = answerer({ grpc: [{ ...always, port: 50, service: "a", status: "NOT_SERVING", takes: 0 }] }, 1)
    expect(grpcReply([server], 50, "a").answer).toMatchObject({ status: "NOT_SERVING" })
    expect(grpcReply([server], 50, "b").answer).toEqual({ _tag: "UnknownService" })
    expect(grpcReply([server], 51, "a").answer).toEqual({ _tag: "Unreachable" })
    expect(httpReply([server], get(50, "/")).answer).toEqual({ _tag: "NotHttp" })
  })
})
