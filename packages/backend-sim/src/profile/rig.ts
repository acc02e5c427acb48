/**
 * Measured: what `kubereel calibrate` says of the 456 shipped recordings in which nothing is done to a node (657 pods).
 * Written by `npm run calibrate`; least, median, 95th percentile and largest value in milliseconds.
 */
import { ms } from "./quantiles.ts"

export const measuredNode = {
  // eventWrite, 51 samples
  eventWrite: ms(2, 5, 17, 34),
  // split assumed: deleteToKilling less eventWrite, 155 samples
  watch: ms(0, 9, 90, 258),
  // split assumed: runningStatus less podRelist (3 ms), plus eventWrite, 630 samples
  statusPatch: ms(0, 14, 63, 354),
  // split assumed: firstStatus less statusPatch, 625 samples
  podAdmission: ms(0, 12, 151, 866),
  // split assumed: sandbox less one round of volumeMount (300 ms), 622 samples
  sandboxCreate: ms(0, 222, 1_029, 1_955),
  // containerCreate, 1127 samples
  containerCreate: ms(0, 26, 109, 330),
  // containerStart, 1117 samples
  containerStart: ms(1, 97, 354, 965),
  // split assumed: exitToPhase less a relist period (1.008 s), 57 samples
  sandboxStop: ms(42, 243, 626, 855),
  // pull, 13 samples
  imageCheck: ms(18, 34, 197, 197),
  // imageRefused, 24 samples
  imageRefused: ms(2, 7, 30, 41)
} as const

export const measuredScheduler = {
  // split assumed: scheduling less watch and cycle (2 ms), 636 samples
  bind: ms(0, 7, 38, 327),
  // scheduledEvent, 633 samples
  event: ms(0, 8, 47, 175)
} as const
