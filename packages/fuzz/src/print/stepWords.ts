/** A step in words: `delete pod web (grace 0 s)`, `node n-1 power off`. */
import { isJsonObject, type Json, type JsonObject } from "@kubereel/core"
import { manifestsOf, objectIn } from "../shrink/document.ts"
import { type Around, manifestWords } from "./podWords.ts"
import { bracketed, durationWords, fieldWords, valueWords } from "./words.ts"

const kindWords = (kind: Json | undefined): string => String(kind).toLowerCase()

const graceWords = (grace: Json | undefined): ReadonlyArray<string> =>
  grace === undefined ? [] : [`grace ${valueWords(grace)} s`]

const whose = ({ namespace }: JsonObject): ReadonlyArray<string> =>
  namespace === undefined ? [] : [`in ${valueWords(namespace)}`]

const deleteWords = (of: JsonObject): string => {
  const { gracePeriodSeconds, kind, name, pick, propagationPolicy, selector } = of
  const target =
    name === undefined
      ? `${pick === undefined || pick === "all" ? "all" : `the ${valueWords(pick)} of`} ${valueWords(selector)}`
      : valueWords(name)
  const how = [
    ...whose(of),
    ...graceWords(gracePeriodSeconds),
    ...(propagationPolicy === undefined ? [] : [valueWords(propagationPolicy)])
  ]
  return `delete ${kindWords(kind)} ${target}${bracketed(how)}`
}

const patchWords = (of: JsonObject): string => {
  const { kind, name, namespace, patch, subresource, type, ...rest } = of
  const how = [...whose({ namespace }), ...(type === undefined ? [] : [valueWords(type)]), ...fieldWords(rest)]
  return `patch ${kindWords(kind)} ${valueWords(name)}${subresource === undefined ? "" : `/${valueWords(subresource)}`} with ${valueWords(patch)}${bracketed(how)}`
}

const nodeWords = ({ name, ...does }: JsonObject, around: Around): string => {
  const words = Object.entries(does).map(([field, value]) => {
    if (field === "add") return `joins${bracketed(fieldWords(objectIn(value)))}`
    if (field === "remove") return "is lost"
    if (field === "cordon") return value === true ? "cordoned" : "uncordoned"
    if (field === "staticPods") {
      const pods = Array.isArray(value) ? value.map((one: Json) => manifestWords(objectIn(one), around)) : []
      return pods.length === 0 ? "without static pods" : `runs static ${pods.join(" and ")}`
    }
    return `${field} ${value === false ? "over" : valueWords(value)}`
  })
  return `node ${valueWords(name)} ${words.join(", ")}`
}

const lasting = (length: Json | undefined): string =>
  length === undefined ? "to the end" : `for ${durationWords(length)}`

const watchWords = ({ for: length, kinds, lag, node, of }: JsonObject): string => {
  const who = node === undefined ? valueWords(of) : `kubelet of ${valueWords(node)}`
  const what = Array.isArray(kinds) ? ` of ${kinds.join(", ")}` : ""
  return `${who} hears ${lag === undefined ? "nothing" : `${durationWords(lag)} late`}${what} ${lasting(length)}`
}

const faultWords = ({ call, for: length, message, node, pod }: JsonObject): string =>
  `${valueWords(call)} fails on ${valueWords(node)}${pod === undefined ? "" : ` for ${valueWords(pod)}`} ${lasting(length)}${bracketed(message === undefined ? [] : [String(message)])}`

const processWords = (verb: string, of: JsonObject): string => {
  const { command, container, gracePeriodSeconds, pod, signal } = of
  const target = `${valueWords(pod)}${container === undefined ? "" : `/${valueWords(container)}`}`
  const how = [
    ...whose(of),
    ...graceWords(gracePeriodSeconds),
    ...(signal === undefined || signal === "KILL" ? [] : [valueWords(signal)])
  ]
  const runs = Array.isArray(command) ? `: ${command.join(" ")}` : command === undefined ? "" : `: ${String(command)}`
  return `${verb} ${target}${bracketed(how)}${runs}`
}

/** What a step does, without its time. */
export const stepWords = (step: JsonObject, around: Around): string => {
  const { delete: deletion, drain, evict, exec, fault, kill, node, patch, scale, watch } = step
  if (step["apply"] !== undefined)
    return manifestsOf(step)
      .map((one) => manifestWords(one, around))
      .join(" and ")
  if (isJsonObject(deletion)) return deleteWords(deletion)
  if (isJsonObject(patch)) return patchWords(patch)
  if (isJsonObject(scale))
    return `scale ${kindWords(scale["kind"])} ${valueWords(scale["name"])} to ${valueWords(scale["replicas"])}`
  if (isJsonObject(evict)) return processWords("evict", evict)
  if (isJsonObject(exec)) return processWords("exec in", exec)
  if (isJsonObject(kill)) return processWords("kill", kill)
  if (isJsonObject(node)) return nodeWords(node, around)
  if (isJsonObject(drain)) {
    const { node: of, ...flags } = drain
    return `drain ${valueWords(of)}${bracketed(fieldWords(flags))}`
  }
  if (isJsonObject(watch)) return watchWords(watch)
  return isJsonObject(fault) ? faultWords(fault) : valueWords(step)
}
