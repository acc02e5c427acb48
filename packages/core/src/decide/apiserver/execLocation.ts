/** In which container of a pod a command may be executed (`pkg/registry/core/pod/strategy.go`, streamLocation and validateContainer). */
import { Result } from "effect"
import type { PodObject } from "../../event/KubernetesObject.ts"
import { badRequest, type Status } from "./status.ts"

/** Which container is meant, or why the API server refuses. `container`: as the client named it, `undefined` if it did not. */
export const chosenContainer = (pod: PodObject, container: string | undefined): Result.Result<string, Status> => {
  const { containers, ephemeralContainers = [], initContainers = [] } = pod.spec
  const { name } = pod.metadata
  const names = [...initContainers, ...containers, ...ephemeralContainers].map((one) => one.name)
  const refused = (message: string) => Result.fail(badRequest(message))
  if (container === undefined && containers.length > 1)
    return refused(`a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`)
  const chosen = container ?? containers[0]?.name ?? ""
  return names.includes(chosen) ? Result.succeed(chosen) : refused(`container ${chosen} is not valid for pod ${name}`)
}

/** The same for a command that is executed: only a pod that has its node can do that. */
export const execLocation = (pod: PodObject, container: string | undefined): Result.Result<string, Status> => {
  const chosen = chosenContainer(pod, container)
  if (Result.isFailure(chosen) || (pod.spec.nodeName ?? "") !== "") return chosen
  return Result.fail(badRequest(`pod ${pod.metadata.name} does not have a host assigned`))
}
