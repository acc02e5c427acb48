/** Has a driver attach and detach volumes: it is asked by an object, and answers in it (`pkg/volume/csi/csi_attacher.go`). */
import { type Attachable, type JsonObject, type KubernetesObject, MILLISECOND, SECOND, sha256Hex } from "@kubereel/core"
import { refusalOf } from "../../client/Client.ts"
import type { Course } from "../../client/Course.ts"
import type { ControllerTools } from "../ControllerContext.ts"

/** How long the driver is waited for, and how often it is looked at: ever more rarely. */
const TIMEOUT = 120 * SECOND
const FIRST_LOOK = 500 * MILLISECOND
const MOST_LOOK = 7 * SECOND
const FACTOR = 1.05

/** getAttachmentName. */
export const attachmentName = ({ driver, handle }: Attachable, node: string): string =>
  `csi-${sha256Hex(`${handle}${driver}${node}`)}`

const attachmentOf = (volume: Attachable, node: string): KubernetesObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "VolumeAttachment",
  metadata: { name: attachmentName(volume, node) },
  spec: {
    attacher: volume.driver,
    nodeName: node,
    source:
      volume.persistentVolume === undefined
        ? { inlineVolumeSpec: { csi: { driver: volume.driver, volumeHandle: volume.handle } } }
        : { persistentVolumeName: volume.persistentVolume }
  }
})

type Look = "done" | "waiting" | { readonly why: string }

const attached = (found: KubernetesObject | undefined): Look => {
  if (found === undefined) return "waiting"
  if (found.metadata.deletionTimestamp !== undefined) return { why: "volume attachment is being deleted" }
  const { attached: isAttached, attachError } = (found["status"] ?? {}) as JsonObject
  if (isAttached === true) return "done"
  return attachError == null ? "waiting" : { why: String((attachError as JsonObject)["message"]) }
}

const detached = (found: KubernetesObject | undefined): Look => {
  const { detachError } = (found?.["status"] ?? {}) as JsonObject
  if (found === undefined) return "done"
  return detachError == null ? "waiting" : { why: String((detachError as JsonObject)["message"]) }
}

/** What went wrong, if anything did. */
function* waitFor(
  tools: ControllerTools,
  name: string,
  look: (found: KubernetesObject | undefined) => Look,
  timeout: string
): Course<string | undefined> {
  const { engine, informers, random } = tools
  const began = engine.now
  for (let pause = FIRST_LOOK; engine.now - began < TIMEOUT; pause = Math.min(pause * FACTOR, MOST_LOOK)) {
    yield Math.round(pause * (1 + 0.1 * random.next()))
    const seen = look(informers.get("VolumeAttachment", undefined, name))
    if (seen === "done") return undefined
    if (seen !== "waiting") return seen.why
  }
  return timeout
}

export function* attach(tools: ControllerTools, volume: Attachable, node: string): Course<string | undefined> {
  const { client, informers } = tools
  const name = attachmentName(volume, node)
  if (informers.get("VolumeAttachment", undefined, name) === undefined) {
    const refusal = refusalOf(yield* client.create(attachmentOf(volume, node), ""))
    if (refusal !== undefined && refusal.code !== 409) return `attacher.Attach failed: ${refusal.message}`
  }
  const by = `timed out waiting for external-attacher of ${volume.driver} CSI driver to attach volume ${volume.handle}`
  return yield* waitFor(tools, name, attached, by)
}

export function* detach(tools: ControllerTools, volume: Attachable, node: string): Course<string | undefined> {
  const name = attachmentName(volume, node)
  const refusal = refusalOf(yield* tools.client.delete({ kind: "VolumeAttachment", namespace: "", name }))
  if (refusal?.code === 404) return undefined
  if (refusal !== undefined) return `detacher.Detach failed to delete VolumeAttachment [${name}]: ${refusal.message}`
  const by = `timed out waiting for external-attacher of ${volume.driver} CSI driver to detach volume ${volume.handle}`
  return yield* waitFor(tools, name, detached, by)
}
