/** A process of a campaign: plays what it is asked to, one thing at a time, until its parent lets go of it. */
import process from "node:process"
import type { Property } from "@kubereel/core"
import { type Draws, playBatch, repeated } from "@kubereel/fuzz"
import type { Answered, Asked } from "./messages.ts"
import { propertiesOf } from "./Selection.ts"

let begun: { readonly draws: Draws; readonly properties: ReadonlyArray<Property> } | undefined

const answer = async (asked: Asked): Promise<Answered> => {
  if (asked._tag === "Begin") {
    begun = { draws: asked.draws, properties: await propertiesOf(asked.selection) }
    return { _tag: "Ready" }
  }
  if (begun === undefined) return { _tag: "Failed", message: "it was asked before it was told what to draw" }
  const { draws, properties } = begun
  return asked._tag === "Play"
    ? { _tag: "Played", result: playBatch(draws, asked.batch, properties) }
    : { _tag: "Repeated", progress: repeated(draws, asked.digests) }
}

process.on("message", (asked: Asked) => {
  answer(asked).then(
    (answered) => process.send?.(answered),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      process.send?.({ _tag: "Failed", message } satisfies Answered)
    }
  )
})
// Whoever asked is gone.
process.on("disconnect", () => process.exit(0))
