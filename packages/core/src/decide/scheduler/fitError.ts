/** The sentence that says why no node took a pod (`pkg/scheduler/framework/types.go`, FitError.Error). */

/** How often each reason was given; nodes that gave none do not count. */
const histogram = (reasons: Iterable<string>): string => {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  // Sorted as text, so that "10 …" comes before "2 …", as Kubernetes does.
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  return parts.length === 0 ? "" : ` ${parts.join(", ")}.`
}

export interface Diagnosis {
  readonly nodes: number
  /** What was known before any node was looked at; then the nodes' reasons are not told. */
  readonly before?: string | undefined
  readonly reasons: Iterable<string>
  /** What preemption found. */
  readonly after?: string
}

export const fitError = ({ nodes, before, reasons, after = "" }: Diagnosis): string =>
  `0/${nodes} nodes are available:${before === undefined ? histogram(reasons) : ` ${before}.`}${after === "" ? "" : ` ${after}`}`

const NOTE_LENGTH_LIMIT = 1_024
const CUT = " ..."

/** An Event's note is at most 1,024 bytes (`pkg/scheduler/schedule_one.go`, truncateMessage); the texts are ASCII. */
export const truncateMessage = (message: string): string =>
  message.length <= NOTE_LENGTH_LIMIT ? message : `${message.slice(0, NOTE_LENGTH_LIMIT - CUT.length)}${CUT}`
