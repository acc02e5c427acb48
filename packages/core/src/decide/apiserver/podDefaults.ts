/** What decoding fills into a Pod (`pkg/apis/core/v1/defaults.go`, `zz_generated.defaults.go` SetObjectDefaults_Pod; section 1.2). */

import { isJsonObject, type Json, type JsonObject } from "../../event/Json.ts"
import { parseQuantity, quantityText, roundToMilli } from "../../event/Quantity.ts"
import { containerLists } from "./fields.ts"
import { parseImageName } from "./parseImageName.ts"
import { podLevelResources } from "./podLevelResources.ts"

const isNil = (value: Json | undefined): boolean => value === undefined || value === null
const isZero = (value: Json | undefined): boolean => isNil(value) || value === "" || value === 0 || value === false

/** Sets what is absent. */
const fillNil = (object: JsonObject, defaults: JsonObject): JsonObject => {
  const filled: { [key: string]: Json | undefined } = { ...object }
  for (const key of Object.keys(defaults)) if (isNil(filled[key])) filled[key] = defaults[key]
  return filled
}

/** Sets what is absent or empty: Go cannot tell these apart where the field is no pointer. */
const fillZero = (object: JsonObject, defaults: JsonObject): JsonObject => {
  const filled: { [key: string]: Json | undefined } = { ...object }
  for (const key of Object.keys(defaults)) if (isZero(filled[key])) filled[key] = defaults[key]
  return filled
}

/** Rewrites the mapping at `key`, if there is one. */
const within = (object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? { ...object, [key]: change(value) } : object
}

/** Rewrites each mapping of the list at `key`, if there is one. */
const each = (object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject => {
  const list = object[key]
  return Array.isArray(list)
    ? { ...object, [key]: list.map((item: Json) => (isJsonObject(item) ? change(item) : item)) }
    : object
}

const pullPolicy = (image: Json | undefined): string =>
  parseImageName(String(image ?? ""))?.tag === "latest" ? "Always" : "IfNotPresent"

const fieldRef = (holder: JsonObject): JsonObject =>
  within(holder, "fieldRef", (ref) => fillZero(ref, { apiVersion: "v1" }))

const environment = (variable: JsonObject): JsonObject =>
  within(variable, "valueFrom", (from) =>
    within(fieldRef(from), "fileKeyRef", (ref) => fillNil(ref, { optional: false }))
  )

const httpGet = (handler: JsonObject): JsonObject =>
  within(handler, "httpGet", (action) => fillZero(action, { path: "/", scheme: "HTTP" }))

const probe = (given: JsonObject): JsonObject =>
  within(
    httpGet(fillZero(given, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })),
    "grpc",
    (action) => fillNil(action, { service: "" })
  )

const roundUp = (list: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.keys(list).map((name) => {
      const quantity = parseQuantity(String(list[name] ?? "").trim())
      return [name, quantity === undefined ? list[name] : quantityText(roundToMilli(quantity))]
    })
  )

const rounded = (holder: JsonObject): JsonObject => within(within(holder, "limits", roundUp), "requests", roundUp)

/** A limit without a request is the request too (SetDefaults_Pod). */
const requestsFromLimits = (resources: JsonObject): JsonObject =>
  isJsonObject(resources["limits"])
    ? {
        ...resources,
        requests: { ...resources["limits"], ...(isJsonObject(resources["requests"]) ? resources["requests"] : {}) }
      }
    : resources

const lifecycle = (given: JsonObject): JsonObject => within(within(given, "postStart", httpGet), "preStop", httpGet)

interface ContainerDefaults {
  readonly hostPorts: boolean
  readonly requests: boolean
}

