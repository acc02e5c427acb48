/** The columns of `kubectl get pods`: what kubectl prints of the server's table. */
import type { Instant } from "../event/Instant.ts"
import type { KubernetesObject } from "../event/KubernetesObject.ts"
import { podCells, printPod } from "./print/core/pod.ts"

/** With `-o wide`. */
export const widePodColumnNames: ReadonlyArray<string> = printPod.columns.map(({ name }) => name.toUpperCase())
export const podColumnNames: ReadonlyArray<string> = widePodColumnNames.slice(0, 5)

/** What kubectl would print of the pod at that moment of the API server's clock, one cell for each of `podColumnNames`. */
export const podColumns = (pod: KubernetesObject, now: Instant): ReadonlyArray<string> =>
  podCells(pod, now).slice(0, podColumnNames.length)

/** The same with `-o wide`, one cell for each of `widePodColumnNames`. */
export const widePodColumns = (pod: KubernetesObject, now: Instant): ReadonlyArray<string> => podCells(pod, now)
