/** What pods ask for of one resource (`pkg/controller/podautoscaler/replica_calculator.go`, calculateRequests). */
import { Result } from "effect"
import { isJsonObject } from "../../../event/Json.ts"
import type { PodObject, ResourceList } from "../../../event/KubernetesObject.ts"
import { milliValue, parseQuantity } from "../../../event/Quantity.ts"
import { podRequests } from "../../scheduler/Resources.ts"

const amount = (list: ResourceList | undefined, resource: string): number | undefined => {
  const quantity = parseQuantity(String(list?.[resource] ?? ""))
  return quantity === undefined ? undefined : Number(milliValue(quantity))
}

/** IsPodLevelRequestsSet: of what can be asked for a pod as a whole. */
const asksAsAWhole = ({ spec }: PodObject): boolean => {
  const requests = isJsonObject(spec["resources"]) ? spec["resources"]["requests"] : undefined
  return isJsonObject(requests) && Object.keys(requests).some((name) => /^(cpu|memory|hugepages-.+)$/.test(name))
}

/** calculatePodLevelRequests. */
const ofWhole = ({ metadata, spec }: PodObject, resource: string): Result.Result<number, string> => {
  const { memory, milliCPU, scalar } = podRequests(spec)
  const found = resource === "cpu" ? milliCPU : resource === "memory" ? memory * 1_000 : (scalar[resource] ?? 0) * 1_000
  return found > 0
    ? Result.succeed(found)
    : Result.fail(`missing pod-level request for ${resource} in Pod ${metadata.name}`)
}

/** calculatePodRequestsFromContainers: of those that run together, or of the one that is named. */
const ofContainers = (
  { metadata, spec }: PodObject,
  resource: string,
  container: string
): Result.Result<number, string> => {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always")
  const all = [...spec.containers, ...sidecars]
  const counted = container === "" ? all : all.filter(({ name }) => name === container)
  if (counted.length === 0 && container !== "")
    return Result.fail(`container ${container} not found in Pod ${metadata.name}`)
  let sum = 0
  for (const { name, resources } of counted) {
    const request = amount(resources?.requests, resource)
    if (request === undefined)
      return Result.fail(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`)
    sum += request
  }
  return Result.succeed(sum)
}

/** In thousandths, by the pod's name; `container`: only of that one; "": of the pod. Or which pod does not ask for it. */
export const calculateRequests = (
  pods: ReadonlyArray<PodObject>,
  resource: string,
  container: string,
  podLevel: boolean
): Result.Result<ReadonlyMap<string, number>, string> => {
  const requests = new Map<string, number>()
  for (const pod of pods) {
    const whole = podLevel && container === "" && asksAsAWhole(pod)
    const request = whole ? ofWhole(pod, resource) : ofContainers(pod, resource, container)
    if (Result.isFailure(request)) return Result.fail(request.failure)
    requests.set(pod.metadata.name, request.success)
  }
  return Result.succeed(requests)
}
