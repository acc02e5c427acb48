/** A well-known example that is told elsewhere: a server that answers 500 from its sixth request on. */
import { expect, it } from "vitest"
import { podManifest, podMoments, simulate, timedEvents } from "../given.ts"

it("X-20: after 8 probes and its grace it is killed, at about 110 s, with 137; later it has to wait for its back-off", () => {
  const facts = simulate({
    runs: {
      main: [
        {
          onTerm: "ignore",
          http: [
            { port: 8080, path: "/", status: 200, until: "55s" },
            { port: 8080, path: "/", status: 500, from: "55s" }
          ]
        }
      ]
    },
    steps: [
      {
        at: "0s",
        apply: {
          ...podManifest("kubia-unhealthy", []),
          spec: {
            containers: [{ name: "main", image: "busybox:1", livenessProbe: { httpGet: { path: "/", port: 8080 } } }]
          }
        }
      }
    ],
    until: "900s"
  })
  const unhealthy = timedEvents(facts).filter((line) => line.includes(" Unhealthy "))
  expect(unhealthy[0]).toContain("Liveness probe failed: HTTP probe failed with statuscode: 500")
  const statuses = podMoments(facts, "kubia-unhealthy").map(({ seconds, pod }) => ({
    seconds,
    main: pod.status.containerStatuses?.[0]
  }))
  const first = statuses.find(({ main }) => main?.restartCount === 1)
  expect(first?.seconds).toBeGreaterThan(105)
  expect(first?.seconds).toBeLessThan(125)
  expect(first?.main?.lastState?.terminated?.["exitCode"]).toBe(137)
  const waits = statuses.find(({ main }) => main?.state?.waiting?.["reason"] === "CrashLoopBackOff")
  expect(waits?.main?.restartCount).toBeGreaterThan(0)
  expect(waits?.seconds).toBeGreaterThan(200)
})
