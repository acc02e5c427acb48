import { describe, expect, it } from "vitest"
import { execLocation } from "../../../src/decide/apiserver/execLocation.ts"
import { execStatus } from "../../../src/decide/apiserver/execStatus.ts"
import { type validateHandler, validateLifecycle } from "../../../src/decide/apiserver/validateHandler.ts"
import { latestRelease, releaseOf } from "../../../src/decide/kubelet/featureGates.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { container, podObject } from "../kubelet/given.ts"
import { manifest, refused, stored, container as unstored } from "./pods.ts"

/** `field: message` of each error. */
const errors = (list: ReturnType<typeof validateHandler>) => list.map(({ body, field }) => `${field}: ${body}`)
const hook = (handler: JsonObject) => errors(validateLifecycle({ lifecycle: { preStop: handler } }, "c", { grace: 30 }))

describe("a hook's handler", () => {
  it("S-154: is one and not two", () => {
    expect(hook({})).toEqual(["c.lifecycle.preStop: Required value: must specify a handler type"])
    expect(hook({ exec: { command: ["a"] }, sleep: { seconds: 1 } })).toEqual([
      "c.lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type"
    ])
    expect(hook({ exec: { command: ["a"] } })).toEqual([])
  })

  it("S-153: may sleep for no longer than the grace period, and for no time", () => {
    expect([0, 30].map((seconds) => hook({ sleep: { seconds } }))).toEqual([[], []])
    expect([-1, 31].flatMap((seconds) => hook({ sleep: { seconds } }))).toEqual(
      [-1, 31].map(
        (seconds) =>
          `c.lifecycle.preStop.sleep: Invalid value: ${seconds}: must be non-negative and less than terminationGracePeriodSeconds (30)`
      )
    )
  })

  it("S-153: may sleep for no time since PodLifecycleSleepActionAllowZero", () => {
    const old = (version: string) => {
      const release = releaseOf(version) ?? latestRelease
      const lifecycle = { preStop: { sleep: { seconds: 0 } } }
      return errors(validateLifecycle({ lifecycle }, "c", { grace: 30, release }))
    }
    expect(old("1.33")).toEqual([])
    expect(old("1.32")).toEqual([
      "c.lifecycle.preStop.sleep: Invalid value: 0: must be greater than 0 and less than terminationGracePeriodSeconds (30). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep."
    ])
  })

  it("needs a command, a port, a scheme and headers that HTTP knows", () => {
    expect(hook({ exec: {} })).toEqual(["c.lifecycle.preStop.exec.command: Required value"])
    expect(hook({ tcpSocket: { port: 70_000 } })).toEqual([
      "c.lifecycle.preStop.tcpSocket.port: Invalid value: 70000: must be between 1 and 65535, inclusive"
    ])
    expect(
      hook({ httpGet: { path: "/", port: "web", scheme: "FTP", httpHeaders: [{ name: "a b", value: "" }] } })
    ).toEqual([
      'c.lifecycle.preStop.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"',
      `c.lifecycle.preStop.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`
    ])
  })
})

describe("hooks", () => {
  const of = (hook: string) =>
    manifest({ containers: [unstored({ lifecycle: { [hook]: { exec: { command: ["a"] } } } })] })

  it("S-149: are two: none comes before the start and none after the stop", () => {
    for (const hook of ["postStart", "preStop"])
      expect(stored(of(hook)).spec.containers[0]?.lifecycle).toHaveProperty(hook)
    for (const hook of ["preStart", "postStop"])
      expect(refused(of(hook)).message).toContain(`unknown field "spec.containers[0].lifecycle.${hook}"`)
  })
})

describe("a probe's handler", () => {
  const kinds = ["livenessProbe", "startupProbe", "readinessProbe"]
  const of = (probe: JsonObject, kind = "livenessProbe") => manifest({ containers: [unstored({ [kind]: probe })] })

  it("S-194: is one of four", () => {
    const httpGet = { port: 80 }
    for (const handler of [
      { httpGet },
      { tcpSocket: { port: 80 } },
      { exec: { command: ["a"] } },
      { grpc: { port: 80 } }
    ])
      for (const kind of kinds) expect(stored(of(handler, kind)).spec.containers[0]).toHaveProperty(kind)
    expect(refused(of({ httpGet, tcpSocket: { port: 80 } })).message).toContain(
      "may not specify more than 1 handler type"
    )
    expect(refused(of({})).message).toContain("must specify a handler type")
    expect(refused(of({ sleep: { seconds: 1 } })).message).toContain(
      'unknown field "spec.containers[0].livenessProbe.sleep"'
    )
  })

  it("S-197: asks by HTTP as a hook does: a port by number or name, scheme, host and headers", () => {
    const httpGet = { port: "web", path: "/x", scheme: "HTTPS", host: "h", httpHeaders: [{ name: "X-A", value: "1" }] }
    const [made] = stored(
      manifest({ containers: [unstored({ livenessProbe: { httpGet }, lifecycle: { postStart: { httpGet } } })] })
    ).spec.containers
    expect(made?.livenessProbe?.httpGet).toEqual(httpGet)
    expect(made?.lifecycle?.postStart?.httpGet).toEqual(httpGet)
    for (const wrong of [{ port: "no_port" }, { port: 0 }, { port: 80, scheme: "FTP" }]) {
      const inProbe = refused(of({ httpGet: wrong })).message
      const inHook = refused(
        manifest({ containers: [unstored({ lifecycle: { postStart: { httpGet: wrong } } })] })
      ).message
      expect(inProbe?.replace("livenessProbe", "lifecycle.postStart")).toBe(inHook)
    }
  })

  it("X-14, S-205: one success is enough; only a readiness probe may ask for more", () => {
    const twice = { exec: { command: ["a"] }, successThreshold: 2 }
    expect(stored(of(twice, "readinessProbe")).spec.containers[0]?.readinessProbe?.successThreshold).toBe(2)
    for (const kind of ["livenessProbe", "startupProbe"])
      expect(refused(of(twice, kind)).message).toBe(
        `Pod "p" is invalid: spec.containers[0].${kind}.successThreshold: Invalid value: 2: must be 1`
      )
  })
})

describe("exec", () => {
  const two = podObject({ containers: [container("a"), container("b")], nodeName: "n" })

  it("goes to the only container, or to the one that is named", () => {
    expect(execLocation(podObject({ nodeName: "n" }), undefined)).toMatchObject({ success: "main" })
    expect(execLocation(two, "b")).toMatchObject({ success: "b" })
  })

  it("is refused where it is not clear, wrong, or too early", () => {
    const refusal = (pod: typeof two, name?: string) => {
      const result = execLocation(pod, name)
      return "failure" in result ? `${result.failure.code} ${result.failure.message}` : undefined
    }
    expect(refusal(two)).toBe("400 a container name must be specified for pod p, choose one of: [a b]")
    expect(refusal(two, "c")).toBe("400 container c is not valid for pod p")
    expect(refusal(podObject())).toBe("400 pod p does not have a host assigned")
  })

  it("says how the command ended", () => {
    expect(execStatus(["true"], 0).status).toBe("Success")
    expect(execStatus(["sh", "-c", "exit 3"], 3)).toMatchObject({
      reason: "NonZeroExitCode",
      message: "command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3",
      details: { causes: [{ reason: "ExitCode", message: "3" }] }
    })
  })
})
