/** Two timelines in two columns. */
import { expect, it } from "vitest"
import { sideBySide } from "../../src/index.ts"
import { recording } from "./recordings.ts"

it("puts the same states of two real runs on one line", () => {
  const lines = sideBySide(recording("trap-term.1"), recording("trap-term.2"), {
    width: 120,
    labels: ["simulated", "real"]
  }).split("\n")
  expect(lines[0]).toMatch(/^simulated {3,}real$/)
  expect(lines.at(-3)).toMatch(/^ {3}8\.850s {2}grace 30s → 0s +≈ +8\.307s {2}grace 30s → 0s$/)
  expect(lines.slice(1, -1).every((line) => line.includes(" ≈ "))).toBe(true)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
})

it("marks what one side only has, what is outside the tolerance and what lies after the end", () => {
  const marks = (a: string, b: string): Set<string> => {
    const lines = sideBySide(recording(a), recording(b), { width: 100 }).split("\n").slice(1, -1)
    return new Set(lines.map((line) => /[≈!<>…](?= {2,}\d|$)|(?<= )[<…](?=$)/.exec(line.slice(45))?.[0] ?? "?"))
  }
  expect(marks("crash-loop.1", "crash-loop.2")).toContain("…")
  expect(marks("crash-loop.1", "crash-loop.3")).toContain(">")
  const late = recording("trap-term.1").map((event) =>
    event._tag === "ObjectChanged" && event.change === "DELETED"
      ? { ...event, observed: ((event.observed ?? 0) + 9_000_000) as never }
      : event
  )
  expect(sideBySide(recording("trap-term.1"), late, { width: 100 })).toMatch(/8\.853s {2}gone +! +17\.853s {2}gone/)
})

it("names the objects where there are several, without their generated parts", () => {
  const said = sideBySide(recording("deployment-scale.1"), recording("deployment-scale.2"), { width: 140 })
  expect(said).toMatch(/^web-\*-\* +0\.023s {2}Pending/m)
  expect(said).toMatch(/^Deployment\/web/m)
})
