/**
 * What a goroutine does, as a generator: it yields whenever time passes, and others run meanwhile.
 *
 * A component of Kubernetes reads its cache, asks the API server, waits for the answer and goes on with what it remembers. Written
 * so, a controller's sync reads like its original, and whatever can happen between two of its requests can happen here, too.
 */
import type { Micros } from "@kubereel/core"
import type { Engine, Entity } from "../engine/Engine.ts"

/** So long in microseconds, or until the given function is called. */
type Pause = Micros | ((resume: () => void) => void)

/** Yields its pauses, and ends with its result. */
export type Course<Result = void> = Generator<Pause, Result, void>

/** Carries a course out from now on. `entity`: who does it, for things of the same moment. */
export const carryOut = <Result>(
  engine: Engine,
  entity: Entity,
  course: Course<Result>,
  done: (result: Result) => void = () => {}
): void => {
  const go = (): void => {
    for (;;) {
      const { done: ended, value } = course.next()
      if (ended) return done(value)
      if (typeof value === "function") return value(go)
      if (value > 0) return void engine.after(entity, value, go)
    }
  }
  go()
}

/** Carries all of them out at the same time, and goes on when the last has ended; results are in the order of the courses. */
export function* together<Result>(
  engine: Engine,
  entity: Entity,
  courses: ReadonlyArray<Course<Result>>
): Course<ReadonlyArray<Result>> {
  const results: Array<Result> = new Array(courses.length)
  let running = courses.length
  if (running === 0) return results
  yield (resume) => {
    for (const [i, course] of courses.entries())
      carryOut(engine, entity, course, (result) => {
        results[i] = result
        running--
        if (running === 0) resume()
      })
  }
  return results
}
