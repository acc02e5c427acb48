/** A real cluster on this machine, for tests. Nothing of it is published. */
export { type Availability, rigAvailability } from "./availability.ts"
export { type EventuallyOptions, eventually } from "./eventually.ts"
export { rigDriver } from "./nodeDriver.ts"
export { attachRig, type Rig, type RigNode, type RigOptions, type Service, startRig } from "./Rig.ts"
export { RigFailure } from "./runScript.ts"
export { type TestCluster, testCluster } from "./testCluster.ts"
export { type TestNamespace, testNamespace } from "./testNamespace.ts"
