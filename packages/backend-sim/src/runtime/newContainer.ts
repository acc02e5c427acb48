/** A container as CreateContainer leaves it (containerd `internal/cri/server/container_create.go`). */
import {
  type ContainerKind,
  type ContainerSpec,
  definitionHash,
  type Instant,
  type JsonObject,
  type RuntimeContainer
} from "@kubereel/core"
import type { StoredImage } from "./Images.ts"

export interface NewContainer {
  readonly id: string
  readonly kind: ContainerKind
  readonly spec: ContainerSpec
  readonly image: Pick<StoredImage, "tag" | "repoDigest">
  readonly sandbox: string
  readonly createdAt: Instant
  readonly restartCount: number
  readonly user: JsonObject
}

export const newContainer = (made: NewContainer): RuntimeContainer => ({
  id: made.id,
  kind: made.kind,
  name: made.spec.name,
  state: "created",
  sandbox: made.sandbox,
  createdAt: made.createdAt,
  startedAt: undefined,
  finishedAt: undefined,
  exitCode: 0,
  reason: "",
  message: "",
  image: made.image.tag,
  imageID: made.image.repoDigest,
  hash: definitionHash(made.spec),
  restartCount: made.restartCount,
  user: made.user,
  resources: made.spec.resources ?? {}
})

/** It never ran: containerd notes the end, and a start at no time at all (K-134, T-32). */
export const failedStart = (container: RuntimeContainer, at: Instant, message: string): RuntimeContainer => ({
  ...container,
  state: "exited",
  startedAt: 0 as Instant,
  finishedAt: at,
  exitCode: 128,
  reason: "StartError",
  message
})
