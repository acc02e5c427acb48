/** Runs postStart and preStop hooks (`pkg/kubelet/lifecycle/handlers.go`, handlerRunner.Run; K-092…K-093, K-244). */
import {
  type ContainerSpec,
  type Hook,
  type HookError,
  type HTTPGetAction,
  hookMessage,
  hookOf,
  hookRequest,
  hookRequestEnd,
  type LifecycleHandler,
  type Micros,
  SECOND
} from "@kubereel/core"
import { answerOf, type Hop, request as requestOf } from "../network/exchange.ts"
import { quantile } from "../profile/quantiles.ts"
import { type ExecEnd, execSync } from "../runtime/execSync.ts"
import type { PodContext } from "./KubeletNode.ts"
import { recordContainerEvent } from "./podEvents.ts"

/** The container that a hook belongs to: its specification, and the ID of the instance that runs. */
export interface HookTarget extends PodContext {
  readonly spec: ContainerSpec
  readonly id: string
}

/** As the CRI client says it (`k8s.io/cri-client/pkg/remote_runtime.go`, ExecSync). */
const execError = (command: ReadonlyArray<string>, end: ExecEnd): HookError | undefined => {
  if (end._tag === "Refused") return { error: end.error, output: "" }
  if (end.exitCode === 0) return undefined
  return { error: `command '${command.join(" ")}' exited with ${end.exitCode}: ${end.stderr}`, output: end.output }
}

/** The request goes to the pod's address, where any of its containers may answer; to another host as every process of the node sends it. */
const request = ({ id, node, pod, spec }: HookTarget, action: HTTPGetAction, done: (error?: string) => void): void => {
  const uid = pod.metadata.uid ?? ""
  const { engine, runtime } = node
  const [podIP] = runtime.hasNetwork(uid) ? runtime.status(uid).ips : []
  const asked = hookRequest(action, spec, podIP)
  if (typeof asked === "string") return done(asked)
  const { cluster, node: own } = runtime.network
  const hops: Array<Hop> = []
  let elapsed: Micros = 0
  const end = hookRequestEnd(asked, (target) => {
    const trip = { elapsed, waiting: [], hops }
    const self = target.host === podIP ? runtime.networkOf(uid) : undefined
    const reply =
      self === undefined
        ? requestOf(cluster, { node: own, pod: undefined }, target, trip)
        : answerOf(cluster, { server: { node: own, pod: self }, answerers: runtime.answerers(uid, id) }, target, trip)
            .reply
    if (reply._tag === "Response") elapsed += reply.takes
    return reply
  })
  const sent = engine.now
  const finish = (error: string | undefined) => {
    for (const forget of waits) forget()
    if (answer !== undefined) engine.cancel(answer)
    done(error)
  }
  // Somebody who answers in the place of another one who died is an answer, too.
  const died = (hop: Hop) => () => {
    if (engine.now - sent >= hop.begins && engine.now - sent < hop.ends)
      finish(hop.breaks === undefined ? end.broken : undefined)
  }
  const waits = [
    runtime.onExit(uid, id, () => finish(end.broken)),
    ...hops.flatMap((hop) => (hop.id === id ? [] : [hop.runtime.onDisconnect(hop.uid, hop.id, died(hop))]))
  ]
  const answered = () => finish(end.error)
  const answer = end.after === Number.POSITIVE_INFINITY ? undefined : engine.after(`hook/${uid}`, end.after, answered)
}

const runHTTPHandler = (target: HookTarget, action: HTTPGetAction, done: (error?: string) => void): void => {
  const { node, pod, random } = target
  const delay = quantile(node.profile.httpHook, random.next())
  node.engine.after(`hook/${pod.metadata.uid}`, delay, () => request(target, action, done))
}

/** No hook has a time limit of its own. `done` gets the error of a hook that failed. */
const run = (target: HookTarget, hook: Hook, done: (error?: HookError) => void): void => {
  const { id, node, pod, random } = target
  const uid = pod.metadata.uid ?? ""
  switch (hook._tag) {
    case "Exec": {
      const { command } = hook
      const overhead = quantile(node.profile.exec, random.next())
      return execSync(node.runtime, node.engine, { uid, id, command, overhead }, (end) => done(execError(command, end)))
    }
    case "Sleep":
      // It is the kubelet that sleeps: that the container dies meanwhile does not end it.
      node.engine.after(`hook/${uid}`, hook.seconds * SECOND, () => done())
      return
    case "HTTPGet":
      return runHTTPHandler(target, hook.action, (error) =>
        done(error === undefined ? undefined : { error, output: "" })
      )
    case "Invalid":
      return done({ error: hook.error, output: "" })
  }
}

/** `done` gets the message of a hook that failed. */
export const runHook = (target: HookTarget, handler: LifecycleHandler, done: (failure?: string) => void): void => {
  const hook = hookOf(handler)
  run(target, hook, (error) =>
    done(error === undefined ? undefined : hookMessage(target.pod, target.spec, hook, error))
  )
}

/**
 * executePreStopHook: the hook has the whole grace period, in seconds. When that is over it is abandoned: it goes on in its container,
 * and may still be said to have failed. `done` gets how long it was waited for.
 */
export const executePreStopHook = (target: HookTarget, grace: number, done: (took: Micros) => void): void => {
  const { node, pod, spec } = target
  const handler = spec.lifecycle?.preStop
  if (handler === undefined || grace <= 0) return done(0)
  const began = node.engine.now
  let waiting = true
  const goOn = () => {
    if (!waiting) return
    waiting = false
    node.engine.cancel(timeout)
    done(node.engine.now - began)
  }
  const timeout = node.engine.after(`hook/${pod.metadata.uid}`, grace * SECOND, goOn)
  runHook(target, handler, (failure) => {
    if (failure !== undefined)
      recordContainerEvent(node, pod, spec.name, {
        type: "Warning",
        reason: "FailedPreStopHook",
        message: "PreStopHook failed"
      })
    goOn()
  })
}
