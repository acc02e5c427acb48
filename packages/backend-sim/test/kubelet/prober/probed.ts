/** A pod that is probed on a node that takes no time, in a few words. */
import type { ClusterEvent } from "@kubereel/core"
import { podManifest, podMoments, simulate, timedEvents } from "../../given.ts"

export const zero = [{ name: "n-1", cpu: 2, memory: "4Gi", pods: 110, profile: "zero" }]
export const podOf = (...containers: ReadonlyArray<object>) => ({
  at: "0s",
  apply: {
    ...podManifest("p", []),
    spec: { containers: containers.map((more) => ({ name: "main", image: "busybox:1", ...more })) }
  }
})
export const exec = (command: string, more: object = {}) => ({ exec: { command: [command] }, ...more })
export const http = (path: string, more: object = {}) => ({ httpGet: { port: 80, path }, ...more })
export const answer = (command: string, exitCode: number, more: object = {}) => ({
  command: [command],
  exitCode,
  ...more
})
export const stops = { onTerm: { exitAfter: "0s", exitCode: 0 } }
export const observe = (pod: object, runs: ReadonlyArray<object>, until: string, seed = 0) =>
  simulate({ nodes: zero, runs: { main: runs }, steps: [pod], until }, seed)

export const secondsOf = (facts: ReadonlyArray<ClusterEvent>, ...parts: ReadonlyArray<string>): ReadonlyArray<number> =>
  timedEvents(facts)
    .filter((line) => parts.every((part) => line.includes(part)))
    .map((line) => Number(line.split(" ")[0]))
export const restarts = (facts: ReadonlyArray<ClusterEvent>) =>
  podMoments(facts).at(-1)?.pod.status.containerStatuses?.[0]?.restartCount
export const statusesOf = (facts: ReadonlyArray<ClusterEvent>) =>
  podMoments(facts).flatMap(({ pod, seconds }) => {
    const [status] = pod.status.containerStatuses ?? []
    return status === undefined ? [] : [{ seconds, status }]
  })
