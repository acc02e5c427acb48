/** Which parts of a scenario no machinery of the simulator acts upon yet: named in warnings, never ignored in silence. */
import { notSimulated } from "../decide/apiserver/notSimulated.ts"
import { formatDuration } from "../event/duration.ts"
import type { ImageSpec, Intention, ProgramRun, Scenario, Step } from "./Scenario.ts"

/** What a run may say and nobody hears yet, each with a test for it. */
const runParts: { readonly [part: string]: (run: ProgramRun) => boolean } = {
  startError: (run) => run.startError !== undefined,
  terminationMessage: (run) => run.terminationMessage !== undefined
}

const imageParts: { readonly [part: string]: (image: ImageSpec) => boolean } = {
  "present: false": (image) => !image.present,
  pull: (image) => image.pull !== undefined,
  error: (image) => image.error !== undefined
}

/** Kinds that a step may delete. */
const deletable = ["Pod", "pod", "pods", "po"]

const names = <Value>(
  parts: { readonly [part: string]: (value: Value) => boolean },
  value: Value
): ReadonlyArray<string> => Object.keys(parts).filter((part) => parts[part]?.(value))

const ofIntention = (intention: Intention): ReadonlyArray<string> => {
  switch (intention._tag) {
    case "Apply":
      return intention.objects.flatMap((object) =>
        notSimulated(object).map(
          (sentence) =>
            `${sentence.replace("not simulated: ", "")} (${object.kind} ${object.metadata.name ?? object.metadata.generateName ?? ""})`
        )
      )
    case "Delete":
      return [
        ...(deletable.includes(intention.kind) ? [] : [`delete of a ${intention.kind}`]),
        ...(intention.propagationPolicy === undefined || intention.propagationPolicy === "Background"
          ? []
          : [`delete.propagationPolicy ${intention.propagationPolicy}`])
      ]
    case "Kill":
      return []
    case "Other":
      return [intention.verb]
  }
}

const ofStep = ({ at, intention }: Step): ReadonlyArray<string> =>
  ofIntention(intention).map((what) =>
    intention._tag === "Apply" ? what : `the step at ${formatDuration(at)}: ${what}`
  )

/** A sentence for each such part, once: `not simulated: spec.programs[0].runs[1].http`, `not simulated: the step at 5s: patch`. */
export const notSimulatedScenario = (scenario: Scenario): ReadonlyArray<string> => {
  const images = scenario.images.flatMap((image, i) =>
    names(imageParts, image).map((part) => `spec.images[${i}].${part}`)
  )
  const runs = scenario.programs.flatMap(({ runs: all }, i) =>
    all.flatMap((run, j) =>
      [...names(runParts, run), ...Object.keys(run.others)].map((part) => `spec.programs[${i}].runs[${j}].${part}`)
    )
  )
  return [...new Set([...images, ...runs, ...scenario.steps.flatMap(ofStep)])].map((what) => `not simulated: ${what}`)
}
