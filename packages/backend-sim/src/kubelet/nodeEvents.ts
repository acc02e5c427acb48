/** Events about the node itself, as the kubelet's recorder gets them (`pkg/kubelet/kubelet.go`, nodeRef; K-320): without a UID, and in no namespace. */
import type { NewEvent } from "../client/EventRecorder.ts"
import type { KubeletNode } from "./KubeletNode.ts"

export const recordNodeEvent = (
  node: Pick<KubeletNode, "events">,
  name: string,
  words: Pick<NewEvent, "type" | "reason" | "message">
): void => {
  const subject = { kind: "Node", namespace: "", name, uid: "", resourceVersion: undefined, fieldPath: undefined }
  node.events.record({ ...words, subject })
}
