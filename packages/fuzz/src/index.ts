/** Campaigns of generated scenarios; what fails is made small, told in a line, saved as a document. */
export {
  type Batch,
  type BatchResult,
  type Draws,
  documentOf,
  playBatch,
  repeated
} from "./campaign/Batch.ts"
export { minimalCase, oracleOf } from "./campaign/minimal.ts"
export { type CaseResult, digestOf, type Finding, playCase, simulate, THREW } from "./campaign/playCase.ts"
export {
  type Broken,
  lastNews,
  noProgress,
  type Progress,
  progressOf,
  type Reached,
  together
} from "./campaign/Progress.ts"
export { type Coverage, coverageOf, lostOf, type Ratchet, type Share } from "./coverage/Coverage.ts"
export { failureDocument, failureText, type Provenance, provenanceOf } from "./failure/failureDocument.ts"
export { shortProgram } from "./print/shortProgram.ts"
export type { Limits, Oracle } from "./shrink/Search.ts"
export { type Shrunk, type ShrinkOptions, shrinkDocument, shrinkFailure } from "./shrink/shrink.ts"
