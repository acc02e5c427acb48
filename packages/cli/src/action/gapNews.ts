/** What a recorder says on stderr while it records: gaps of many resources in one line, and warnings. */
import { type ClusterEvent, type Gap, gapWords } from "@kubereel/core"

const LISTED = 3

const resources = (gaps: ReadonlyArray<Gap>): string => {
  const names = gaps.map(({ resource }) => resource ?? "everything")
  const more = names.length - LISTED
  return more > 1 ? `${names.slice(0, LISTED).join(", ")} and ${more} more` : names.join(", ")
}

const isNothing = ({ found }: Gap): boolean =>
  found === undefined || found.created.length + found.changed.length + found.vanished.length === 0

/** One line for each reason, and one for each resource where something was found. A gap in which nothing was is not news. */
export const gapNews = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> => {
  const begun = new Map<string, Array<Gap>>()
  const lines: Array<string> = []
  for (const event of events) {
    if (event._tag === "Warned") lines.push(event.message)
    if (event._tag !== "Gap") continue
    if (event.to !== undefined) {
      if (!isNothing(event) || event.cause === "restored") lines.push(`gap: ${gapWords(event)}`)
      continue
    }
    // What is forbidden says so of each resource in other words.
    const why = event.cause === "denied" ? event.cause : `${event.cause} ${event.detail}`
    begun.set(why, [...(begun.get(why) ?? []), event])
  }
  return [
    ...[...begun.values()].map((gaps) => `gap: ${gapWords({ ...(gaps[0] as Gap), resource: resources(gaps) })}`),
    ...lines
  ]
}
