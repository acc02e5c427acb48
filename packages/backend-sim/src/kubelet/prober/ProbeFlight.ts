/** A probe on its way: it ends when its answer is there, when its container dies, or when it is called off. */
import type { Instant, ProbeOutcome } from "@kubereel/core"
import type { Engine, Handle } from "../../engine/Engine.ts"
import type { Course, Probed } from "./probeCourse.ts"

export interface FlightPlan {
  readonly engine: Engine
  readonly entity: string
  readonly probed: Probed
  readonly course: Pick<Course, "outcome" | "death" | "behind">
  /** When it was sent. */
  readonly sent: Instant
  /** When the way to the container was over. */
  readonly arrives: Instant
  readonly lands: Instant
}

export class ProbeFlight {
  readonly #done: (outcome: ProbeOutcome) => void
  readonly #release: () => void
  #over = false

  constructor(
    { arrives, course, engine, entity, lands, probed, sent }: FlightPlan,
    done: (outcome: ProbeOutcome) => void
  ) {
    this.#done = done
    const landing = engine.schedule(entity, lands, () => this.end(course.outcome))
    const { death } = course
    // In a turn of its own, so that it does not matter who else waits for that death, and since when.
    let dying: Handle | undefined
    const forget =
      death &&
      probed.runtime.onExit(probed.uid, probed.id, () => {
        const outcome = death(engine.now - arrives)
        dying = engine.after(entity, 0, () => this.end(outcome))
      })
    // Who dies before it is asked, or when it has answered, changes nothing of what was found out.
    const others = (course.behind ?? []).map(({ hop, outcome }) =>
      hop.runtime.onDisconnect(hop.uid, hop.id, () => {
        const elapsed = engine.now - sent
        if (elapsed < hop.begins || elapsed >= hop.ends) return
        dying ??= engine.after(entity, 0, () => this.end(outcome))
      })
    )
    this.#release = () => {
      engine.cancel(landing)
      for (const cancel of others) cancel()
      if (dying !== undefined) engine.cancel(dying)
      forget?.()
    }
  }

  /** Only the first end counts. */
  end(outcome: ProbeOutcome): void {
    if (this.#over) return
    this.#over = true
    this.#release()
    this.#done(outcome)
  }
}
