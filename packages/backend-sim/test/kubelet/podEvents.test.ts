import { describe, expect, it } from "vitest"
import { podManifest, podMessages, simulate, timedEvents } from "../given.ts"

const apply = (manifest: object) => ({ at: "0s", apply: manifest })
const deletePod = (at: string, more: object = {}) => ({ at, delete: { kind: "Pod", name: "p", ...more } })
const stopsAtOnce = { onTerm: { exitAfter: "0s", exitCode: 0 } }

describe("the words about it", () => {
  const facts = simulate({
    runs: { main: [stopsAtOnce] },
    steps: [
      apply({
        ...podManifest("p", ["main"]),
        spec: {
          initContainers: [{ name: "i", image: "busybox:1", restartPolicy: "Always" }],
          containers: [{ name: "main", image: "busybox:1" }]
        }
      }),
      deletePod("8s")
    ],
    until: "50s"
  })

  it("T-09: Created and Started do not name the container, their fieldPath does", () => {
    const messages = podMessages(facts)
    expect(messages.filter((line) => line.startsWith("Created"))).toEqual([
      "Created x1: Container created",
      "Created x1: Container created"
    ])
    expect(
      timedEvents(facts)
        .filter((line) => / Started /.test(line))
        .map((line) => line.split(" ").at(-1))
    ).toEqual(["i", "main"])
  })

  it("K-320: the fieldPath says in which list of the spec it stands; the pod itself has none", () => {
    const paths = facts.flatMap((fact) =>
      fact._tag === "ObjectChanged" && (fact.object as { kind?: string }).kind === "Event"
        ? [(fact.object as { involvedObject?: { fieldPath?: string } }).involvedObject?.fieldPath]
        : []
    )
    expect(new Set(paths)).toEqual(new Set([undefined, "spec.initContainers{i}", "spec.containers{main}"]))
  })

  it("K-333, S-041: who bound the pod is the scheduler's to say, not the kubelet's", () => {
    const by = facts.flatMap((fact) => {
      const event = fact._tag === "ObjectChanged" ? (fact.object as { kind?: string; reason?: string }) : {}
      const from = event as { source?: { component?: string }; reportingComponent?: string }
      return event.kind === "Event" && event.reason === "Scheduled"
        ? [from.source?.component || from.reportingComponent]
        : []
    })
    expect(by).toEqual(["default-scheduler"])
  })
})
