/** What the processes of a campaign say to each other. */
import type { Batch, BatchResult, Draws, Progress } from "@kubereel/fuzz"
import type { Selection } from "./Selection.ts"

export type Asked =
  | { readonly _tag: "Begin"; readonly draws: Draws; readonly selection: Selection }
  | { readonly _tag: "Play"; readonly batch: Batch }
  | { readonly _tag: "Repeat"; readonly digests: BatchResult["digests"] }

export type Answered =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Played"; readonly result: BatchResult }
  | { readonly _tag: "Repeated"; readonly progress: Progress }
  | { readonly _tag: "Failed"; readonly message: string }
