/** How long a container that crashes waits for its next start (K-100, K-101). */
import { parseDuration } from "../../event/duration.ts"
import { type Micros, parseInstant } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { ContainerStatus } from "../../event/KubernetesObject.ts"

/** Before the `restart`th restart, when all before it counted: none before the first, then `base` doubled up to `cap`. */
export const backOffBefore = (restart: number, base: Micros, cap: Micros): Micros =>
  (restart <= 1 ? 0 : Math.min(cap, base * 2 ** Math.min(restart - 2, 30))) as Micros

const time = (of: JsonObject | undefined, field: string): number => {
  const text = of?.[field]
  return (typeof text === "string" ? parseInstant(text) : undefined) ?? Number.NaN
}

/** From the end of the instance before to the start of this one, by the node's clock; NaN: it is not known. */
export const waitedFor = ({ lastState, state }: ContainerStatus): number =>
  time(state?.running ?? state?.terminated, "startedAt") - time(lastState?.terminated, "finishedAt")

/** From the end of one instance to that of the next; NaN: it is not known. */
export const betweenEnds = (was: ContainerStatus | undefined, is: ContainerStatus): number =>
  time(is.lastState?.terminated, "finishedAt") - time(was?.lastState?.terminated, "finishedAt")

/** The wait of which the kubelet itself speaks: a node can have another cap than others. Infinity: it does not. */
export const backOffTold = (status: ContainerStatus | undefined): number => {
  const message = status?.state?.waiting?.message
  const [, told] = typeof message === "string" ? (/^back-off (\S+) restarting/.exec(message) ?? []) : []
  return (told === undefined ? undefined : parseDuration(told)) ?? Number.POSITIVE_INFINITY
}