/** SetDefaults_Container and what hangs below a container. */
const container =
  ({ hostPorts, requests }: ContainerDefaults) =>
  (given: JsonObject): JsonObject => {
    const port = (value: JsonObject): JsonObject =>
      fillZero(value, { protocol: "TCP", ...(hostPorts ? { hostPort: value["containerPort"] } : {}) })
    let made = fillZero(given, {
      imagePullPolicy: pullPolicy(given["image"]),
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File"
    })
    made = each(each(made, "ports", port), "env", environment)
    for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) made = within(made, name, probe)
    return within(within(made, "lifecycle", lifecycle), "resources", (resources) =>
      rounded(requests ? requestsFromLimits(resources) : resources)
    )
  }

const items = (source: JsonObject): JsonObject => each(source, "items", fieldRef)

const projection = (source: JsonObject): JsonObject =>
  within(within(source, "downwardAPI", items), "serviceAccountToken", (token) =>
    fillNil(token, { expirationSeconds: 3600 })
  )

const legacySources: { readonly [source: string]: JsonObject } = {
  iscsi: { iscsiInterface: "default" },
  rbd: { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" },
  scaleIO: { storageMode: "ThinProvisioned", fsType: "xfs" }
}

const volume = (given: JsonObject): JsonObject => {
  const hasSource = Object.keys(given).some((key) => key !== "name" && !isNil(given[key]))
  let made: JsonObject = hasSource ? given : { ...given, emptyDir: {} }
  for (const name of ["secret", "configMap", "downwardAPI", "projected"])
    made = within(made, name, (source) => fillNil(items(source), { defaultMode: 420 }))
  for (const [name, defaults] of Object.entries(legacySources))
    made = within(made, name, (source) => fillZero(source, defaults))
  made = within(made, "projected", (source) => each(source, "sources", projection))
  made = within(made, "hostPath", (source) => fillNil(source, { type: "" }))
  made = within(made, "azureDisk", (source) =>
    fillNil(source, { cachingMode: "ReadWrite", fsType: "ext4", readOnly: false, kind: "Shared" })
  )
  made = within(made, "ephemeral", (source) => within(source, "volumeClaimTemplate", claimTemplate))
  return within(made, "image", (source) => fillZero(source, { pullPolicy: pullPolicy(source["reference"]) }))
}

const claimTemplate = (template: JsonObject): JsonObject =>
  within(template, "spec", (spec) => within(fillNil(spec, { volumeMode: "Filesystem" }), "resources", rounded))

/** The deprecated name of the account counts where the new one is not given (Convert_v1_PodSpec_To_core_PodSpec). */
const accountName = (spec: JsonObject): JsonObject =>
  isZero(spec["serviceAccountName"]) ? { ...spec, serviceAccountName: spec["serviceAccount"] } : spec

/** SetDefaults_PodSpec and what hangs below it: the same for a pod and for what pods are made from. */
const podSpec = (given: JsonObject, ofContainers: (list: string) => ContainerDefaults): JsonObject => {
  const named = fillZero(accountName(given), {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler"
  })
  let spec = fillNil(named, { securityContext: {}, terminationGracePeriodSeconds: 30 })
  spec = each(spec, "volumes", volume)
  for (const list of containerLists) spec = each(spec, list, container(ofContainers(list)))
  return spec
}

const withOverhead = (spec: JsonObject): JsonObject => within(within(spec, "overhead", roundUp), "resources", rounded)

/** The spec with everything that decoding adds. Total: what has a wrong type stays as it is. */
export const defaultPodSpec = (given: JsonObject): JsonObject => {
  const hostPorts = given["hostNetwork"] === true
  const spec = podSpec(fillNil(given, { enableServiceLinks: true }), (list) => ({
    hostPorts: hostPorts && list !== "ephemeralContainers",
    requests: list !== "ephemeralContainers"
  }))
  return withOverhead(podLevelResources(spec))
}

/** The spec in a workload's template: what only a pod gets (SetDefaults_Pod) is left to the pods that are made from it. */
export const defaultTemplateSpec = (given: JsonObject): JsonObject =>
  withOverhead(podSpec(given, () => ({ hostPorts: false, requests: false })))
