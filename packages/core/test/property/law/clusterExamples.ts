/** Examples of the laws of nodes, workloads and whatever else is in a cluster. */
import type { Examples } from "./Example.ts"

export const clusterExamples: Examples = {}
