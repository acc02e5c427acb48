import { describe, expect, it } from "vitest"
import { healthAnswer, isHealthPath, versionInfo } from "../../src/wire/serverInfo.ts"

describe("versionInfo", () => {
  it("C-192: has every field that Kubernetes has", () => {
    expect(versionInfo("v1.36.3")).toEqual({
      major: "1",
      minor: "36",
      emulationMajor: "1",
      emulationMinor: "36",
      minCompatibilityMajor: "1",
      minCompatibilityMinor: "35",
      gitVersion: "v1.36.3",
      gitCommit: "",
      gitTreeState: "",
      buildDate: "1970-01-01T00:00:00Z",
      goVersion: "",
      compiler: "",
      platform: ""
    })
    expect(versionInfo("v1.30.0")).not.toHaveProperty("emulationMajor")
  })
})

describe("healthAnswer", () => {
  it("C-199: says ok, or which checks passed", () => {
    const body = (path: string, query = "") => healthAnswer(path, new URLSearchParams(query)).body
    expect(body("/healthz")).toBe("ok")
    expect(body("/livez/ping", "verbose")).toBe("ok")
    expect(body("/readyz", "verbose")).toBe("[+]ping ok\nreadyz check passed\n")
    expect(body("/livez", "verbose=1&exclude=ping&exclude=etcd")).toBe(
      '[+]ping excluded: ok\nwarn: some health checks cannot be excluded: no matches for "etcd"\nlivez check passed\n'
    )
  })

  it("is found at the paths of Kubernetes", () => {
    expect(["/healthz", "/livez", "/readyz", "/livez/ping"].every(isHealthPath)).toBe(true)
    expect(["/health", "/livez/etcd", "/healthz/"].some(isHealthPath)).toBe(false)
  })
})
