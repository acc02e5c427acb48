/** Pods as controllers see them, in a few words. */

import { type Instant, SECOND, toTime } from "../../../src/event/Instant.ts"
import { asObject, type PodObject } from "../../../src/event/KubernetesObject.ts"

export const NOW = (1_767_225_600 * SECOND) as Instant
export const ago = (seconds: number): string => toTime((NOW - seconds * SECOND) as Instant)

export interface PodWords {
  readonly name?: string
  readonly phase?: string
  readonly node?: string
  /** Since so many seconds; absent: it is not ready. */
  readonly ready?: number
  readonly restarts?: number
  /** Its age in seconds. */
  readonly age?: number
  readonly cost?: string
  readonly deleting?: boolean
  readonly labels?: { readonly [key: string]: string }
  readonly sidecarRestarts?: number
}

export const pod = (words: PodWords = {}): PodObject => {
  const { age = 0, cost, deleting = false, labels = {}, name = "p", node = "n-1", phase = "Running" } = words
  const ready = words.ready !== undefined
  return asObject({
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      name,
      namespace: "n",
      uid: name,
      labels,
      creationTimestamp: ago(age),
      ...(cost === undefined ? {} : { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
      ...(deleting ? { deletionTimestamp: ago(0) } : {})
    },
    spec: {
      ...(node === "" ? {} : { nodeName: node }),
      containers: [],
      ...(words.sidecarRestarts === undefined ? {} : { initContainers: [{ name: "s", restartPolicy: "Always" }] })
    },
    status: {
      phase,
      conditions: [
        { type: "Ready", status: ready ? "True" : "False", lastTransitionTime: ago(words.ready ?? 0) },
        { type: "PodScheduled", status: "True" }
      ],
      containerStatuses: [{ name: "c", ready, restartCount: words.restarts ?? 0, image: "", imageID: "" }],
      ...(words.sidecarRestarts === undefined
        ? {}
        : {
            initContainerStatuses: [
              { name: "s", ready, restartCount: words.sidecarRestarts, image: "", imageID: "" },
              { name: "i", ready, restartCount: 99, image: "", imageID: "" }
            ]
          })
    }
  }) as PodObject
}
