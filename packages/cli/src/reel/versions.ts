/** How many versions of each object a reel has had, those included that a limit removed while the object was there. */
import { type JsonObject, sightingIn, VersionCounts } from "@kubereel/core"
import type { Horizons, Kept } from "./Horizon.ts"
import type { ReelReader } from "./ReelReader.ts"
import { Skimmer } from "./Skimmer.ts"

interface Parts {
  readonly reader: ReelReader
  readonly horizons: Horizons
}

const uidIn = (content: JsonObject): string => sightingIn(0, content).entry?.uid ?? ""

/** A horizon of before versions were counted says of an object only that it was there. */
const atHorizon = (kept: Iterable<Kept>): VersionCounts =>
  new VersionCounts(
    [...kept].filter(({ isTrue }) => isTrue).map(({ content, versions }) => [uidIn(content), versions ?? 1] as const)
  )

/** Where the reel begins: 0, or what its horizon says. Throws `DamagedLog`. */
export const firstCounts = ({ horizons }: Parts): VersionCounts => {
  const horizon = horizons.get()
  return horizon === undefined ? new VersionCounts() : atHorizon(horizons.kept(horizon))
}

/** After an event. Throws `DamagedLog`. */
export const countVersions = (parts: Parts, to: number): VersionCounts => {
  const horizon = parts.horizons.get()
  const counts = firstCounts(parts)
  const known = horizon === undefined ? [] : parts.horizons.inventory(horizon).entries()
  for (const [, sighting] of new Skimmer(parts.reader, known).walk((horizon?.seq ?? 0) + 1, to)) counts.see(sighting)
  return counts
}

/** What is kept of an object that was there says how many versions there were of it. */
export const withVersions = (kept: Kept, counts: VersionCounts): Kept => {
  const versions = kept.isTrue ? counts.of(uidIn(kept.content)) : 0
  return versions === 0 ? kept : { ...kept, versions }
}
