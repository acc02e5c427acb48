/**
 * A process that appends batches of 37 events to the reel of its first argument until it is killed, and tells each on stdout
 * when it is acknowledged. Its second argument is how many events the reel has.
 */
import { writeSync } from "node:fs"
import { Effect } from "effect"
import { history, inReel } from "./history.ts"

const [file, from] = [process.argv[2] as string, Number(process.argv[3])]

await Effect.runPromise(
  inReel(file, "write", (log) =>
    Effect.gen(function* () {
      for (let next = from; ; next += 37) {
        yield* log.append(history(37, next))
        writeSync(1, `${next + 37}\n`)
      }
    })
  )
)
