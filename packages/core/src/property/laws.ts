/** The laws that every history is held to, in the order of their numbers. */
import type { Property } from "./language/Property.ts"
import { addressIsItsOwn } from "./law/addressIsItsOwn.ts"
import { admittedPodsFit } from "./law/admittedPodsFit.ts"
import { alwaysDoesNotEnd } from "./law/alwaysDoesNotEnd.ts"
import { anotherIdIsAnotherStart } from "./law/anotherIdIsAnotherStart.ts"
import { appsStartAfterInit } from "./law/appsStartAfterInit.ts"
import { crashesWaitLonger } from "./law/crashesWaitLonger.ts"
import { crashLeadsToRestart } from "./law/crashLeadsToRestart.ts"
import { deletionIsNotTakenBack } from "./law/deletionIsNotTakenBack.ts"
import { endedIsNotReady } from "./law/endedIsNotReady.ts"
import { endingPodGetsNoTraffic } from "./law/endingPodGetsNoTraffic.ts"
import { failedHasAReason } from "./law/failedHasAReason.ts"
import { failedInitFailsThePod } from "./law/failedInitFailsThePod.ts"
import { finalizersHoldItBack } from "./law/finalizersHoldItBack.ts"
import { gatesKeepItUnbound } from "./law/gatesKeepItUnbound.ts"
import { goneAfterItsGrace } from "./law/goneAfterItsGrace.ts"
import { goneIsGone } from "./law/goneIsGone.ts"
import { graceIsNotCleared } from "./law/graceIsNotCleared.ts"
import { initContainersStartInOrder } from "./law/initContainersStartInOrder.ts"
import { initSuccessStays } from "./law/initSuccessStays.ts"
import { jobEndsOnce } from "./law/jobEndsOnce.ts"
import { killedWhenItsGraceIsOver } from "./law/killedWhenItsGraceIsOver.ts"
import { lastEndStays } from "./law/lastEndStays.ts"
import { livenessKills } from "./law/livenessKills.ts"
import { lostNodeUnreadiesItsPods } from "./law/lostNodeUnreadiesItsPods.ts"
import { networkComesFirst } from "./law/networkComesFirst.ts"
import { neverMeansNever } from "./law/neverMeansNever.ts"
import { notBackToPending } from "./law/notBackToPending.ts"
import { nothingToWaitForIsGoneAtOnce } from "./law/nothingToWaitForIsGoneAtOnce.ts"
import { notStartedOnceMarked } from "./law/notStartedOnceMarked.ts"
import { oneController } from "./law/oneController.ts"
import { oneInitContainerAtATime } from "./law/oneInitContainerAtATime.ts"
import { oneLifeToAName } from "./law/oneLifeToAName.ts"
import { orderedPodsWaitForEachOther } from "./law/orderedPodsWaitForEachOther.ts"
import { phaseIsKnown } from "./law/phaseIsKnown.ts"
import { preStopBeforeTheEnd } from "./law/preStopBeforeTheEnd.ts"
import { readinessDoesNotKill } from "./law/readinessDoesNotKill.ts"
import { readyMeansEveryContainerReady } from "./law/readyMeansEveryContainerReady.ts"
import { readyMeansGatesOpen } from "./law/readyMeansGatesOpen.ts"
import { readyMeansInitialized } from "./law/readyMeansInitialized.ts"
import { readyMeansRunningAndStarted } from "./law/readyMeansRunningAndStarted.ts"
import { restartFollowsADeath } from "./law/restartFollowsADeath.ts"
import { restartsAreCountedUp } from "./law/restartsAreCountedUp.ts"
import { rolloutStaysInItsBounds } from "./law/rolloutStaysInItsBounds.ts"
import { runningIsBound } from "./law/runningIsBound.ts"
import { runningMeansAllBegun } from "./law/runningMeansAllBegun.ts"
import { sidecarsDoNotHoldUp } from "./law/sidecarsDoNotHoldUp.ts"
import { sidecarsStopLast } from "./law/sidecarsStopLast.ts"
import { silentNodeIsNoticed } from "./law/silentNodeIsNoticed.ts"
import { startTimeStays } from "./law/startTimeStays.ts"
import { startupComesBeforeReady } from "./law/startupComesBeforeReady.ts"
import { statusesStay } from "./law/statusesStay.ts"
import { staysOnItsNode } from "./law/staysOnItsNode.ts"
import { succeededMeansExitZero } from "./law/succeededMeansExitZero.ts"
import { taintEvicts } from "./law/taintEvicts.ts"
import { terminalBeforeItGoes } from "./law/terminalBeforeItGoes.ts"
import { terminalPhaseIsFinal } from "./law/terminalPhaseIsFinal.ts"
import { timesAreInOrder } from "./law/timesAreInOrder.ts"
import { unreachableNodeKeepsItsPods } from "./law/unreachableNodeKeepsItsPods.ts"
import { versionsGrow } from "./law/versionsGrow.ts"
import { workloadComesTrue } from "./law/workloadComesTrue.ts"

export const laws: ReadonlyArray<Property> = [
  oneLifeToAName,
  goneIsGone,
  staysOnItsNode,
  deletionIsNotTakenBack,
  versionsGrow,
  finalizersHoldItBack,
  terminalPhaseIsFinal,
  notBackToPending,
  succeededMeansExitZero,
  failedHasAReason,
  alwaysDoesNotEnd,
  runningIsBound,
  runningMeansAllBegun,
  readyMeansEveryContainerReady,
  readyMeansGatesOpen,
  readyMeansRunningAndStarted,
  startupComesBeforeReady,
  readyMeansInitialized,
  endedIsNotReady,
  readinessDoesNotKill,
  appsStartAfterInit,
  initContainersStartInOrder,
  oneInitContainerAtATime,
  initSuccessStays,
  sidecarsStopLast,
  failedInitFailsThePod,
  sidecarsDoNotHoldUp,
  restartFollowsADeath,
  restartsAreCountedUp,
  neverMeansNever,
  crashesWaitLonger,
  crashLeadsToRestart,
  livenessKills,
  networkComesFirst,
  goneAfterItsGrace,
  terminalBeforeItGoes,
  notStartedOnceMarked,
  killedWhenItsGraceIsOver,
  preStopBeforeTheEnd,
  nothingToWaitForIsGoneAtOnce,
  unreachableNodeKeepsItsPods,
  gatesKeepItUnbound,
  admittedPodsFit,
  silentNodeIsNoticed,
  taintEvicts,
  lostNodeUnreadiesItsPods,
  oneController,
  orderedPodsWaitForEachOther,
  rolloutStaysInItsBounds,
  jobEndsOnce,
  endingPodGetsNoTraffic,
  workloadComesTrue,
  timesAreInOrder,
  anotherIdIsAnotherStart,
  phaseIsKnown,
  graceIsNotCleared,
  statusesStay,
  lastEndStays,
  addressIsItsOwn,
  startTimeStays
]
