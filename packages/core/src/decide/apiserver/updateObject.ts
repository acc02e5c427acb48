/** What an update of an object stores, or why it is refused (`k8s.io/apiserver/pkg/registry/rest/update.go` and the strategies of `pkg/registry/core`). */
import { Result } from "effect"
import { type JsonObject, jsonEqual } from "../../event/Json.ts"
import { isPod, type KubernetesObject, type PodObject } from "../../event/KubernetesObject.ts"
import { type KubernetesRelease, latestRelease } from "../kubelet/featureGates.ts"
import { isKnownKind } from "./apiTypes.ts"
import { encodeObject } from "./encodeObject.ts"
import { entries, mapping, numbered, text } from "./fields.ts"
import { labelValue, qualifiedName } from "./nameRules.ts"
import {
  duplicate,
  type FieldError,
  invalid,
  invalidObject,
  notFoundResource,
  notSupported,
  required,
  type Status
} from "./status.ts"
import { resizePod, updateEphemeralContainers, updatePod, writePodStatus } from "./updatePod.ts"
import { validateEphemeralContainersUpdate } from "./validateEphemeralContainersUpdate.ts"
import { validateMetadataUpdate } from "./validateMetadataUpdate.ts"
import { validatePodResize } from "./validatePodResize.ts"
import { validatePodStatus } from "./validatePodStatus.ts"
import { validatePodUpdate } from "./validatePodUpdate.ts"

/** How one kind, or a subresource of it, takes a write. */
interface UpdateStrategy<Object extends KubernetesObject> {
  /** What is left of what the client asks for. */
  readonly prepare: (old: Object, updated: JsonObject, release: KubernetesRelease) => Object
  readonly validate: (next: Object, old: Object, release: KubernetesRelease) => ReadonlyArray<FieldError>
}

const pods: { readonly [subresource: string]: UpdateStrategy<PodObject> } = {
  "": { prepare: updatePod, validate: validatePodUpdate },
  status: { prepare: writePodStatus, validate: validatePodStatus },
  resize: { prepare: resizePod, validate: validatePodResize },
  ephemeralcontainers: { prepare: updateEphemeralContainers, validate: validateEphemeralContainersUpdate }
}

const serverMetadata = ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"] as const

const withMetadata = (old: KubernetesObject, updated: JsonObject, kept: JsonObject): KubernetesObject => {
  const given = mapping(updated, "metadata")
  const metadata = {
    ...given,
    ...Object.fromEntries(serverMetadata.map((key) => [key, old.metadata[key]])),
    uid: given["uid"] ?? old.metadata.uid,
    resourceVersion: old.metadata.resourceVersion
  }
  const next = { ...updated, ...kept, metadata }
  return (isKnownKind(old.apiVersion, old.kind) ? encodeObject(old.kind, next) : next) as KubernetesObject
}

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

const taintErrors = (taints: ReadonlyArray<JsonObject>): ReadonlyArray<FieldError> => {
  const seen = new Set<string>()
  return numbered(taints, "metadata.taints").flatMap(({ at, item }) => {
    const [key, value, effect] = [text(item, "key"), text(item, "value"), text(item, "effect")]
    const repeated = seen.has(`${effect} ${key}`)
    seen.add(`${effect} ${key}`)
    return [
      ...qualifiedName(key).map((message) => invalid(`${at}.key`, key, message)),
      ...(labelValue(value).length > 0 ? [invalid(`${at}.value`, value, labelValue(value).join(";"))] : []),
      ...(effect === ""
        ? [required(`${at}.effect`)]
        : effects.includes(effect)
          ? []
          : [notSupported(`${at}.effect`, effect, effects)]),
      ...(repeated ? [duplicate(at, item, "taints must be unique by key and effect pair")] : [])
    ]
  })
}

/** A Node's `spec` and `status` are written apart, a Namespace's finalizers by nobody here. */
const others: { readonly [kind: string]: { readonly [subresource: string]: UpdateStrategy<KubernetesObject> } } = {
  Node: {
    "": {
      prepare: (old, updated) => withMetadata(old, updated, { status: old["status"] }),
      validate: (next, old) => [
        ...validateMetadataUpdate(next.metadata, old.metadata),
        ...taintErrors(entries(mapping(next, "spec"), "taints"))
      ]
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
    }
  },
  Namespace: {
    "": {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"], status: old["status"] }),
      validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
    },
    status: {
      prepare: (old, updated) => withMetadata(old, updated, { spec: old["spec"] }),
      validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
    }
  }
}

/** Kinds without rules of their own are stored as they are asked for. */
const plain: { readonly [subresource: string]: UpdateStrategy<KubernetesObject> } = {
  "": {
    prepare: (old, updated) => withMetadata(old, updated, {}),
    validate: (next, old) => validateMetadataUpdate(next.metadata, old.metadata)
  }
}

const carriedOut = <Object extends KubernetesObject>(
  strategy: UpdateStrategy<Object> | undefined,
  old: Object,
  updated: JsonObject,
  release: KubernetesRelease
): Result.Result<Object, Status> => {
  if (strategy === undefined) return Result.fail(notFoundResource)
  const next = strategy.prepare(old, updated, release)
  const errors = strategy.validate(next, old, release)
  if (errors.length > 0) return Result.fail(invalidObject({ group: "", kind: old.kind }, old.metadata.name, errors))
  return Result.succeed(jsonEqual(next, old) ? old : next)
}

/** The API server serves `resize` with InPlacePodVerticalScaling only (`pkg/registry/core/rest/storage_core.go`). */
const podStrategy = (subresource: string, { gates }: KubernetesRelease): UpdateStrategy<PodObject> | undefined =>
  subresource === "resize" && !gates.InPlacePodVerticalScaling ? undefined : pods[subresource]

/** `subresource`: "" for the object itself. Answers with `old` itself when nothing changes: then nothing is stored (C-028). */
export const updateObject = (
  old: KubernetesObject,
  updated: JsonObject,
  subresource: string,
  release: KubernetesRelease = latestRelease
): Result.Result<KubernetesObject, Status> =>
  isPod(old)
    ? carriedOut(podStrategy(subresource, release), old, updated, release)
    : carriedOut((others[old.kind] ?? plain)[subresource], old, updated, release)
