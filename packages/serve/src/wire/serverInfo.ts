/** What a server says of itself: its version, and that it is well. */
import type { JsonObject } from "@kubereel/core"
import type { WireAnswer } from "./answer.ts"

/**
 * `/version` of a server of this release (`v1.36.3`; `k8s.io/apimachinery/pkg/version/types.go`). Of the build it says what sources
 * say that were built without one (`k8s.io/component-base/version/base.go`).
 */
export const versionInfo = (release: string): JsonObject => {
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(release) ?? []
  const emulated = Number(minor) >= 31
  return {
    major,
    minor,
    ...(emulated
      ? {
          emulationMajor: major,
          emulationMinor: minor,
          minCompatibilityMajor: major,
          minCompatibilityMinor: String(Number(minor) - 1)
        }
      : {}),
    gitVersion: release,
    gitCommit: "",
    gitTreeState: "",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "",
    platform: ""
  }
}

/** Is the path one at which a server says that it is well? */
export const isHealthPath = (path: string): boolean => /^\/(?:healthz|livez|readyz)(?:\/ping)?$/.test(path)

const plainText = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" }

/** `/healthz`, `/livez`, `/readyz`, with their one check `ping` (`k8s.io/apiserver/pkg/server/healthz/healthz.go`). */
export const healthAnswer = (path: string, query: URLSearchParams): WireAnswer => {
  const [, name = "", check] = path.split("/")
  if (check !== undefined || !query.has("verbose")) return { code: 200, headers: plainText, body: "ok" }
  const excluded = [...new Set(query.getAll("exclude"))]
  const others = excluded.filter((other) => other !== "ping").toSorted()
  const lines = [
    excluded.includes("ping") ? "[+]ping excluded: ok" : "[+]ping ok",
    ...(others.length === 0
      ? []
      : [
          `warn: some health checks cannot be excluded: no matches for ${others.map((other) => JSON.stringify(other)).join(",")}`
        ]),
    `${name} check passed`
  ]
  return { code: 200, headers: plainText, body: `${lines.join("\n")}\n` }
}
