import { describe, expect, it } from "vitest"
import { lifeOf, podLives } from "../../src/property/PodLaw.ts"
import { podLaws } from "../../src/property/podLaws.ts"
import { recording, scenarioNames } from "../view/recordings.ts"

const lives = scenarioNames.flatMap((scenario) =>
  [1, 2, 3].flatMap((run) =>
    podLives(recording(`${scenario}.${run}`)).map((life) => ({ life, name: `${scenario}.${run}` }))
  )
)

it("there are lives enough to try them on", () => {
  expect(lives.length).toBeGreaterThan(400)
  expect(new Set(podLaws.map(({ id }) => id)).size).toBe(podLaws.length)
})

describe.each(podLaws)("$id: $sentence", ({ counterexample, violatedAt }) => {
  it("in every life that a real cluster showed", () => {
    expect(lives.filter(({ life }) => violatedAt(life) !== undefined).map(({ name }) => name)).toEqual([])
  })

  it("and the check can fail", () => {
    expect(violatedAt(counterexample)).toBe(counterexample.versions.length - 1)
  })
})

it("L22: a container may lose `started` before it is ready no more, and is never ready without it before", () => {
  const main = { name: "main", image: "i", imageID: "", containerID: "c://1", state: { running: {} }, restartCount: 0 }
  const version = (more: object) => ({
    status: { containerStatuses: [{ ...main, ready: true, started: true, ...more }] }
  })
  const [broken] = podLaws.filter(({ id }) => id === "L22")
  const at = (...versions: ReadonlyArray<object>) => broken?.violatedAt(lifeOf(...versions.map(version)))
  expect(at({}, { started: false }, { started: false, ready: false })).toBe(undefined)
  expect(at({ started: false })).toBe(0)
  expect(at({ ready: false, started: false }, { started: false })).toBe(1)
  expect(at({}, { started: false, containerID: "c://2" })).toBe(1)
})

it("L40, L42: a container that was created when the kubelet was restarted never ran, and is started anew", () => {
  const container = (more: object) => ({
    name: "main",
    ready: false,
    restartCount: 0,
    image: "i",
    imageID: "",
    ...more
  })
  const created = container({ state: { waiting: {} }, lastState: {} })
  const running = container({ state: { running: {} }, lastState: { waiting: {} }, restartCount: 1 })
  const spec = { containers: [], restartPolicy: "Never" }
  const life = lifeOf(
    { spec, status: { containerStatuses: [created] } },
    { spec, status: { containerStatuses: [running] } }
  )
  expect(podLaws.filter(({ violatedAt }) => violatedAt(life) !== undefined)).toEqual([])
})
