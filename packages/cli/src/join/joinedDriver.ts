/** Joined nodes as a run on their cluster drives them, in this process: steps for nodes do to them what they do in a simulation. */
import { type NodeDriver, NodeDriverFailure, type NodeOrder, type NodeQuestion } from "@kubereel/backend-k8s"
import { type Micros, SECOND } from "@kubereel/core"
import { Effect } from "effect"
import type { JoinedCluster } from "./JoinedCluster.ts"

const failed = (problem: string) => new NodeDriverFailure({ problem })

const nothing = {
  kubelet: undefined,
  cordon: undefined,
  power: undefined,
  network: undefined,
  pressure: undefined,
  staticPods: undefined
}

/** Answers with what is in the way. */
const obey = ({ nodes }: JoinedCluster, order: NodeOrder): string | undefined => {
  const { node } = order
  const none = `no node ${node} has joined from here`
  if ("kill" in order) {
    const { container, namespace, pod: name, signal } = order.kill
    const pod = nodes.known("Pod", namespace, name)
    const isKilled = pod !== undefined && nodes.kill(pod, container, signal)
    return isKilled ? undefined : `on ${node} no container ${container} of pod ${namespace}/${name} is running`
  }
  if ("fault" in order) {
    const { fault } = order
    if (fault === null) return nodes.heal(node) ? undefined : none
    const { call, message, pod, seconds } = fault
    const lasts: Micros | undefined = seconds === undefined ? undefined : seconds * SECOND
    return nodes.fault({ _tag: "Fault", node, call, pod, message, for: lasts }) ? undefined : none
  }
  return nodes.act({ _tag: "Node", ...nothing, ...order, name: node }) ? undefined : none
}

export const joinedDriver = (joined: JoinedCluster): NodeDriver => ({
  check: (question: NodeQuestion) =>
    "node" in question && !joined.nodes.has(question.node)
      ? Effect.fail(failed(`no node ${question.node} has joined from here`))
      : Effect.void,
  act: (order) =>
    Effect.suspend(() => {
      let problem: string | undefined
      joined.clock.enter(() => {
        problem = obey(joined, order)
      })
      return problem === undefined ? Effect.void : Effect.fail(failed(problem))
    })
})
