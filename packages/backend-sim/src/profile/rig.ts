/**
 * Measured: what `kubereel calibrate` says of the 282 shipped recordings in which no kubelet is stopped (450 pods).
 * Written by `npm run calibrate`; least, median, 95th percentile and largest value in milliseconds.
 */
import { ms } from "./quantiles.ts"

export const measuredNode = {
  // eventWrite, 44 samples
  eventWrite: ms(2, 4, 9, 14),
  // split assumed: deleteToKilling less eventWrite, 125 samples
  watch: ms(0, 9, 98, 259),
  // split assumed: runningStatus less podRelist (3 ms), plus eventWrite, 426 samples
  statusPatch: ms(0, 12, 47, 259),
  // split assumed: firstStatus less statusPatch, 423 samples
  podAdmission: ms(0, 11, 108, 868),
  // split assumed: sandbox less one round of volumeMount (300 ms), 432 samples
  sandboxCreate: ms(0, 186, 936, 1_955),
  // containerCreate, 722 samples
  containerCreate: ms(0, 22, 90, 330),
  // containerStart, 712 samples
  containerStart: ms(1, 80, 289, 828),
  // split assumed: exitToPhase less a relist period (1.008 s), 27 samples
  sandboxStop: ms(42, 210, 599, 855),
  // pull, 4 samples
  imageCheck: ms(31, 89, 142, 142),
  // imageRefused, 21 samples
  imageRefused: ms(2, 7, 19, 41)
} as const

export const measuredScheduler = {
  // split assumed: scheduling less watch and cycle (2 ms), 429 samples
  bind: ms(0, 6, 36, 327),
  // scheduledEvent, 426 samples
  event: ms(0, 6, 34, 89)
} as const
