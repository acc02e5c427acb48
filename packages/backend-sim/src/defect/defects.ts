/** All defects that a test can give to a simulated cluster, in the order in which a pod meets them. */
import { appOvertakesInitAfterReboot } from "./appOvertakesInitAfterReboot.ts"
import { appStaysDownBesideSidecar } from "./appStaysDownBesideSidecar.ts"
import { autoscalerCountsSurge } from "./autoscalerCountsSurge.ts"
import type { Defect } from "./Defect.ts"
import { deletionHitsTheSuccessor } from "./deletionHitsTheSuccessor.ts"
import { initContainerRunsAgain } from "./initContainerRunsAgain.ts"
import { initStatusIsForgotten } from "./initStatusIsForgotten.ts"
import { kubeletRestartKills } from "./kubeletRestartKills.ts"
import { orderedPodsStartTogether } from "./orderedPodsStartTogether.ts"
import { phaseLeavesFailed } from "./phaseLeavesFailed.ts"
import { phaseLeavesSucceeded } from "./phaseLeavesSucceeded.ts"
import { preStopDoublesGrace } from "./preStopDoublesGrace.ts"
import { restartCountFalls } from "./restartCountFalls.ts"
import { scaleDownIsNeverHeardOf } from "./scaleDownIsNeverHeardOf.ts"
import { sidecarAwaitsTheUnstarted } from "./sidecarAwaitsTheUnstarted.ts"
import { workloadIsNeverHeardOf } from "./workloadIsNeverHeardOf.ts"

export type { Defect } from "./Defect.ts"

export const defects: ReadonlyArray<Defect> = [
  workloadIsNeverHeardOf,
  initContainerRunsAgain,
  initStatusIsForgotten,
  appOvertakesInitAfterReboot,
  appStaysDownBesideSidecar,
  restartCountFalls,
  sidecarAwaitsTheUnstarted,
  preStopDoublesGrace,
  kubeletRestartKills,
  phaseLeavesSucceeded,
  phaseLeavesFailed,
  deletionHitsTheSuccessor,
  orderedPodsStartTogether,
  scaleDownIsNeverHeardOf,
  autoscalerCountsSurge
]
