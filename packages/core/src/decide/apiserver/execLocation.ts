/** In which container of a pod a command may be executed (`pkg/registry/core/pod/strategy.go`, streamLocation and validateContainer). */
import { Result } from "effect"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { badRequest, type Status } from "./status.ts"

/** The container's name, or why the API server refuses. `container`: as the client named it, `undefined` if it did not. */
export const execLocation = (pod: PodObject, container: string | undefined): Result.Result<string, Status> => {
  const { containers, ephemeralContainers = [], initContainers = [], nodeName = "" } = pod.spec
  const { name } = pod.metadata
  const names = [...initContainers, ...containers, ...ephemeralContainers].map((one) => one.name)
  const refused = (message: string) => Result.fail(badRequest(message))
  if (container === undefined && containers.length > 1)
    return refused(`a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`)
  const chosen = container ?? containers[0]?.name ?? ""
  if (!names.includes(chosen)) return refused(`container ${chosen} is not valid for pod ${name}`)
  return nodeName === "" ? refused(`pod ${name} does not have a host assigned`) : Result.succeed(chosen)
}
