/** Contracts of the ports and arbitraries of histories, for tests of core and of every adapter. */
export * from "./clusterBackendContract.ts"
export * from "./eventLogContract.ts"
export { containerStatus, lifeOf, type Version } from "./lifeOf.ts"
export * from "./scenario/index.ts"
