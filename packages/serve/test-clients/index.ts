/** Real clients, and the conformance cases that they play, for tests of other packages. */
export { build } from "./clients/build.ts"
export { run } from "./clients/run.ts"
export { chosen, readCases } from "./e2e/cases.ts"
export { playTogether } from "./e2e/playCases.ts"
