/** The lists of containers in a status: which containers stand there, and in which order. */
import type { ContainerKind, ContainerListed, ContainersOrdered, ContainerUnlisted } from "../event/PodEvent.ts"
import { parseContainer } from "./containerJson.ts"
import type { Container } from "./Pod.ts"

type Containers = ReadonlyArray<Container>

const ranks: { readonly [K in ContainerKind]: number } = { init: 0, regular: 1, ephemeral: 2 }

/** Behind the others of its kind; `undefined` if it is listed already. */
export const listContainer = (
  containers: Containers,
  { kind, container, status }: ContainerListed
): Containers | undefined => {
  if (containers.some((other) => other.kind === kind && other.name === container)) return undefined
  const behind = containers.findIndex((other) => ranks[other.kind] > ranks[kind])
  return containers.toSpliced(behind < 0 ? containers.length : behind, 0, {
    ...parseContainer(kind, status),
    name: container
  })
}

/** `undefined` if it is not listed. */
export const unlistContainer = (
  containers: Containers,
  { kind, container }: ContainerUnlisted
): Containers | undefined => {
  const left = containers.filter((other) => other.kind !== kind || other.name !== container)
  return left.length === containers.length ? undefined : left
}

/** `undefined` if the names are not exactly those that are listed. */
export const orderContainers = (
  containers: Containers,
  { kind, containers: names }: ContainersOrdered
): Containers | undefined => {
  const listed = containers.filter((container) => container.kind === kind)
  const ordered = names.flatMap((name) => listed.find((container) => container.name === name) ?? [])
  if (names.length !== listed.length || new Set(ordered).size !== listed.length) return undefined
  return [
    ...containers.filter((container) => ranks[container.kind] < ranks[kind]),
    ...ordered,
    ...containers.filter((container) => ranks[container.kind] > ranks[kind])
  ]
}
