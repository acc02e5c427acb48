/** R11. Whether a node lives nobody knows sooner than the node controller: so it is asked what that one says. */
import { because, implies, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type PodSeen, pod } from "../slice/pod.ts"
import { isUnreachable } from "../vocabulary/node.ts"
import { condition } from "../vocabulary/pod.ts"

const alive = when("its node is heard of", ({ node, nodeName }: PodSeen) =>
  because(node === undefined || !isUnreachable(node), () => `node ${nodeName ?? "(none)"}: Ready=Unknown`)
)

export const readyMeansTheNodeLives = refuted(
  "R11",
  {
    name: "belief/ready-means-the-node-lives",
    says: "The node of a ready pod is alive",
    why: "What a pod was told last stays until the node controller has waited for its grace period, and has written to each pod",
    insteadUse: ["L82"],
    source: "kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats",
    each: pod.with("node")
  },
  () => implies(condition("Ready"), alive)
)
