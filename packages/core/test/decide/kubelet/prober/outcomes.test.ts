import { describe, expect, it } from "vitest"
import { execProbe } from "../../../../src/decide/kubelet/prober/execProbe.ts"
import { expand } from "../../../../src/decide/kubelet/prober/expansion.ts"
import { httpProbe } from "../../../../src/decide/kubelet/prober/httpProbe.ts"
import { countedResult, probeEvent } from "../../../../src/decide/kubelet/prober/ProbeOutcome.ts"
import { probeTarget, resolveContainerPort } from "../../../../src/decide/kubelet/prober/probeTarget.ts"
import { grpcProbe, tcpProbe } from "../../../../src/decide/kubelet/prober/socketProbes.ts"
import type { HttpReply } from "../../../../src/decide/kubelet/replies.ts"
import { SECOND } from "../../../../src/event/Instant.ts"

const container = { name: "c", image: "i", ports: [{ name: "web", containerPort: 8080 }] }

describe("a probe that executes a command", () => {
  const command = ["sh", "-c", 'echo "a"']

  it("S-199: fails with what the command printed, 10 KiB at most, when it exits with another code than 0", () => {
    const output = "x".repeat(20_000)
    expect(execProbe({ _tag: "Exited", exitCode: 1, output: "no\n" }, command, SECOND)).toEqual({
      _tag: "Failure",
      output: "no\n"
    })
    expect(execProbe({ _tag: "Exited", exitCode: 1, output }, command, SECOND)).toEqual({
      _tag: "Failure",
      output: "x".repeat(10_240)
    })
    expect(execProbe({ _tag: "Exited", exitCode: 0, output }, command, SECOND)).toEqual({ _tag: "Success" })
  })

  it("S-199: says how long it waited for a command that takes too long", () => {
    expect(execProbe({ _tag: "TimedOut" }, command, 90 * SECOND)).toEqual({
      _tag: "Failure",
      output: 'command timed out: "sh -c echo \\"a\\"" timed out after 1m30s'
    })
  })

  it("T-16, K-157, S-199: that cannot be started is an error, which counts for nothing", () => {
    const outcome = execProbe({ _tag: "Refused", error: "rpc error: x" }, command, SECOND)
    expect(countedResult(outcome)).toBeUndefined()
    expect(probeEvent("liveness", outcome)).toEqual({
      reason: "Unhealthy",
      message: "Liveness probe errored and resulted in unknown state: rpc error: x"
    })
  })

  it("K-166: knows the container's literal variables and no others", () => {
    const environment = [
      { name: "A", value: "1" },
      { name: "B", valueFrom: {} }
    ]
    expect(expand("$(A) $(B)| $(C) $$(A) $x $", environment)).toBe("1 | $(C) $(A) $x $")
    expect(probeTarget({ exec: { command: ["$(A)"] } }, { ...container, env: environment }, "")).toEqual({
      _tag: "Exec",
      command: ["1"]
    })
  })
})

