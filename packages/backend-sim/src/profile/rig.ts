/**
 * Measured: what `kubereel calibrate` says of the 483 shipped recordings in which nothing is done to a node (690 pods).
 * Written by `npm run calibrate`; least, median, 95th percentile and largest value in milliseconds.
 *
 * Recordings do not tell these apart, so they are not here:
 * - apiWrite (within phaseToGone)
 * - volumeMount (within sandbox)
 * - processStart, signal (within killToPhase)
 * - relist (within exitToStatus, exitToPhase)
 * - podRelist (within runningStatus)
 * - volumeUnmount, podCleanup (within phaseToGone)
 * - connect (when a probe begins is not shown: a period and a phase of chance are between its answers)
 * - httpHook (a request that gets an answer is not shown)
 * - the scheduler's watch, cycle and patch (within scheduling)
 */
import { ms } from "./quantiles.ts"

export const measuredNode = {
  // eventWrite, 83 samples
  eventWrite: ms(0, 5, 20, 34),
  // split assumed: deleteToKilling less eventWrite, 170 samples
  watch: ms(0, 9, 79, 258),
  // split assumed: runningStatus less podRelist (3 ms), plus eventWrite, 648 samples
  statusPatch: ms(0, 14, 63, 354),
  // split assumed: firstStatus less statusPatch, 657 samples
  podAdmission: ms(0, 12, 148, 866),
  // split assumed: sandbox less one round of volumeMount (300 ms), 644 samples
  sandboxCreate: ms(0, 222, 1_021, 1_955),
  // containerCreate, 1169 samples
  containerCreate: ms(0, 26, 109, 330),
  // containerStart, 1159 samples
  containerStart: ms(1, 98, 353, 965),
  // split assumed: exitToPhase less a relist period (1.008 s), 66 samples
  sandboxStop: ms(42, 230, 599, 855),
  // pull, 13 samples
  imageCheck: ms(18, 34, 197, 197),
  // imageRefused, 39 samples
  imageRefused: ms(2, 10, 55, 143),
  // execHook, 21 samples
  exec: ms(21, 40, 62, 70)
} as const

export const measuredScheduler = {
  // split assumed: scheduling less watch and cycle (2 ms), 669 samples
  bind: ms(0, 7, 37, 327),
  // scheduledEvent, 666 samples
  event: ms(0, 8, 46, 175)
} as const
