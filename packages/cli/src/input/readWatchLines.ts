/** A file of watch lines, read where it lies: nothing of it is kept, so nothing is hidden. */
import { importWatchLines } from "@kubereel/backend-k8s"
import type { ClusterEvent } from "@kubereel/core"
import type { Stream } from "effect"

export const readWatchLines = (file: string): Stream.Stream<ClusterEvent, unknown> => importWatchLines(file)
