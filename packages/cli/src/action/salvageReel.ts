/** What `kubereel salvage` does. */
import { realpathSync } from "node:fs"
import { Effect, Stream } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import { sniff, unopened } from "../input/sniff.ts"
import { boundMemory } from "../output/boundMemory.ts"
import { speaking } from "../output/messages.ts"
import * as Speech from "../output/Speech.ts"
import { print } from "../output/stdout.ts"
import { writeReel } from "../output/writeReel.ts"
import { Remains } from "../reel/raw/Remains.ts"
import { type Loss, salvaged } from "../reel/salvage.ts"

export interface SalvageInput {
  readonly reel: string
  readonly out: string
  readonly json: boolean
}

const real = (file: string): string | undefined => {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}

const remainsOf = (file: string) =>
  Effect.acquireRelease(
    Effect.try({ try: () => new Remains(file), catch: (cause) => unopened(file, cause) }),
    (remains) => Effect.sync(() => remains.close())
  )

export const salvageReel = Effect.fn("salvageReel")(function* ({ reel, out, json }: SalvageInput) {
  yield* boundMemory
  yield* Effect.asVoid(sniff(reel))
  if (real(reel) === real(out)) {
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: `${out}: is the damaged reel itself; name another file with -o`
    })
  }
  const remains = yield* remainsOf(reel)
  if (remains.end === 0) {
    return yield* new Complaint({ code: exitCodes.badData, problem: `${reel}: no event of a reel can be found in it` })
  }
  const lost: Array<Loss> = []
  const events = Stream.fromIterable(salvaged(reel, remains, (loss) => lost.push(loss)))
  const written = yield* writeReel(out, speaking(events))
  const missing = lost.reduce((sum, { from, to }) => sum + to - from + 1, 0)
  if (json) {
    const answer = {
      schemaVersion: 1,
      reel,
      out,
      events: written.appended,
      lost,
      lacksWal: remains.lacksWal,
      head: written.head
    }
    return yield* print(JSON.stringify(answer, undefined, 2))
  }
  const rest =
    missing === 0 && !remains.lacksWal ? "nothing was lost" : `${missing === 0 ? "the newest" : missing} lost`
  yield* Speech.note(`${out}: ${remains.end - missing} events of ${reel}, ${rest}`)
}, Effect.scoped)
