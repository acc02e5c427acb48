/** Failing scenarios: made small, told in a line, saved as documents. */
export { failureDocument, failureText, type Provenance, provenanceOf } from "./failure/failureDocument.ts"
export { shortProgram } from "./print/shortProgram.ts"
export type { Limits, Oracle } from "./shrink/Search.ts"
export { type Shrunk, type ShrinkOptions, shrinkDocument, shrinkFailure } from "./shrink/shrink.ts"
