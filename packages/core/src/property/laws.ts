/** The laws that every history is held to, in the order of their numbers. */
import type { Property } from "./language/Property.ts"
import { deletionIsNotTakenBack } from "./law/deletionIsNotTakenBack.ts"
import { goneAfterItsGrace } from "./law/goneAfterItsGrace.ts"
import { neverMeansNever } from "./law/neverMeansNever.ts"
import { readyMeansEveryContainerReady } from "./law/readyMeansEveryContainerReady.ts"
import { readyMeansRunningAndStarted } from "./law/readyMeansRunningAndStarted.ts"
import { restartFollowsADeath } from "./law/restartFollowsADeath.ts"
import { startTimeStays } from "./law/startTimeStays.ts"
import { staysOnItsNode } from "./law/staysOnItsNode.ts"
import { succeededMeansExitZero } from "./law/succeededMeansExitZero.ts"
import { terminalBeforeItGoes } from "./law/terminalBeforeItGoes.ts"
import { terminalPhaseIsFinal } from "./law/terminalPhaseIsFinal.ts"
import { timesAreInOrder } from "./law/timesAreInOrder.ts"
import { unreachableNodeKeepsItsPods } from "./law/unreachableNodeKeepsItsPods.ts"

export const laws: ReadonlyArray<Property> = [
  staysOnItsNode,
  deletionIsNotTakenBack,
  terminalPhaseIsFinal,
  succeededMeansExitZero,
  readyMeansEveryContainerReady,
  readyMeansRunningAndStarted,
  restartFollowsADeath,
  neverMeansNever,
  goneAfterItsGrace,
  terminalBeforeItGoes,
  unreachableNodeKeepsItsPods,
  timesAreInOrder,
  startTimeStays
]
