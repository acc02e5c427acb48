/** The laws that every history is held to, in the order of their numbers. */
import type { Property } from "./language/Property.ts"
import { alwaysDoesNotEnd } from "./law/alwaysDoesNotEnd.ts"
import { deletionIsNotTakenBack } from "./law/deletionIsNotTakenBack.ts"
import { endedIsNotReady } from "./law/endedIsNotReady.ts"
import { failedHasAReason } from "./law/failedHasAReason.ts"
import { finalizersHoldItBack } from "./law/finalizersHoldItBack.ts"
import { goneAfterItsGrace } from "./law/goneAfterItsGrace.ts"
import { goneIsGone } from "./law/goneIsGone.ts"
import { neverMeansNever } from "./law/neverMeansNever.ts"
import { oneLifeToAName } from "./law/oneLifeToAName.ts"
import { readyMeansEveryContainerReady } from "./law/readyMeansEveryContainerReady.ts"
import { readyMeansGatesOpen } from "./law/readyMeansGatesOpen.ts"
import { readyMeansInitialized } from "./law/readyMeansInitialized.ts"
import { readyMeansRunningAndStarted } from "./law/readyMeansRunningAndStarted.ts"
import { restartFollowsADeath } from "./law/restartFollowsADeath.ts"
import { runningIsBound } from "./law/runningIsBound.ts"
import { startTimeStays } from "./law/startTimeStays.ts"
import { startupComesBeforeReady } from "./law/startupComesBeforeReady.ts"
import { staysOnItsNode } from "./law/staysOnItsNode.ts"
import { succeededMeansExitZero } from "./law/succeededMeansExitZero.ts"
import { terminalBeforeItGoes } from "./law/terminalBeforeItGoes.ts"
import { terminalPhaseIsFinal } from "./law/terminalPhaseIsFinal.ts"
import { timesAreInOrder } from "./law/timesAreInOrder.ts"
import { unreachableNodeKeepsItsPods } from "./law/unreachableNodeKeepsItsPods.ts"
import { versionsGrow } from "./law/versionsGrow.ts"

export const laws: ReadonlyArray<Property> = [
  oneLifeToAName,
  goneIsGone,
  staysOnItsNode,
  deletionIsNotTakenBack,
  versionsGrow,
  finalizersHoldItBack,
  terminalPhaseIsFinal,
  succeededMeansExitZero,
  failedHasAReason,
  alwaysDoesNotEnd,
  runningIsBound,
  readyMeansEveryContainerReady,
  readyMeansGatesOpen,
  readyMeansRunningAndStarted,
  startupComesBeforeReady,
  readyMeansInitialized,
  endedIsNotReady,
  restartFollowsADeath,
  neverMeansNever,
  goneAfterItsGrace,
  terminalBeforeItGoes,
  unreachableNodeKeepsItsPods,
  timesAreInOrder,
  startTimeStays
]
