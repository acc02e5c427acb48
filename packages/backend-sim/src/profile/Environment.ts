/** A profile as a scenario names it: a node and the control plane that it lives under. */
import { type ControlPlaneProfile, rigControlPlane, zeroControlPlane } from "./ControlPlaneProfile.ts"
import { type NodeProfile, rigProfile, zeroProfile } from "./NodeProfile.ts"
import { slowDisk, slowDiskControlPlane } from "./slowDisk.ts"

export interface Environment {
  readonly node: NodeProfile
  /** That of a scenario goes with the profile of its first node. */
  readonly controlPlane: ControlPlaneProfile
}

export interface Environments {
  readonly [name: string]: Environment
}

/** Those that every scenario may name; `rig` is taken where it names none. */
export const environments: Environments = {
  rig: { node: rigProfile, controlPlane: rigControlPlane },
  zero: { node: zeroProfile, controlPlane: zeroControlPlane },
  "slow-disk": { node: slowDisk, controlPlane: slowDiskControlPlane }
}

/** Throws for a name that is not among them: whoever reads a scenario has looked before. */
export const environmentOf = (name: string | undefined, known: Environments): Environment => {
  const found = Object.hasOwn(known, name ?? "rig") ? known[name ?? "rig"] : undefined
  if (found === undefined) throw new Error(`there is no profile ${JSON.stringify(name)}`)
  return found
}
