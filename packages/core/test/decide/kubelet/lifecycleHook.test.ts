import { describe, expect, it } from "vitest"
import { hookMessage, hookOf } from "../../../src/decide/kubelet/lifecycleHook.ts"
import type { LifecycleHandler } from "../../../src/event/KubernetesObject.ts"
import { container, pod } from "./given.ts"

const message = (handler: LifecycleHandler, error: string, output = "") =>
  hookMessage(pod(), container("main"), hookOf(handler), { error, output })

describe("K-093: the message of a failed hook", () => {
  it("names an exec hook's command as Go prints a list, and what it printed", () => {
    expect(message({ exec: { command: ["sh", "-c", "exit 1"] } }, "command 'sh -c exit 1' exited with 1: ")).toBe(
      'Exec lifecycle hook ([sh -c exit 1]) for Container "main" in Pod "p_n(u)" failed - error: command \'sh -c exit 1\' exited with 1: , message: ""'
    )
  })

  it("shows what the command printed as a Go string", () => {
    expect(message({ exec: { command: ["c"] } }, "failed", 'say "é"\n\u0007\u0001')).toMatch(
      /error: failed, message: "say \\"é\\"\\n\\a\\x01"$/
    )
  })

  it("names an HTTP hook's path", () => {
    expect(message({ httpGet: { path: "/up", port: 80 } }, "refused")).toBe(
      'HTTP lifecycle hook (/up) for Container "main" in Pod "p_n(u)" failed - error: refused'
    )
  })

  it("names how long a hook was to sleep", () => {
    expect(message({ sleep: { seconds: 5 } }, "ended")).toBe(
      'Sleep lifecycle hook (5) for Container "main" in Pod "p_n(u)" failed - error: ended'
    )
  })
})

describe("S-155: tcpSocket is taken by the API and runs nowhere", () => {
  const invalid = (port: string) =>
    `invalid handler: &LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:${port},Host:,},Sleep:nil,}`

  it("the kubelet prints the handler as Go does", () => {
    expect(hookOf({ tcpSocket: { port: 80 } })).toEqual({ _tag: "Invalid", error: invalid("{0 80 }") })
    expect(message({ tcpSocket: { port: "http" } }, "")).toBe(`Cannot run handler: ${invalid("{1 0 http}")}`)
  })
})
