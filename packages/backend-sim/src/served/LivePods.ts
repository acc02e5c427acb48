/** What is asked of a pod's kubelet through the API server: its logs, commands in it, connections to it (`pkg/registry/core/pod/rest`). */
import {
  badRequest,
  chosenContainer,
  containerNotFound,
  type ExecEnd,
  execLocation,
  type Instant,
  invalidPodLogOptions,
  type LogOptions,
  loggedContainer,
  nodeUnreachable,
  notFound,
  type PodObject,
  pods,
  readLines,
  rejected,
  type ServedConnection,
  type ServedPods,
  type Status,
  sinceSecondsAgo,
  usualCommand,
  withinBytes
} from "@kubereel/core"
import { Result } from "effect"
import type { Engine } from "../engine/Engine.ts"
import type { Machine } from "../kubelet/Machine.ts"
import { LogFollower, writtenLines } from "./LogFollower.ts"

async function* chunks(...texts: ReadonlyArray<string>): AsyncGenerator<string> {
  for (const text of texts) if (text !== "") yield text
}

const unanswered = (machine: Machine | undefined, path: string): Status => {
  const host = `${machine?.hostIP ?? ""}:10250`
  return rejected(500, `Get "https://${host}${path}": dial tcp ${host}: connect: connection refused`)
}

export interface LivePodsParts {
  readonly engine: Engine
  readonly api: { readonly getPod: (namespace: string, name: string) => PodObject | undefined }
  readonly machines: { readonly get: (node: string | undefined) => Machine | undefined }
}

export class LivePods implements ServedPods {
  readonly #parts: LivePodsParts
  readonly #followers = new Set<LogFollower>()

  constructor(parts: LivePodsParts) {
    this.#parts = parts
  }

  /** The clock has moved: whoever follows a log reads on. */
  look(now: Instant): void {
    for (const follower of this.#followers) follower.look(now)
  }

  /** Before that moment nobody who follows a log has anything to read; `undefined`: as far as is known, ever. */
  next(now: Instant): Instant | undefined {
    const times = [...this.#followers].flatMap((follower) => follower.next(now) ?? [])
    return times.length === 0 ? undefined : (Math.min(...times) as Instant)
  }

  log = async (namespace: string, name: string, options: LogOptions): Promise<Status | AsyncIterable<string>> => {
    const pod = this.#parts.api.getPod(namespace, name)
    const invalid = invalidPodLogOptions(name, options)
    if (invalid !== undefined) return invalid
    if (pod === undefined) return notFound(pods, name)
    const container = chosenContainer(pod, options.container)
    if (Result.isFailure(container)) return container.failure
    // Nobody has a log yet of a pod without a node (C-126).
    if ((pod.spec.nodeName ?? "") === "") return chunks()
    const machine = this.#parts.machines.get(pod.spec.nodeName)
    if (machine?.answers !== true)
      return unanswered(machine, `/containerLogs/${namespace}/${name}/${container.success}`)
    return this.#read(machine, pod, container.success, options)
  }

  #read(machine: Machine, pod: PodObject, container: string, options: LogOptions): Status | AsyncIterable<string> {
    const { follow, limitBytes, previous, sinceSeconds, sinceTime, tailLines, timestamps } = options
    const which = loggedContainer({ pod: pod.metadata.name, status: pod.status }, container, previous)
    if (Result.isFailure(which)) return badRequest(which.failure)
    const process = machine.process(pod.metadata.uid ?? "", which.success.replace(/^.*:\/\//, ""))
    if (process === undefined) return chunks(`unable to retrieve container logs for ${which.success}`)
    const { now } = this.#parts.engine
    const since = sinceSeconds === undefined ? sinceTime : sinceSecondsAgo(now, sinceSeconds)
    const reading = { timestamps, since, tailLines, limitBytes }
    if (!follow || process.container.state === "exited") {
      const text = readLines(writtenLines(process, now), reading).join("")
      return chunks(limitBytes === undefined ? text : withinBytes(text, limitBytes))
    }
    const follower = new LogFollower(process, reading, () => this.#followers.delete(follower))
    this.#followers.add(follower)
    follower.look(now)
    return follower
  }

  exec = async (
    namespace: string,
    name: string,
    { command, container }: { readonly container?: string; readonly command: ReadonlyArray<string> }
  ): Promise<Status | ExecEnd> => {
    const pod = this.#parts.api.getPod(namespace, name)
    if (pod === undefined) return notFound(pods, name)
    const location = execLocation(pod, container)
    if (Result.isFailure(location)) return location.failure
    const machine = this.#parts.machines.get(pod.spec.nodeName)
    if (machine?.answers !== true) return nodeUnreachable
    const reply = machine.execReply(pod.metadata.uid ?? "", location.success, command)
    if (reply === undefined) return containerNotFound(location.success)
    if (reply === "undeclared") {
      const usual = usualCommand(command)
      if (usual === undefined) return undeclared(pod, location.success, command)
      await this.#passes(usual.takes)
      return { exitCode: usual.exitCode, stdout: usual.stdout, stderr: "" }
    }
    const { exitCode, output, stderr, takes } = reply
    await this.#passes(takes)
    return { exitCode, stdout: stderr === "" ? output : "", stderr }
  }

  connect = (namespace: string, name: string, port: number): Status | ServedConnection => {
    const pod = this.#parts.api.getPod(namespace, name)
    if (pod === undefined) return notFound(pods, name)
    if ((pod.spec.nodeName ?? "") === "") return badRequest(`pod ${name} does not have a host assigned`)
    const machine = this.#parts.machines.get(pod.spec.nodeName)
    if (machine?.answers !== true) return nodeUnreachable
    return {
      request: async (_method, path) => {
        const reply = machine.httpReply(pod.metadata.uid ?? "", port, path)
        if (reply === undefined) return undefined
        await this.#passes(reply.takes)
        return { status: reply.status, body: reply.body }
      }
    }
  }

  /** So much of the cluster's time. */
  #passes(takes: number): Promise<void> {
    const { engine } = this.#parts
    if (takes <= 0) return Promise.resolve()
    return new Promise((resolve) => void engine.after("served/exec", takes, resolve))
  }
}

/** Nothing is known of other commands: an answer would be made up. */
const undeclared = ({ metadata }: PodObject, container: string, command: ReadonlyArray<string>): Status =>
  badRequest(
    `no program of container ${container} in simulated pod ${metadata.name} declares how "${command.join(" ")}" ends: declare it in programs[].runs[].execs of the scenario`
  )
