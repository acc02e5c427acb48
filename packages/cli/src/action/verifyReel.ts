/** What `kubereel verify` does. */
import type { DamagedLog, EventLogFailure, UnusableLog } from "@kubereel/core"
import { Effect } from "effect"
import { exitCodes, Verdict } from "../exitCode.ts"
import { sniff } from "../input/sniff.ts"
import { boundMemory } from "../output/boundMemory.ts"
import { print } from "../output/stdout.ts"
import * as EventLogSqlite from "../reel/EventLogSqlite.ts"
import { Remains } from "../reel/raw/Remains.ts"
import { type Loss, salvaged } from "../reel/salvage.ts"

export interface VerifyInput {
  readonly reel: string
  readonly json: boolean
}

interface Damage {
  /** The first event that is not what was written; `null` where the events are whole and something else of the file is not. */
  readonly seq: number | null
  readonly detail: string
}

interface Outcome {
  readonly head: EventLogSqlite.Verified | undefined
  readonly damage: Damage | undefined
}

/** What of a file that cannot be opened can be read after all; `undefined` where it never was a reel. */
const damageOf = (file: string, detail: string): Damage | undefined => {
  const remains = new Remains(file)
  try {
    if (remains.end === 0) return undefined
    let first: number | null = null
    const onLoss = ({ from }: Loss): void => {
      first ??= from
    }
    for (const _event of salvaged(file, remains, onLoss)) if (first !== null) break
    return { seq: first ?? (remains.lacksWal ? remains.end + 1 : null), detail }
  } finally {
    remains.close()
  }
}

const found = (
  file: string,
  error: DamagedLog | UnusableLog | EventLogFailure
): Effect.Effect<Damage, UnusableLog | EventLogFailure> => {
  if (error._tag === "DamagedLog") return Effect.succeed({ seq: error.seq, detail: error.detail })
  if (error._tag === "EventLogFailure" || (error.reason !== "Damaged" && error.reason !== "NotAReel"))
    return Effect.fail(error)
  return Effect.flatMap(Effect.try({ try: () => damageOf(file, error.detail), catch: () => error }), (damage) => {
    if (damage !== undefined) return Effect.succeed(damage)
    return error.reason === "NotAReel" ? Effect.fail(error) : Effect.succeed({ seq: null, detail: error.detail })
  })
}

const sentence = (file: string, { detail, seq }: Damage): string => {
  const where = detail.startsWith(file) ? detail : `${file}: ${detail}`
  if (seq === null) return `${where}; its events can still be read: \`kubereel salvage ${file} -o FILE\``
  return `${where}; event ${seq} is the first bad one; save the others with \`kubereel salvage ${file} -o FILE\``
}

/** The events are what was written; the states that were recorded on the way may not be. */
const praise = (file: string, { hash, removed, seq, snapshots }: EventLogSqlite.Verified): string => {
  const bad = snapshots.map(
    (one) =>
      `${file}: the recorded state after event ${one.seq} is ${one.kind === "damaged" ? "damaged" : "not what replaying gives"}: ${one.detail}`
  )
  const gone = removed === 0 ? "" : ` (the first ${removed} were removed by a limit)`
  const sound = bad.length === 0 ? "sound, " : "all events are sound, "
  return [...bad, `${file}: ${sound}${seq === 1 ? "1 event" : `${seq} events`}${gone}, head ${hash}`].join("\n")
}

export const verifyReel = Effect.fn("verifyReel")(function* ({ reel, json }: VerifyInput) {
  yield* boundMemory
  yield* sniff(reel)
  const { damage, head } = yield* EventLogSqlite.verify(reel).pipe(
    Effect.map((sound): Outcome => ({ head: sound, damage: undefined })),
    Effect.catch((error) => Effect.map(found(reel, error), (bad): Outcome => ({ head: undefined, damage: bad })))
  )
  const snapshots = head?.snapshots ?? []
  if (json) {
    const answer = {
      schemaVersion: 1,
      reel,
      sound: damage === undefined && snapshots.length === 0,
      head: head === undefined ? null : { seq: head.seq, hash: head.hash },
      removed: head?.removed ?? null,
      firstBad: damage?.seq ?? null,
      detail: damage?.detail ?? null,
      snapshots
    }
    yield* print(JSON.stringify(answer, undefined, 2))
  } else if (damage !== undefined) yield* print(sentence(reel, damage))
  else if (head !== undefined) yield* print(praise(reel, head))
  if (damage !== undefined || snapshots.length > 0) return yield* new Verdict({ code: exitCodes.found })
})
