/** Somebody's recording, read where it lies: nothing of it is kept, so nothing is hidden. */
import {
  type BadRecording,
  importRecordings,
  type Recognised,
  recognise,
  type UnreadableFile
} from "@kubereel/backend-k8s"
import type { ClusterEvent } from "@kubereel/core"
import { Effect, type Stream } from "effect"

export const recogniseFile = (file: string): Effect.Effect<Recognised, BadRecording | UnreadableFile> =>
  Effect.tryPromise({ try: () => recognise(file), catch: (cause) => cause as BadRecording | UnreadableFile })

export const readRecording = (recording: Recognised): Stream.Stream<ClusterEvent, unknown> =>
  importRecordings([recording])
