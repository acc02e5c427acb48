/** R7. */
import { and, never, once, when } from "../language/operators.ts"
import { refuted } from "../language/Property.ts"
import { type ContainerSeen, container } from "../slice/container.ts"
import { running } from "../vocabulary/container.ts"

const init = when("init container", ({ role }: ContainerSeen) => role === "init")
const succeeded = when("has succeeded", ({ status }: ContainerSeen) => status?.state?.terminated?.exitCode === 0)

export const initContainersRunOnce = refuted(
  "R7",
  {
    name: "belief/init-containers-run-once",
    says: "An init container that has succeeded does not run again",
    why: "They all run again in a new sandbox: after a node's restart, after the loss of the sandbox, or when the records of those that ran are lost",
    insteadUse: ["L30", "L31", "L32"],
    source: "kubernetes.io/docs/concepts/workloads/pods/init-containers/#pod-restart-reasons",
    each: container
  },
  () => never(and(init, running, once(succeeded)))
)