describe("a probe that sends an HTTP request", () => {
  const target = { scheme: "http", host: "10.0.0.5", port: 80, path: "/a b" }
  const response = (status: number, more: object = {}): HttpReply => ({
    _tag: "Response",
    status,
    takes: 0,
    body: "",
    location: undefined,
    ...more
  })
  const ask = (...replies: ReadonlyArray<HttpReply>) => {
    const asked: Array<string> = []
    const left = [...replies]
    const probe = httpProbe(target, SECOND, ({ host, path, port }) => {
      asked.push(`${host}:${port}${path}`)
      return left.length > 1 ? left.shift()! : left[0]!
    })
    return { ...probe, asked }
  }

  it("K-165, S-195, S-212: takes 200 to 399 for a success and names any other status", () => {
    expect(ask(response(204)).outcome).toEqual({ _tag: "Success" })
    expect(ask(response(400, { body: "secret" })).outcome).toEqual({
      _tag: "Failure",
      output: "HTTP probe failed with statuscode: 400"
    })
  })

  it("S-196: fails with the words of Go's client: refused, nothing said, not in time", () => {
    const words = (reply: HttpReply) => (ask(reply).outcome as { output: string }).output
    expect(words({ _tag: "Refused" })).toBe(
      'Get "http://10.0.0.5:80/a%20b": dial tcp 10.0.0.5:80: connect: connection refused'
    )
    expect(words({ _tag: "Silent" })).toBe(
      'Get "http://10.0.0.5:80/a%20b": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    )
    expect(words({ _tag: "NotHttp" })).toContain("malformed HTTP response")
    expect(words({ _tag: "PlainHttp" })).toContain("http: server gave HTTP response to HTTPS client")
    expect(ask(response(200, { takes: SECOND }))).toMatchObject({ outcome: { _tag: "Failure" }, takes: SECOND })
  })

  it("follows redirects within the host, ten at most", () => {
    const to = (location: string) => response(302, { location })
    const followed = ask(to("/b"), to("c"), to("http://10.0.0.5:81/d"), response(200))
    expect(followed.asked).toEqual(["10.0.0.5:80/a b", "10.0.0.5:80/b", "10.0.0.5:80/c", "10.0.0.5:81/d"])
    expect(followed.outcome).toEqual({ _tag: "Success" })
    expect((ask(to("b"), { _tag: "Refused" }).outcome as { output: string }).output).toBe(
      'Get "http://10.0.0.5:80/b": dial tcp 10.0.0.5:80: connect: connection refused'
    )
    expect(ask(to("/loop"))).toMatchObject({
      outcome: { _tag: "Failure", output: 'Get "/loop": stopped after 10 redirects' }
    })
  })

  it("T-17, S-195: succeeds with a warning when it is sent to another host", () => {
    const { outcome } = ask(response(301, { location: "http://other/", body: "moved" }))
    expect(countedResult(outcome)).toBe("Success")
    expect(probeEvent("readiness", outcome)).toEqual({
      reason: "ProbeWarning",
      message: "Readiness probe warning: Probe terminated redirects, Response body: moved"
    })
    expect(ask(response(304)).outcome._tag).toBe("Warning")
  })

  it("K-167, S-195, S-197: asks the pod's own address unless it names a host; an unknown address is empty", () => {
    const http = (httpGet: object, podIP: string) =>
      probeTarget({ httpGet: { port: "web", ...httpGet } }, container, podIP)
    expect(http({ scheme: "HTTPS", path: "/x" }, "10.0.0.5")).toEqual({
      _tag: "Http",
      scheme: "https",
      host: "10.0.0.5",
      port: 8080,
      path: "/x"
    })
    expect(http({ host: "h" }, "10.0.0.5")).toMatchObject({ host: "h" })
    expect(http({}, "")).toMatchObject({ host: "" })
  })

  it("K-157: cannot ask a port that no container port names", () => {
    expect(resolveContainerPort("nope", container)).toEqual({ error: 'strconv.Atoi: parsing "nope": invalid syntax' })
    expect(resolveContainerPort("81", container)).toEqual({ port: 81 })
    expect(resolveContainerPort(70_000, container)).toEqual({ error: "invalid port number: 70000" })
  })
})

describe("a probe that opens a connection", () => {
  it("S-198: succeeds when somebody takes it, in time", () => {
    expect(tcpProbe("Accepted", "10.0.0.5:80")).toEqual({ _tag: "Success" })
    expect(tcpProbe("Refused", "10.0.0.5:80")).toMatchObject({
      output: "dial tcp 10.0.0.5:80: connect: connection refused"
    })
    expect(tcpProbe("Silent", "[fd00::5]:80")).toMatchObject({ output: "dial tcp [fd00::5]:80: i/o timeout" })
  })

  it("asks a gRPC server for its health", () => {
    const output = (reply: Parameters<typeof grpcProbe>[0]) =>
      (grpcProbe(reply, "10.0.0.5:50", 2 * SECOND) as { output?: string }).output
    const status = (name: string, takes = 0) => ({ _tag: "Status", status: name, takes }) as const
    expect(output(status("SERVING"))).toBeUndefined()
    expect(output(status("NOT_SERVING"))).toBe('service unhealthy (responded with "NOT_SERVING")')
    expect(output(status("SERVING", 2 * SECOND))).toBe("timeout: health rpc did not complete within 2s")
    expect(output({ _tag: "Unreachable" })).toBe(
      'timeout: failed to connect service "10.0.0.5:50" within 2s: context deadline exceeded'
    )
    expect(output({ _tag: "UnknownService" })).toBe(
      "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service"
    )
    expect(output(status("UNIMPLEMENTED"))).toContain(
      "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
    )
  })
})
