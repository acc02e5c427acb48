/** A manifest in words: `pod web { sidecar proxy: runs; app: exits 1 after 28.6 s }`. */
import { globMatches, type Json, type JsonObject } from "@kubereel/core"
import { nameOf, objectAt, objectIn, objectsIn, podPath, without } from "../shrink/document.ts"
import { programWords } from "./programWords.ts"
import { bracketed, fieldWords, valueWords } from "./words.ts"

/** What stands around a manifest in its scenario. */
export interface Around {
  readonly programs: ReadonlyArray<JsonObject>
  /** An image that needs no word: it is on every node. */
  readonly isUsual: (image: string) => boolean
}

const probeWords = (name: string, probe: JsonObject): string => {
  const { exec, failureThreshold, grpc, httpGet, periodSeconds, tcpSocket, ...rest } = probe
  const asks = [
    ...(exec === undefined
      ? []
      : [`runs ${(objectIn(exec)["command"] as ReadonlyArray<Json> | undefined)?.join(" ") ?? ""}`]),
    ...(httpGet === undefined
      ? []
      : [`gets :${valueWords(objectIn(httpGet)["port"])}${valueWords(objectIn(httpGet)["path"] ?? "/")}`]),
    ...(tcpSocket === undefined ? [] : [`connects to :${valueWords(objectIn(tcpSocket)["port"])}`]),
    ...(grpc === undefined ? [] : [`asks :${valueWords(objectIn(grpc)["port"])}`])
  ]
  const pace = `every ${valueWords(periodSeconds ?? 10)} s, ${valueWords(failureThreshold ?? 3)}×`
  return `${name.replace("Probe", "")} probe ${asks.join(" ")} ${pace}${bracketed(fieldWords(rest))}`
}

const hookWords = (name: string, hook: JsonObject): string => {
  const seconds = objectIn(hook["sleep"])["seconds"]
  if (seconds !== undefined) return `${name} sleeps ${valueWords(seconds)} s`
  const command = objectIn(hook["exec"])["command"]
  return `${name} ${Array.isArray(command) ? `runs ${command.join(" ")}` : valueWords(hook)}`
}

const probes = new Set(["startupProbe", "livenessProbe", "readinessProbe"])

const detailWords = ([field, value]: readonly [string, Json | undefined]): ReadonlyArray<string> => {
  if (value === undefined) return []
  if (probes.has(field)) return [probeWords(field, objectIn(value))]
  if (field !== "lifecycle") return [`${field}: ${valueWords(value)}`]
  return Object.entries(objectIn(value)).map(([name, hook]) =>
    typeof hook === "object" ? hookWords(name, objectIn(hook)) : `${name}: ${valueWords(hook)}`
  )
}

const containerWords = (role: "" | "init" | "sidecar", container: JsonObject, pod: string, around: Around): string => {
  const { image, name, ...more } = container
  const rest = role === "sidecar" ? without(more, "restartPolicy") : more
  const matches = (pattern: Json | undefined, text: string) => globMatches(String(pattern ?? "*"), text)
  const program = around.programs.find(({ match }) => {
    const of = objectIn(match)
    return matches(of["pod"], pod) && matches(of["container"], String(name)) && matches(of["image"], String(image))
  })
  const does = program === undefined ? "runs, dies of KILL only" : programWords(objectsIn(program["runs"]))
  const from = around.isUsual(String(image)) ? [] : [`image ${String(image)}`]
  return [
    `${role === "" ? "" : `${role} `}${String(name)}: ${does}`,
    ...from,
    ...Object.entries(rest).flatMap(detailWords)
  ].join(", ")
}

const graceWords = (spec: JsonObject): ReadonlyArray<string> => {
  const { terminationGracePeriodSeconds: grace, containers: _, initContainers: __, restartPolicy, ...rest } = spec
  return [
    ...(restartPolicy === undefined ? [] : [`restartPolicy ${valueWords(restartPolicy)}`]),
    ...(grace === undefined ? [] : [`grace ${valueWords(grace)} s`]),
    ...fieldWords(rest)
  ]
}

const podSpecWords = (spec: JsonObject, pod: string, around: Around): string => {
  const inits = objectsIn(spec["initContainers"]).map((container) =>
    containerWords(container["restartPolicy"] === "Always" ? "sidecar" : "init", container, pod, around)
  )
  const apps = objectsIn(spec["containers"]).map((container) => containerWords("", container, pod, around))
  return `{ ${[...inits, ...apps].join("; ")} }`
}

/** Fields of the object besides its name; the labels of a workload's own pods are what its selector asks for. */
const metadataWords = (manifest: JsonObject): ReadonlyArray<string> =>
  fieldWords(without(objectIn(manifest["metadata"]), "name"))

const workloadWords = (manifest: JsonObject): readonly [string, ReadonlyArray<string>] => {
  const { replicas, selector: _, serviceName: __, template: ___, jobTemplate, ...rest } = objectIn(manifest["spec"])
  const inner = without(objectIn(objectIn(jobTemplate)["spec"]), "template")
  return [replicas === undefined ? "" : ` × ${valueWords(replicas)}`, fieldWords({ ...rest, ...inner })]
}

/** The name that its pods begin with, so that their programs are found. */
const podName = (manifest: JsonObject): string =>
  manifest["kind"] === "Pod" ? nameOf(manifest) : `${nameOf(manifest)}-0`

export const manifestWords = (manifest: JsonObject, around: Around): string => {
  const kind = String(manifest["kind"]).toLowerCase()
  const spec = objectAt(manifest, podPath(manifest))
  const named = `${kind} ${nameOf(manifest)}`
  if (spec["containers"] === undefined) {
    const { apiVersion: _, kind: __, metadata: ___, ...rest } = manifest
    return `${named}${bracketed([...metadataWords(manifest), ...fieldWords(rest)])}`
  }
  const [count, fields] = manifest["kind"] === "Pod" ? ["", []] : workloadWords(manifest)
  const details = bracketed([...metadataWords(manifest), ...fields, ...graceWords(spec)])
  return `${named}${count}${details} ${podSpecWords(spec, podName(manifest), around)}`
}
