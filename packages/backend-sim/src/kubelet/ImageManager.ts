/** Whether a container's image is on the node, and how it comes there (`pkg/kubelet/images/image_manager.go`; K-120…K-125). */
import {
  backOffFailure,
  type ImageBackOff,
  type ImageFailure,
  type ImageName,
  imageNameOf,
  imageWords,
  isInImageBackOff,
  type KubeletConfiguration,
  type KubernetesObject,
  type KubernetesRelease,
  mustAttemptImagePull,
  nextImageBackOff,
  type PullCredential,
  type PulledRecord,
  pullCredentials,
  pullFailure,
  recordPulled
} from "@kubereel/core"
import { Result } from "effect"
import type { NewEvent } from "../client/EventRecorder.ts"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { Images, StoredImage } from "../runtime/Images.ts"
import { ImagePuller } from "./ImagePuller.ts"

export interface ImageRequest {
  readonly podUID: string
  readonly image: string
  readonly policy: string
  readonly pullSecrets: ReadonlyArray<KubernetesObject>
  readonly random: RandomStream
  readonly release: KubernetesRelease
  readonly event: (words: Pick<NewEvent, "type" | "reason" | "message">) => void
}

export type ImageDone = (outcome: Result.Result<StoredImage, ImageFailure>) => void

export class ImageManager {
  readonly #engine: Engine
  readonly #images: Images
  readonly #puller: ImagePuller
  /** Both by pod and image. */
  readonly #backOffs = new Map<string, ImageBackOff>()
  readonly #previous = new Map<string, ImageFailure>()
  /** By image and repository; on disk, they outlive the kubelet's process. */
  readonly #records: Map<string, PulledRecord>

  constructor(
    engine: Engine,
    images: Images,
    configuration: KubeletConfiguration,
    records = new Map<string, PulledRecord>()
  ) {
    this.#engine = engine
    this.#images = images
    this.#puller = new ImagePuller(engine, configuration)
    this.#records = records
  }

  /** EnsureImageExists. */
  ensureImageExists(request: ImageRequest, done: ImageDone): void {
    const { event, image, policy, release } = request
    const name = imageNameOf(image)
    if (Result.isFailure(name)) {
      const message = imageWords.invalidName(image, name.failure)
      event({ type: "Warning", reason: "InspectFailed", message })
      return done(Result.fail({ reason: "InvalidImageName", message }))
    }
    const credentials = pullCredentials(request.pullSecrets, name.success)
    // Policy Always never looks (K-120).
    const stored = policy === "Always" ? undefined : this.#images.status(image)
    if (
      stored !== undefined &&
      !(release.gates.KubeletEnsureSecretPulledImages && this.#mustPull(stored, name.success, credentials))
    ) {
      event({ type: "Normal", reason: "Pulled", message: imageWords.present(image, release) })
      return done(Result.succeed(stored))
    }
    if (policy === "Never") {
      const message = imageWords.neverPull(image)
      event({ type: "Warning", reason: "ErrImageNeverPull", message })
      return done(Result.fail({ reason: "ErrImageNeverPull", message }))
    }
    this.#pull(request, name.success, credentials, done)
  }

  /** A pod that is gone needs nothing remembered. */
  forget(podUID: string): void {
    for (const map of [this.#backOffs, this.#previous])
      for (const key of map.keys()) if (key.startsWith(`${podUID}_`)) map.delete(key)
  }

  #mustPull(stored: StoredImage, name: ImageName, credentials: ReadonlyArray<PullCredential>): boolean {
    return mustAttemptImagePull(this.#records.get(recordKey(stored, name)), credentials)
  }

  #pull(request: ImageRequest, name: ImageName, credentials: ReadonlyArray<PullCredential>, done: ImageDone): void {
    const { event, image, podUID, random, release } = request
    const key = `${podUID}_${image}`
    const since = this.#engine.now
    if (isInImageBackOff(this.#backOffs.get(key), since)) {
      event({ type: "Normal", reason: "BackOff", message: imageWords.backOff(image) })
      return done(Result.fail(backOffFailure(image, this.#previous.get(key), release)))
    }
    this.#previous.delete(key)
    event({ type: "Normal", reason: "Pulling", message: imageWords.pulling(image) })
    this.#puller.pull({
      pull: (answer) => this.#images.pull({ ...name, text: image }, credentials.length > 0, random, answer),
      done: (answer, took) => {
        const now = this.#engine.now
        if (answer._tag === "Refused") {
          event({ type: "Warning", reason: "Failed", message: imageWords.failed(image, answer.error) })
          this.#backOffs.set(key, nextImageBackOff(this.#backOffs.get(key), now))
          const failure = pullFailure(image, answer.error)
          this.#previous.set(key, failure)
          return done(Result.fail(failure))
        }
        event({
          type: "Normal",
          reason: "Pulled",
          message: imageWords.pulled(image, { pull: took, whole: now - since, size: answer.image.size }, release)
        })
        const record = recordKey(answer.image, name)
        this.#records.set(record, recordPulled(this.#records.get(record), credentials[0]))
        done(Result.succeed(answer.image))
      }
    })
  }
}

const recordKey = ({ id }: StoredImage, { domain, path }: ImageName): string => `${id} ${domain}/${path}`
