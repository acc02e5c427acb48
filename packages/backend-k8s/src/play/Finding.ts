/** What of a scenario a real cluster cannot do. Every such field is named. */
import { Runtime, Schema } from "effect"

export interface Finding {
  /** `spec.programs[0].runs[1].cpu`. */
  readonly field: string
  readonly problem: string
  /** With it, what happens would be another story: nothing is played. Otherwise the reader is warned. */
  readonly refused: boolean
}

export const refused = (field: string, problem: string): Finding => ({ field, problem, refused: true })
export const warned = (field: string, problem: string): Finding => ({ field, problem, refused: false })

export const findingText = ({ field, problem }: Finding): string => `${field}: ${problem}`

/** The scenario is not played, and why: sentences for whoever wrote it. */
export class NotPlayable extends Schema.TaggedError<NotPlayable>()("NotPlayable", {
  problems: Schema.Array(Schema.String)
}) {
  override readonly [Runtime.errorExitCode] = 65
  override get message() {
    return this.problems.join("\n")
  }
}
