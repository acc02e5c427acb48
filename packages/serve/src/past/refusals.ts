/** What the past says instead of an answer. */
import {
  entries,
  failure,
  forbidden,
  isJsonObject,
  type KubernetesObject,
  mapping,
  notFound,
  pods,
  type Scope,
  type Status
} from "@kubereel/core"

/** Not an empty list: nobody may take for absent what nobody looked at. */
export const notKnown = ({ resource }: Scope, why: string): Status =>
  forbidden({ group: resource.group, resource: resource.resource }, "", why)

/** What is asked for was removed by a limit, or is damaged. */
export const outsideHistory = (why: string): Status => failure(410, "Expired", why)

/** What the user wanted to know of a log is often how its container ended. */
export const noLogs = (pod: KubernetesObject | undefined, name: string): Status => {
  if (pod === undefined) return notFound(pods, name)
  const ends = endsOf(pod)
  const said = ends.length === 0 ? "none of its containers had ended then" : `the last that ended: ${ends.join("; ")}`
  return failure(404, "NotFound", `the logs of pod ${name} were not recorded; ${said}`, { name, kind: "pods" })
}

const endsOf = ({ status }: KubernetesObject): ReadonlyArray<string> =>
  ["initContainerStatuses", "containerStatuses"].flatMap((list) =>
    entries(isJsonObject(status) ? status : {}, list).flatMap((container) => {
      const ended = [mapping(container, "state"), mapping(container, "lastState")].find(({ terminated }) => terminated)
      if (ended === undefined) return []
      const { exitCode, finishedAt, reason } = mapping(ended, "terminated")
      return [`${container["name"]} with exit code ${exitCode} (${reason}) at ${finishedAt}`]
    })
  )
