/** A simulated cluster: virtual time, one seed. Read `SimBackend`, `Cluster`, then the folders. */
export * as SimBackend from "./SimBackend.ts"
export { Cluster } from "./Cluster.ts"
export { Engine } from "./engine/Engine.ts"
export { CalendarQueue } from "./engine/CalendarQueue.ts"
export { type RandomStream, stream } from "./engine/Random.ts"
export { type NodeProfile, profiles, rigProfile, zeroProfile } from "./profile/NodeProfile.ts"
export { ms, type Quantiles, quantile } from "./profile/quantiles.ts"
