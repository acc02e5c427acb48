/** What happened to the containers that a pod's status lists. */
import type { ContainerKind, PodEvent } from "../event/PodEvent.ts"
import { renderContainer } from "../state/containerJson.ts"
import type { Container, Pod } from "../state/Pod.ts"
import { deriveContainer } from "./deriveContainer.ts"

const kinds: ReadonlyArray<ContainerKind> = ["init", "regular", "ephemeral"]

export const deriveContainers = (pod: Pod, next: Pod): ReadonlyArray<PodEvent> => {
  if (haveSameNames(pod.containers, next.containers)) return changes(pod.containers, next.containers)
  const events: Array<PodEvent> = []
  for (const { kind, name } of pod.containers) {
    if (find(next, kind, name) === undefined) events.push({ _tag: "ContainerUnlisted", kind, container: name })
  }
  for (const container of next.containers) {
    const was = find(pod, container.kind, container.name)
    if (was === undefined) events.push(listed(container))
    else events.push(...deriveContainer(was, container))
  }
  return [...events, ...kinds.flatMap((kind) => ordered(pod, next, kind))]
}

type Containers = Pod["containers"]

const haveSameNames = (a: Containers, b: Containers): boolean =>
  a.length === b.length && a.every(({ kind, name }, i) => b[i]?.name === name && b[i]?.kind === kind)

/** Of lists that name the same containers in the same order. */
const changes = (old: Containers, next: Containers): ReadonlyArray<PodEvent> =>
  old.flatMap((was, i) => {
    const container = next[i]
    return container === undefined || container === was ? [] : deriveContainer(was, container)
  })

const find = (pod: Pod, kind: ContainerKind, name: string): Container | undefined =>
  pod.containers.find((container) => container.name === name && container.kind === kind)

const listed = (container: Container): PodEvent => ({
  _tag: "ContainerListed",
  kind: container.kind,
  container: container.name,
  status: renderContainer(container) as never
})

/** Those that stay keep their order, new ones stand behind them: if that is not the order now, a word says so. */
const ordered = (pod: Pod, next: Pod, kind: ContainerKind): ReadonlyArray<PodEvent> => {
  const containers = next.containers.filter((container) => container.kind === kind).map(({ name }) => name)
  const stayed = pod.containers
    .filter(({ kind: its, name }) => its === kind && containers.includes(name))
    .map(({ name }) => name)
  const added = containers.filter((name) => !stayed.includes(name))
  const isSo = [...stayed, ...added].every((name, i) => name === containers[i])
  return isSo ? [] : [{ _tag: "ContainersOrdered", kind, containers }]
}
