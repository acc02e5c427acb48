/** Containers that a patch brings along: what their program becomes, beside what was applied before. */
import {
  type ContainerSpec,
  type Intention,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  programScripts
} from "@kubereel/core"
import { type Finding, refused } from "../Finding.ts"
import { type PodProgram, type Scripting, scripted } from "./container.ts"
import { findProgram, type Playing, podNames, podSpecOf, says, standIn, volumesOf } from "./pods.ts"

type Patch = Extract<Intention, { readonly _tag: "Patch" }>

export interface Applied extends Playing {
  /** All that the scenario applies, as it says it and as it is sent. */
  readonly applied: ReadonlyArray<{ readonly given: KubernetesObject; readonly sent: KubernetesObject }>
}

/** What a container of a patch is about to meet. */
interface Meeting {
  readonly patch: Patch
  readonly field: string
  readonly playing: Applied
  readonly object: KubernetesObject | undefined
  readonly sent: KubernetesObject | undefined
  readonly ephemeral: boolean
}

interface Met {
  readonly container: JsonObject
  readonly findings: ReadonlyArray<Finding>
  readonly volume: boolean
}

const asItIs = (container: JsonObject): Met => ({ container, findings: [], volume: false })

const before = (name: string, object: KubernetesObject | undefined): ContainerSpec | undefined => {
  const spec = object === undefined ? undefined : podSpecOf(object)?.spec
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find((one) => one.name === name)
}

const volumes = (object: KubernetesObject | undefined): ReadonlySet<string> => {
  const spec = object === undefined ? undefined : podSpecOf(object)?.spec
  return spec === undefined ? new Set() : volumesOf(spec)
}

const withScript = (whole: ContainerSpec, given: JsonObject, own: PodProgram, scripting: Scripting): Met => {
  const { container, findings, volume } = scripted(whole, [own], scripting)
  const { command, env, image: named, volumeMounts } = container
  const parts = { command, env, image: named, volumeMounts }
  const set = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as JsonObject
  return { container: { ...given, ...set }, findings, volume }
}

/**
 * The same program as before is there already, in the command that was applied. Another one needs another command, which only
 * a template can be given: a pod's own cannot change.
 */
const met = (given: JsonObject, { ephemeral, field, object, patch, playing }: Meeting): Met => {
  const container = given as unknown as ContainerSpec
  const old = ephemeral ? undefined : before(container.name, object)
  const merged = patch.type === "strategic" && old !== undefined ? { ...old, ...container } : container
  const [pod = patch.name] = object === undefined ? [] : podNames(object)
  const placed = findProgram(playing, pod, merged)
  const was = old === undefined || says(old) ? undefined : findProgram(playing, pod, old)
  if (says(merged) || (placed === undefined && was === undefined)) return asItIs(given)
  const same = placed?.program === was?.program
  if (same && merged !== container) return asItIs(given)
  if (!same && old !== undefined && object?.kind === "Pod") {
    const problem = `container ${container.name} has another program with that image, and the command of a pod cannot change`
    return { ...asItIs(given), findings: [refused(field, problem)] }
  }
  return placed === undefined
    ? asItIs({ ...given, command: null })
    : withScript(merged, given, { pod, placed }, { image: standIn(playing, merged, true), volumes: volumes(object) })
}

const lists = { containers: false, initContainers: false, ephemeralContainers: true } as const

type Meet = Omit<Meeting, "ephemeral">

/** The part of a pod's spec with its containers' programs. */
const podSpecPart = (part: JsonObject, meeting: Meet, findings: Array<Finding>): JsonObject => {
  const made: Record<string, Json | undefined> = { ...part }
  let volume = false
  for (const [list, ephemeral] of Object.entries(lists)) {
    const entries = part[list]
    if (!Array.isArray(entries)) continue
    made[list] = entries.map((entry: Json) => {
      if (!isJsonObject(entry) || typeof entry["image"] !== "string" || typeof entry["name"] !== "string") return entry
      const one = met(entry, { ...meeting, ephemeral })
      findings.push(...one.findings)
      volume ||= one.volume
      return one.container
    })
  }
  if (!volume || volumes(meeting.sent).has(programScripts.volume)) return made as JsonObject
  if (meeting.object?.kind === "Pod")
    findings.push(refused(meeting.field, "its program needs a volume, and a pod gets none after it was made"))
  const own = part["volumes"]
  return {
    ...made,
    volumes: [...(Array.isArray(own) ? own : []), { name: programScripts.volume, emptyDir: {} }]
  }
}

const walk = (value: Json, meeting: Meet, findings: Array<Finding>): Json => {
  if (!isJsonObject(value)) return value
  if (Object.keys(lists).some((list) => Array.isArray(value[list]))) return podSpecPart(value, meeting, findings)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one as Json, meeting, findings)]))
}

/** The patch as it is sent. */
export const playablePatch = (
  patch: Patch,
  field: string,
  playing: Applied
): { readonly made: Intention; readonly findings: ReadonlyArray<Finding> } => {
  const findings: Array<Finding> = []
  const found = playing.applied.findLast(
    ({ given: { kind, metadata } }) => metadata.name === patch.name && kind.toLowerCase() === patch.kind.toLowerCase()
  )
  const body = walk(patch.patch, { patch, field, playing, object: found?.given, sent: found?.sent }, findings)
  const same = JSON.stringify(body) === JSON.stringify(patch.patch)
  return { made: same ? patch : { ...patch, patch: body }, findings }
}
