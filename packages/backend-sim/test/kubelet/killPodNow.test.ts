import { expect, it } from "vitest"
import { podManifest, podMessages, simulate } from "../given.ts"

const evicted = (takes: string) => {
  const manifest = podManifest("p", [])
  const main = {
    name: "main",
    image: "busybox:1",
    volumeMounts: [{ name: "cache", mountPath: "/cache" }],
    lifecycle: { postStart: { exec: { command: ["warm-up"] } } }
  }
  const spec = { containers: [main], volumes: [{ name: "cache", emptyDir: { sizeLimit: "10Mi" } }] }
  return podMessages(
    simulate({
      runs: {
        main: [
          {
            onTerm: { exitAfter: "0s", exitCode: 0 },
            execs: [{ command: ["warm-up"], takes }],
            writes: [{ at: "1s", volume: "cache", size: "20Mi" }]
          }
        ]
      },
      steps: [{ at: "0s", apply: { ...manifest, spec } }],
      until: "300s"
    })
  )
}

it("K-285: a kill that takes longer than it may is told, and goes on", () => {
  const text = "Container runtime did not kill the pod within specified grace period."
  const late = (takes: string) =>
    evicted(takes)
      .filter((line) => line.endsWith(text))
      .map((line) => line.split(" ")[0])
  // A hook that runs holds the kill up; ten seconds are allowed at least.
  expect(late("200s")).toEqual(["ExceededGracePeriod"])
  expect(evicted("200s").some((line) => line.startsWith("Killing"))).toBe(true)
  expect(late("1s")).toEqual([])
})
