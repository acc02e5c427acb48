/**
 * A node's image store and the registries that it is filled from (containerd `internal/cri/server/images`): what is there is what
 * the scenario declares to be there and what has been pulled since.
 */
import {
  globMatches,
  type ImageName,
  type ImageSpec,
  type Micros,
  normalizedReference,
  parseImageName,
  type RegistryFault,
  registryError,
  sha256Hex
} from "@kubereel/core"
import type { Engine } from "../engine/Engine.ts"
import type { RandomStream } from "../engine/Random.ts"
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { quantile } from "../profile/quantiles.ts"

/** The size that is reported for an image whose size nobody declared: busybox. */
const USUAL_SIZE = 1_147_942

export interface StoredImage {
  /** The first repository tag, with its registry (K-182); the image's ID where it was pulled by digest. */
  readonly tag: string
  /** The first repository digest: `imageID` of a container status. */
  readonly repoDigest: string
  /** The ID that ImageStatus answers with. */
  readonly id: string
  readonly size: number
  readonly user: string
}

export type PullAnswer =
  | { readonly _tag: "Pulled"; readonly image: StoredImage }
  | { readonly _tag: "Refused"; readonly error: string }

export interface ImagesOptions {
  readonly engine: Engine
  readonly entity: string
  readonly profile: NodeProfile
  /** Without any, every image is there (see `not simulated`); with some, another image is in no registry. */
  readonly specs: ReadonlyArray<ImageSpec>
}

const everyImage: ImageSpec = {
  image: "*",
  present: true,
  pull: undefined,
  size: undefined,
  error: undefined,
  user: ""
}
const noImage: ImageSpec = { ...everyImage, present: false, error: "NotFound" }

export class Images {
  readonly #o: ImagesOptions
  readonly #pulled = new Set<string>()
  readonly #known = new Map<string, StoredImage>()
  /** The kubelet process whose calls are served. */
  #client = {}

  constructor(options: ImagesOptions) {
    this.#o = options
  }

  /** The kubelet process is gone, and with it the pulls that it had asked for. */
  disconnect(): void {
    this.#client = {}
  }

  /** ImageStatus: `undefined` if the image is not on the node. */
  status(image: string): StoredImage | undefined {
    const name = parseImageName(image)
    if (name === undefined) return undefined
    const there = this.#spec(image, name).present || this.#pulled.has(normalizedReference(name))
    return there ? this.#stored(image, name) : undefined
  }

  /** PullImage: asks the registry, which takes its time also to refuse. `authenticated`: with credentials for it. */
  pull(
    image: ImageName & { readonly text: string },
    authenticated: boolean,
    random: RandomStream,
    done: (answer: PullAnswer) => void
  ): void {
    const spec = this.#spec(image.text, image)
    const fault = spec.error === "Unauthorized" && authenticated ? undefined : spec.error
    const client = this.#client
    this.#o.engine.after(this.#o.entity, this.#takes(spec, fault, image, random), () => {
      if (client !== this.#client) return
      if (fault !== undefined) return done({ _tag: "Refused", error: registryError(image, fault) })
      this.#pulled.add(normalizedReference(image))
      done({ _tag: "Pulled", image: this.#stored(image.text, image) })
    })
  }

  #takes(spec: ImageSpec, fault: RegistryFault | undefined, name: ImageName, random: RandomStream): Micros {
    const { imageCheck, imagePull, imageRefused } = this.#o.profile
    const draw = random.next()
    const there = spec.present || this.#pulled.has(normalizedReference(name))
    if (fault !== undefined) return spec.pull ?? quantile(imageRefused, draw)
    return there ? quantile(imageCheck, draw) : (spec.pull ?? quantile(imagePull, draw))
  }

  #spec(image: string, name: ImageName): ImageSpec {
    const { specs } = this.#o
    const found = specs.find(
      (spec) => globMatches(spec.image, image) || globMatches(spec.image, normalizedReference(name))
    )
    return found ?? (specs.length === 0 ? everyImage : noImage)
  }

  /** Digests are the same for the same name everywhere. */
  #stored(image: string, name: ImageName): StoredImage {
    const reference = normalizedReference(name)
    const known = this.#known.get(reference)
    if (known !== undefined) return known
    const { size = USUAL_SIZE, user } = this.#spec(image, name)
    const id = `sha256:${sha256Hex(`config of ${reference}`)}`
    const repository = `${name.domain}/${name.path}`
    const stored = {
      tag: name.digest === "" ? reference : id,
      repoDigest: `${repository}@${name.digest === "" ? `sha256:${sha256Hex(reference)}` : name.digest}`,
      id,
      size,
      user
    }
    this.#known.set(reference, stored)
    return stored
  }
}
