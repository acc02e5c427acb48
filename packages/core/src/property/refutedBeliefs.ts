/** What is believed of pods and is not so: a healthy cluster breaks each. In the order of their numbers. */
import type { Property } from "./language/Property.ts"
import { allSucceededMeansSucceeded } from "./refuted/allSucceededMeansSucceeded.ts"
import { deploymentKeepsToMaxSurge } from "./refuted/deploymentKeepsToMaxSurge.ts"
import { endingPodIsNotReady } from "./refuted/endingPodIsNotReady.ts"
import { eventsAreAFaithfulLog } from "./refuted/eventsAreAFaithfulLog.ts"
import { failedLivenessRestarts } from "./refuted/failedLivenessRestarts.ts"
import { goneAtItsDeletionTimestamp } from "./refuted/goneAtItsDeletionTimestamp.ts"
import { hooksRunExactlyOnce } from "./refuted/hooksRunExactlyOnce.ts"
import { initContainersRunOnce } from "./refuted/initContainersRunOnce.ts"
import { lostNodeMakesPodsUnknown } from "./refuted/lostNodeMakesPodsUnknown.ts"
import { neverRunsAtMostOnce } from "./refuted/neverRunsAtMostOnce.ts"
import { oneProcessOfAnIdentity } from "./refuted/oneProcessOfAnIdentity.ts"
import { pendingRunsNothing } from "./refuted/pendingRunsNothing.ts"
import { podsLeaveALostNode } from "./refuted/podsLeaveALostNode.ts"
import { readyMeansTheNodeLives } from "./refuted/readyMeansTheNodeLives.ts"
import { restartCountNeverDecreases } from "./refuted/restartCountNeverDecreases.ts"
import { runningMeansItRuns } from "./refuted/runningMeansItRuns.ts"
import { runningPodIsNotRejected } from "./refuted/runningPodIsNotRejected.ts"
import { sameNameSamePod } from "./refuted/sameNameSamePod.ts"
import { stampsOrderWhatHappened } from "./refuted/stampsOrderWhatHappened.ts"
import { statefulPodsStartOneAtATime } from "./refuted/statefulPodsStartOneAtATime.ts"
import { watchTellsFromTheBeginning } from "./refuted/watchTellsFromTheBeginning.ts"

export const refutedBeliefs: ReadonlyArray<Property> = [
  restartCountNeverDecreases,
  pendingRunsNothing,
  runningMeansItRuns,
  goneAtItsDeletionTimestamp,
  endingPodIsNotReady,
  neverRunsAtMostOnce,
  initContainersRunOnce,
  hooksRunExactlyOnce,
  oneProcessOfAnIdentity,
  deploymentKeepsToMaxSurge,
  readyMeansTheNodeLives,
  podsLeaveALostNode,
  runningPodIsNotRejected,
  watchTellsFromTheBeginning,
  lostNodeMakesPodsUnknown,
  eventsAreAFaithfulLog,
  statefulPodsStartOneAtATime,
  stampsOrderWhatHappened,
  failedLivenessRestarts,
  sameNameSamePod,
  allSucceededMeansSucceeded
]
