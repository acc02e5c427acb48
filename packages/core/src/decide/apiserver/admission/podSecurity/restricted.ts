/** The checks that the level `restricted` adds to `baseline`, in the order of their ids (`k8s.io/pod-security-admission/policy/check_*.go`). */
import type { Json, JsonObject } from "../../../../event/Json.ts"
import { entries, mapping, specOf } from "../../fields.ts"
import {
  addedOf,
  baselineChecks,
  capabilitiesBaseline,
  hostPathVolumes,
  isSafeSeccomp,
  procMount,
  procMountAlways,
  seccompProfileBaseline,
  unsafeSeccomp
} from "./baseline.ts"
import {
  badContainers,
  type Check,
  containersOf,
  hasOwnUsers,
  isWindows,
  nameOf,
  plural,
  quoted,
  saying,
  securityOf,
  setters,
  sorted,
  those,
  verb
} from "./podParts.ts"

/** Windows has none of this; that counts since 1.25. */
const exempt = (pod: JsonObject, minor: number): boolean => minor >= 25 && isWindows(pod)

const allowPrivilegeEscalation: Check = (pod, minor) => {
  const names = badContainers(pod, (container) => securityOf(container)["allowPrivilegeEscalation"] !== false)
  if (minor < 8 || exempt(pod, minor) || names.length === 0) return undefined
  const detail = `${those("container", names)} must set securityContext.allowPrivilegeEscalation=false`
  return { reason: "allowPrivilegeEscalation != false", detail }
}

const capabilitiesRestricted: Check = (pod, minor) => {
  if (minor < 22) return capabilitiesBaseline(pod, minor)
  if (exempt(pod, minor)) return undefined
  const dropped = (container: JsonObject): Json | undefined => mapping(securityOf(container), "capabilities")["drop"]
  const keeping = badContainers(pod, (container) => {
    const drop = dropped(container)
    return !(Array.isArray(drop) && drop.includes("ALL"))
  })
  const extra = (container: JsonObject) => addedOf(container).filter((one) => one !== "NET_BIND_SERVICE")
  const adding = badContainers(pod, (container) => extra(container).length > 0)
  const added = quoted(sorted(containersOf(pod).flatMap(extra)))
  const details = [
    ...(keeping.length > 0
      ? [`${those("container", keeping)} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(adding.length > 0
      ? [`${those("container", adding)} must not include ${added} in securityContext.capabilities.add`]
      : [])
  ]
  return details.length === 0 ? undefined : { reason: "unrestricted capabilities", detail: details.join("; ") }
}

const procMountRestricted: Check = (pod, minor) => (minor >= 35 ? procMountAlways : procMount)(pod, minor)

const allowedVolumes =
  "configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split(" ")
const otherVolumes =
  "hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO storageos".split(
    " "
  )

const restrictedVolumes: Check = (pod) => {
  const has = (volume: JsonObject) => (type: string) => (volume[type] ?? null) !== null
  const bad = entries(specOf(pod), "volumes").filter((volume) => !allowedVolumes.some(has(volume)))
  if (bad.length === 0) return undefined
  const types = sorted(bad.map((volume) => otherVolumes.find(has(volume)) ?? "unknown"))
  const what = `${plural("restricted volume type", types.length)} ${quoted(types)}`
  return {
    reason: "restricted volume types",
    detail: `${those("volume", bad.map(nameOf))} ${verb(bad.length)} ${what}`
  }
}

const runAsNonRoot: Check = (pod, minor) => {
  if (minor >= 35 && hasOwnUsers(pod)) return undefined
  const said = (owner: JsonObject) => securityOf(owner)["runAsNonRoot"] ?? undefined
  const reason = "runAsNonRoot != true"
  const own = said(specOf(pod))
  const who = setters(
    own === false,
    badContainers(pod, (container) => said(container) === false)
  )
  if (who !== "") return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` }
  const silent = badContainers(pod, (container) => own !== true && said(container) === undefined)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${those("container", silent)} must set securityContext.runAsNonRoot=true` }
}

const runAsUser: Check = (pod, minor) => {
  if (minor < 23 || (minor >= 35 && hasOwnUsers(pod))) return undefined
  const isRoot = (owner: JsonObject) => securityOf(owner)["runAsUser"] === 0
  const who = setters(isRoot(specOf(pod)), badContainers(pod, isRoot))
  return who === "" ? undefined : { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` }
}

const seccompProfileRestricted: Check = (pod, minor) => {
  if (minor < 19) return seccompProfileBaseline(pod, minor)
  if (exempt(pod, minor)) return undefined
  const wrong = unsafeSeccomp(pod, minor)
  if (wrong !== undefined) return wrong
  const { containers, own } = saying(pod, "seccompProfile")
  if (own !== undefined && isSafeSeccomp(own)) return undefined
  const saidBy = new Set(containers.map(({ name }) => name))
  const silent = badContainers(pod, (container) => !saidBy.has(nameOf(container)))
  if (silent.length === 0) return undefined
  const detail = `pod or ${those("container", silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`
  return { reason: "seccompProfile", detail }
}

/** Stricter ones stand for these. */
const overridden: ReadonlyArray<Check> = [capabilitiesBaseline, hostPathVolumes, procMount, seccompProfileBaseline]

export const restrictedChecks: ReadonlyArray<Check> = [
  ...baselineChecks.filter((check) => !overridden.includes(check)),
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted
]
