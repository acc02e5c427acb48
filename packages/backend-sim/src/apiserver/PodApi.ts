/** The API server as clients of pods use it. */
import type { Answer, JsonObject, PodObject } from "@kubereel/core"

export interface DeleteOptions {
  readonly gracePeriodSeconds: number | undefined
  /** Precondition: only that life of the name. */
  readonly uid?: string
}

export interface PodApi {
  getPod(namespace: string, name: string): PodObject | undefined
  /** The `status` subresource; answers with the stored object. */
  updatePodStatus(pod: PodObject, status: JsonObject): PodObject
  deletePod(pod: PodObject, options: DeleteOptions): Answer
}
