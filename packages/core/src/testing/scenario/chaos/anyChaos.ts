/** A cluster under chaos that heals: whole scenarios of any size, each rich in something else. */
import fc from "fast-check"
import type { JsonObject } from "../../../event/Json.ts"
import { anyNeighbour } from "../anyNeighbour.ts"
import { anyPod } from "../anyPod.ts"
import { anyWorkload } from "../anyWorkload.ts"
import { list, sometimes } from "../parts.ts"
import { documentOf, type Plan, type Wild } from "./documentOf.ts"
import { exactly, genes } from "./genes.ts"
import { anySwarm, type Size, type Swarm } from "./Swarm.ts"

const podGenes = fc.record({
  own: genes(40),
  containers: fc.oneof(
    ...[1, 1, 1, 2, 2, 3, 4, 8].map((most) => fc.array(genes(56), { minLength: 1, maxLength: most, size: "max" }))
  )
})
const [nodeGenes, actionGenes, faultGenes, restGenes] = [genes(4), genes(8), genes(9), genes(8)]

const wildParts: fc.Arbitrary<Wild | undefined> = fc.record({
  pod: sometimes(anyPod("p")),
  workload: sometimes(anyWorkload),
  beside: list(anyNeighbour, 2)
})
const tame: fc.Arbitrary<Wild | undefined> = fc.constant(undefined)

/** In the order in which they shrink: what is done goes before those to whom it is done. */
const planOf = ({ counts, features }: Swarm): fc.Arbitrary<Plan> =>
  fc.record({
    actions: exactly(actionGenes, counts.actions),
    faults: exactly(faultGenes, counts.faults),
    workloads: exactly(podGenes, counts.workloads),
    pods: exactly(podGenes, counts.pods),
    nodes: exactly(nodeGenes, counts.nodes).map((nodes) => (nodes.length === 0 ? [[]] : nodes)),
    rest: restGenes,
    wild: features.has("wild") ? wildParts : tame
  })

/**
 * The document of a scenario in two phases: in the first one pods and workloads live, things are done to them and faults begin and
 * end; at the end of it all is healed, and the second phase is long enough to come to rest.
 *
 * What the scenario is rich in (the swarm) is drawn with it and does not shrink. The same seed gives the same document on every machine;
 * where in a run it is drawn plays no part (no bias). It is valid as a scenario; what the API server refuses in it is part of the history.
 */
export const anyChaosDocument = (size: Size = "standard"): fc.Arbitrary<JsonObject> =>
  fc.noBias(fc.noShrink(anySwarm(size)).chain((swarm) => planOf(swarm).map((plan) => documentOf(swarm, plan))))
