/** What one version of a pod says: at least what `kubectl describe pod` shows of its state, without moments and ids. */
import { canonical, type Json, type JsonObject } from "../../event/Json.ts"
import type { ContainerStateJson, ContainerStatus, PodObject } from "../../event/KubernetesObject.ts"
import { type Fields, put, type Shape } from "./Shape.ts"

type Text = (message: string) => string

const lists = [
  ["initContainers", "initContainerStatuses"],
  ["containers", "containerStatuses"],
  ["ephemeralContainers", "ephemeralContainerStatuses"]
] as const

const putText = (fields: Map<string, string>, path: string, value: Json | undefined, text: Text): void =>
  put(fields, path, typeof value === "string" ? text(value) : value)

const putState = (
  fields: Map<string, string>,
  path: string,
  state: ContainerStateJson | undefined,
  text: Text
): void => {
  const [kind, value] = Object.entries(state ?? {})[0] ?? []
  if (kind === undefined || value === undefined) return
  const { reason, message, exitCode, signal } = value as JsonObject
  put(fields, path, kind)
  put(fields, `${path}.reason`, reason)
  put(fields, `${path}.exitCode`, exitCode)
  put(fields, `${path}.signal`, signal)
  putText(fields, `${path}.message`, message, text)
}

const putContainer = (
  { state, detail }: { readonly state: Map<string, string>; readonly detail: Map<string, string> },
  path: string,
  status: ContainerStatus,
  text: Text
): void => {
  putState(state, `${path}.state`, status.state, text)
  putState(state, `${path}.lastState`, status.lastState, text)
  put(state, `${path}.ready`, status.ready)
  put(state, `${path}.started`, status.started)
  put(state, `${path}.restartCount`, status.restartCount)
  put(state, `${path}.image`, status.image)
  put(detail, `${path}.imageID`, status.imageID === "" ? undefined : "set")
  put(detail, `${path}.containerID`, status.containerID === undefined || status.containerID === "" ? undefined : "set")
  put(detail, `${path}.resources`, status.resources)
  put(detail, `${path}.allocatedResources`, status.allocatedResources)
  putText(detail, `${path}.volumeMounts`, status.volumeMounts && canonical(status.volumeMounts), text)
  put(detail, `${path}.user`, status.user)
}

/** The spec by field, and by container where it has one, so that a difference names its place. */
export const podSpecFields = (pod: PodObject, text: Text): Fields => {
  const fields = new Map<string, string>()
  for (const [key, value] of Object.entries(pod.spec)) {
    if (key === "nodeName") continue
    if (!lists.some(([list]) => list === key)) {
      putText(fields, `spec.${key}`, typeof value === "object" ? canonical(value) : value, text)
      continue
    }
    for (const container of value as ReadonlyArray<JsonObject>) {
      for (const [field, inner] of Object.entries(container)) {
        if (field !== "name")
          putText(
            fields,
            `spec.${key}{${String(container["name"])}}.${field}`,
            typeof inner === "object" ? canonical(inner) : inner,
            text
          )
      }
    }
  }
  return fields
}

/** Labels that a controller fills with a hash or a uid. */
const generatedLabel = /-hash$|controller-uid$/

const putMetadata = (detail: Map<string, string>, pod: PodObject): void => {
  const { generation, labels, finalizers } = pod.metadata
  put(detail, "generation", generation)
  put(detail, "finalizers", finalizers)
  for (const [key, value] of Object.entries(labels ?? {}))
    if (!generatedLabel.test(key)) put(detail, `labels{${key}}`, value)
}

/** A container that waits for the kubelet's next try: crashed and to be restarted, or not to be started at all. */
const isRetried = (pod: PodObject, list: string, status: ContainerStatus): boolean => {
  const waiting = status.state?.waiting?.["reason"]
  if (waiting !== undefined) return waiting !== "ContainerCreating" && waiting !== "PodInitializing"
  const terminated = status.state?.terminated
  if (terminated === undefined || pod.metadata.deletionTimestamp !== undefined) return false
  const spec = (pod.spec[list] as PodObject["spec"]["containers"] | undefined)?.find(({ name }) => name === status.name)
  const policy = spec?.restartPolicy ?? pod.spec.restartPolicy ?? "Always"
  const failed = terminated["exitCode"] !== 0
  if (list === "initContainers" && spec?.restartPolicy === undefined) return failed && policy !== "Never"
  return policy === "Always" || (policy === "OnFailure" && failed)
}

const isFinal = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed"

/** `status.resources` is left out: the kubelet reads it from cgroups as they come and go, so that two runs of one cluster differ. */
export const podShape = (pod: PodObject, text: Text): Omit<Shape, "spec"> => {
  const { metadata, spec } = pod
  const status = pod.status ?? {}
  const state = new Map<string, string>([["object", "present"]])
  const detail = new Map<string, string>()
  let retrying = false
  put(state, "nodeName", spec?.nodeName === undefined || spec.nodeName === "" ? undefined : "set")
  put(state, "phase", status.phase)
  put(state, "reason", status.reason)
  putText(state, "message", status.message, text)
  if (metadata.deletionTimestamp !== undefined)
    put(state, "deletionGracePeriodSeconds", metadata.deletionGracePeriodSeconds ?? "unset")
  for (const [list, statuses] of lists) {
    for (const container of status[statuses] ?? []) {
      putContainer({ state, detail }, `${list}{${container.name}}`, container, text)
      retrying ||= !isFinal(status.phase) && isRetried(pod, list, container)
    }
  }
  for (const condition of [...(status.conditions ?? [])].sort((a, b) => (a.type < b.type ? -1 : 1))) {
    const path = `conditions{${condition.type}}`
    put(state, `${path}.status`, condition.status)
    put(state, `${path}.reason`, condition.reason)
    putText(state, `${path}.message`, condition.message, text)
    if (condition.observedGeneration !== status.observedGeneration)
      put(detail, `${path}.observedGeneration`, condition.observedGeneration)
  }
  put(state, "qosClass", status.qosClass)
  put(state, "podIP", status.podIP === undefined || status.podIP === "" ? undefined : "set")
  put(state, "startTime", status.startTime === undefined ? undefined : "set")
  put(detail, "observedGeneration", status.observedGeneration)
  put(detail, "nominatedNodeName", status.nominatedNodeName)
  putMetadata(detail, pod)
  return { state, detail, retrying }
}
