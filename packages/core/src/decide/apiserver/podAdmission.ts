/** What admission adds to a new Pod: ServiceAccount, Priority, DefaultTolerationSeconds (`plugin/pkg/admission`; C-008…C-014). */
import { Result } from "effect"
import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { forbidden, pods, type Status } from "./status.ts"

const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
const TOKEN_VOLUME = "kube-api-access-"

const listOf = (object: JsonObject, key: string): ReadonlyArray<Json> => (Array.isArray(object[key]) ? object[key] : [])
const mappings = (object: JsonObject, key: string): ReadonlyArray<JsonObject> =>
  listOf(object, key).filter(isJsonObject)

/** The token is good for an hour and seven seconds: a value that marks bound tokens. */
const projected: JsonObject = {
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    {
      downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] }
    }
  ],
  defaultMode: 420
}

const tokenVolume = (name: string): JsonObject => ({ name, projected })

const mounted = (container: JsonObject): boolean =>
  mappings(container, "volumeMounts").some((mount) => mount["mountPath"] === TOKEN_PATH)

const mount = (spec: JsonObject, key: string, volumeMount: JsonObject): JsonObject => {
  if (!Array.isArray(spec[key])) return spec
  const containers = listOf(spec, key).map((container) =>
    isJsonObject(container) && !mounted(container)
      ? { ...container, volumeMounts: [...listOf(container, "volumeMounts"), volumeMount] }
      : container
  )
  return { ...spec, [key]: containers }
}

/** Why a pod is refused for its account, and what it gets from it otherwise (`serviceaccount/admission.go`, Admit). */
export const accountOf = (
  given: JsonObject,
  podName: string,
  lookup: (name: string) => { readonly account: JsonObject | undefined; readonly namespace: string }
): Result.Result<JsonObject, Status> => {
  const asked = given["serviceAccountName"]
  const name = typeof asked === "string" && asked !== "" ? asked : "default"
  const { account, namespace } = lookup(name)
  if (account === undefined) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`
    return Result.fail(forbidden(pods, podName, why))
  }
  const secrets = listOf(account, "imagePullSecrets")
  return Result.succeed(
    listOf(given, "imagePullSecrets").length === 0 && secrets.length > 0
      ? { ...given, imagePullSecrets: secrets }
      : given
  )
}

/**
 * `suffix` is the five characters of the volume's name; `accounts`: those of the namespace, whose word on the token counts where the pod
 * says nothing (`serviceaccount/admission.go`, shouldAutomount).
 */
export const serviceAccount = (
  given: JsonObject,
  suffix: string,
  accounts: (name: string) => JsonObject | undefined = () => undefined
): JsonObject => {
  const account = given["serviceAccountName"]
  const name = typeof account === "string" && account !== "" ? account : "default"
  const spec = { ...given, serviceAccountName: name, serviceAccount: name }
  if ((given["automountServiceAccountToken"] ?? accounts(name)?.["automountServiceAccountToken"]) === false) return spec
  const present = mappings(spec, "volumes").find((volume) => String(volume["name"]).startsWith(TOKEN_VOLUME))
  const volumeName = String(present?.["name"] ?? `${TOKEN_VOLUME}${suffix}`)
  const needed = ["initContainers", "containers"].some((key) =>
    mappings(spec, key).some((container) => !mounted(container))
  )
  if (!needed) return spec
  const volumeMount = { name: volumeName, readOnly: true, mountPath: TOKEN_PATH }
  const made = mount(mount(spec, "initContainers", volumeMount), "containers", volumeMount)
  return present === undefined ? { ...made, volumes: [...listOf(made, "volumes"), tokenVolume(volumeName)] } : made
}

export interface PriorityClass {
  readonly value: number
  readonly preemptionPolicy: string
  /** Of the pods that name none. */
  readonly globalDefault?: boolean
}

/** The classes that every cluster has. */
export const systemPriorityClasses: { readonly [name: string]: PriorityClass } = {
  "system-cluster-critical": { value: 2_000_000_000, preemptionPolicy: "PreemptLowerPriority" },
  "system-node-critical": { value: 2_000_001_000, preemptionPolicy: "PreemptLowerPriority" }
}

/** getDefaultPriority: should there be several classes for everybody, the lowest. */
const byDefault = (classes: { readonly [name: string]: PriorityClass }): PriorityClass & { readonly name: string } => {
  const forAll = Object.entries(classes).filter(([, { globalDefault }]) => globalDefault === true)
  const [lowest] = forAll.sort(([, a], [, b]) => a.value - b.value)
  return lowest === undefined
    ? { name: "", value: 0, preemptionPolicy: "PreemptLowerPriority" }
    : { name: lowest[0], ...lowest[1] }
}

/** The number behind the class's name (`priority/admission.go`, admitPod). */
export const priority = (
  spec: JsonObject,
  podName: string,
  classes: { readonly [name: string]: PriorityClass }
): Result.Result<JsonObject, Status> => {
  const refuse = (why: string) => Result.fail(forbidden(pods, podName, why))
  const name = typeof spec["priorityClassName"] === "string" ? spec["priorityClassName"] : ""
  const named = Object.hasOwn(classes, name) ? classes[name] : undefined
  const found = name === "" ? byDefault(classes) : named && { name, ...named }
  if (found === undefined) return refuse(`no PriorityClass with name ${name} was found`)
  const { preemptionPolicy, value } = found
  const given = spec["priority"]
  if (typeof given === "number" && given !== value) {
    return refuse(
      `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`
    )
  }
  const policy = spec["preemptionPolicy"]
  if (typeof policy === "string" && policy !== preemptionPolicy) {
    return refuse(
      `the string value of PreemptionPolicy (${policy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`
    )
  }
  const className = found.name === "" ? {} : { priorityClassName: found.name }
  return Result.succeed({ ...spec, ...className, priority: value, preemptionPolicy })
}

const toleration = (key: string): JsonObject => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300
})

/** Five minutes on a node that is gone, unless the pod says otherwise (`defaulttolerationseconds/admission.go`). */
export const tolerationSeconds = (spec: JsonObject): JsonObject => {
  const given = mappings(spec, "tolerations")
  const unset = (value: Json | undefined) => value === undefined || value === null || value === ""
  const missing = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].filter(
    (key) =>
      !given.some(
        (known) =>
          (known["key"] === key || unset(known["key"])) && (known["effect"] === "NoExecute" || unset(known["effect"]))
      )
  )
  return missing.length === 0
    ? spec
    : { ...spec, tolerations: [...listOf(spec, "tolerations"), ...missing.map(toleration)] }
}
