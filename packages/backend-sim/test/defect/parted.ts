/** A scenario on a healthy cluster and on one with a defect. */
import type { ClusterEvent } from "@kubereel/core"
import { defects } from "../../src/defect/defects.ts"
import { type PodMoment, podMoments, simulate } from "../given.ts"
import { smallest } from "./smallest.ts"

type Facts = ReadonlyArray<ClusterEvent>

export interface Parted {
  readonly healthy: Facts
  readonly defective: Facts
}

/** The smallest scenario of that defect. */
export const parted = (name: string): Parted => {
  const given = smallest[name]
  const defect = defects.find((one) => one.name === name)
  if (given === undefined || defect === undefined) throw new Error(`there is no defect ${name} with a scenario`)
  return { healthy: simulate(given), defective: simulate(given, 0, { defects: [defect] }) }
}

/** What that says of the versions of the pod `p`, each once as long as it lasts. */
export const told = (facts: Facts, of: (moment: PodMoment) => string | undefined, name = "p"): ReadonlyArray<string> =>
  podMoments(facts, name)
    .flatMap((moment) => of(moment) ?? [])
    .filter((text, i, all) => text !== all[i - 1])
