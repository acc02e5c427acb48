/** The laws that every pod's life is held to, in the order of their numbers. */
import { deletionIsNotTakenBack } from "./deletionIsNotTakenBack.ts"
import { neverMeansNever } from "./neverMeansNever.ts"
import type { PodLaw } from "./PodLaw.ts"
import { readyMeansEveryContainerReady } from "./readyMeansEveryContainerReady.ts"
import { readyMeansRunningAndStarted } from "./readyMeansRunningAndStarted.ts"
import { restartFollowsADeath } from "./restartFollowsADeath.ts"
import { startTimeStays } from "./startTimeStays.ts"
import { staysOnItsNode } from "./staysOnItsNode.ts"
import { succeededMeansExitZero } from "./succeededMeansExitZero.ts"
import { terminalPhaseIsFinal } from "./terminalPhaseIsFinal.ts"

export const podLaws: ReadonlyArray<PodLaw> = [
  staysOnItsNode,
  deletionIsNotTakenBack,
  terminalPhaseIsFinal,
  succeededMeansExitZero,
  readyMeansEveryContainerReady,
  readyMeansRunningAndStarted,
  restartFollowsADeath,
  neverMeansNever,
  startTimeStays
]
