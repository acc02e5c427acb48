/**
 * What histories must reach somewhere, for properties to have been tried at all: the edges of the machines that pods, containers, nodes
 * and workloads are.
 */
import { containerGoals } from "./goal/containers.ts"
import { deletionGoals } from "./goal/deletions.ts"
import { nodeGoals } from "./goal/nodes.ts"
import { podGoals } from "./goal/pods.ts"
import { workloadGoals } from "./goal/workloads.ts"
import type { Property } from "./language/Property.ts"

export const goals: ReadonlyArray<Property> = [
  ...containerGoals,
  ...podGoals,
  ...deletionGoals,
  ...nodeGoals,
  ...workloadGoals
]
