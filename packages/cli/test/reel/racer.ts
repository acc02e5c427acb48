/**
 * A process that appends versions of one object to the reel of its first argument, as often as its third says, each with the
 * version that it knows the object to be at. Its second argument is its name. Before each append it opens the reel anew, and
 * tells on stdout what came of it: `locked`, `at N` when it was refused, `made N`.
 */
import { writeSync } from "node:fs"
import type { ClusterEvent } from "@kubereel/core"
import { Effect } from "effect"
import { inReel } from "./history.ts"

const [file, name, times] = [process.argv[2] as string, process.argv[3] as string, Number(process.argv[4])]

const version = (n: number): ClusterEvent => ({
  _tag: "ObjectChanged",
  change: "MODIFIED",
  object: {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "turns", uid: "turns", resourceVersion: `${name}-${n}` }
  }
})

let known = 0
const once = (n: number): Effect.Effect<string, unknown> =>
  inReel(file, "write", (log) => log.append([version(n)], [{ uid: "turns", version: known }])).pipe(
    Effect.map(() => `made ${++known}`),
    Effect.catchTag("WrongVersion", ({ actual }) => {
      known = actual
      return Effect.succeed(`at ${actual}`)
    }),
    Effect.catchTag("UnusableLog", (unusable) =>
      unusable.reason === "Locked" ? Effect.succeed("locked") : Effect.fail(unusable)
    )
  )

const race = Effect.gen(function* () {
  for (let made = 0; made < times; ) {
    const outcome = yield* once(made)
    writeSync(1, `${outcome}\n`)
    if (outcome.startsWith("made")) made++
  }
})

await Effect.runPromise(race)
