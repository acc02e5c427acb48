/** Why a volume cannot be mounted now (`pkg/volume/*`, SetUpAt of each plugin). What is not named here needs nothing but the node. */
import type { JsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { entries, mapping, text } from "../../apiserver/fields.ts"
import { isReachable } from "../../storage/nodeAffinity.ts"
import { type ConfigKind, type ConfigLookup, configNotFound } from "../objectReferences.ts"
import { type HostPaths, hostPathProblem, localPathProblem } from "./hostPath.ts"

export interface MountView {
  readonly lookup: ConfigLookup
  readonly hostPaths: HostPaths
  /** Will the kubelet still clone repositories (GitRepoVolumeDriver)? */
  readonly gitRepoDriver: boolean
  /** Of the node. */
  readonly labels: Readonly<Record<string, string>>
}

/** What is mounted: the volume itself, or the one that its claim has. */
export interface Mountable {
  /** By which Events name it. */
  readonly name: string
  readonly source: JsonObject
  readonly persistent?: KubernetesObject
}

export const mountable = (volume: JsonObject, persistent?: KubernetesObject): Mountable =>
  persistent === undefined
    ? { name: text(volume, "name"), source: volume }
    : { name: persistent.metadata.name, source: mapping(persistent, "spec"), persistent }

interface ConfigSource {
  readonly kind: ConfigKind
  readonly name: string
  readonly source: JsonObject
}

/** MakePayload: each key that is asked for must be there, unless the source is optional. */
const configProblem = ({ kind, name, source }: ConfigSource, lookup: ConfigLookup): string | undefined => {
  if (source["optional"] === true) return undefined
  const object = lookup(kind, name)
  if (object === undefined) return configNotFound(kind, name)
  const data = { ...mapping(object, "data"), ...mapping(object, "binaryData") }
  const key = entries(source, "items")
    .map((item) => text(item, "key"))
    .find((asked) => !Object.hasOwn(data, asked))
  const what = kind === "ConfigMap" ? "config" : "secret"
  const words = kind === "ConfigMap" ? "configmap references" : "references"
  return key === undefined ? undefined : `${words} non-existent ${what} key: ${key}`
}

/** utilerrors.Aggregate: one error stands alone, several are put in brackets, equal ones once. */
const aggregate = (errors: ReadonlyArray<string>): string | undefined => {
  if (errors.length < 2) return errors[0]
  const [first, ...others] = new Set(errors)
  return others.length === 0 ? first : `[${[first, ...others].join(", ")}]`
}

const projectedKinds = [
  ["ConfigMap", "configMap"],
  ["Secret", "secret"]
] as const

const projectedProblem = (projected: JsonObject, lookup: ConfigLookup): string | undefined =>
  aggregate(
    entries(projected, "sources").flatMap((entry) =>
      projectedKinds.flatMap(([kind, field]) => {
        if (entry[field] === undefined) return []
        const source = mapping(entry, field)
        return configProblem({ kind, name: text(source, "name"), source }, lookup) ?? []
      })
    )
  )

const gitRepoDisabled =
  "git-repo volume plugin has been disabled; if necessary, it may be re-enabled by enabling the feature-gate `GitRepoVolumeDriver`"

export const setUpProblem = (volume: JsonObject, view: MountView): string | undefined => {
  const { gitRepoDriver, hostPaths, lookup } = view
  const [configMap, secret] = [mapping(volume, "configMap"), mapping(volume, "secret")]
  if (volume["configMap"] !== undefined)
    return configProblem({ kind: "ConfigMap", name: text(configMap, "name"), source: configMap }, lookup)
  if (volume["secret"] !== undefined)
    return configProblem({ kind: "Secret", name: text(secret, "secretName"), source: secret }, lookup)
  if (volume["projected"] !== undefined) return projectedProblem(mapping(volume, "projected"), lookup)
  if (volume["gitRepo"] !== undefined) return gitRepoDriver ? undefined : gitRepoDisabled
  return volume["hostPath"] === undefined ? undefined : hostPathProblem(mapping(volume, "hostPath"), hostPaths)
}

type Step = "NodeAffinity check" | "NewMounter initialization" | "SetUp"

const failed = (step: Step, volume: string, problem: string): string =>
  `MountVolume.${step} failed for volume ${JSON.stringify(volume)} : ${problem}`

/** The Event of a failed mount. */
export const mountFailed = (volume: string, problem: string): string => failed("SetUp", volume, problem)

/** The Event of a mount that cannot be (`pkg/volume/util/operationexecutor/operation_generator.go`, GenerateMountVolumeFunc). */
export const mountProblem = ({ name, persistent, source }: Mountable, view: MountView): string | undefined => {
  if (persistent !== undefined && !isReachable(persistent, view.labels))
    return failed("NodeAffinity check", name, "no matching NodeSelectorTerms")
  const missing = source["local"] == null ? undefined : localPathProblem(mapping(source, "local"), view.hostPaths)
  if (missing !== undefined) return failed("NewMounter initialization", name, missing)
  const problem = setUpProblem(source, view)
  return problem === undefined ? undefined : mountFailed(name, problem)
}
