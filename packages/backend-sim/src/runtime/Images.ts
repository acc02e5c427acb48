/** What a node's image store holds: the scenario's images, found by glob. */
import { globMatches, type ImageSpec, sha256Hex } from "@kubereel/core"

/** The size that is reported for an image whose size nobody declared: busybox. */
const USUAL_SIZE = 1_147_942

export class Images {
  readonly #specs: ReadonlyArray<ImageSpec>
  readonly #ids = new Map<string, string>()

  constructor(specs: ReadonlyArray<ImageSpec>) {
    this.#specs = specs
  }

  size(image: string): number {
    return this.#specs.find((spec) => globMatches(spec.image, image))?.size ?? USUAL_SIZE
  }

  /** A repository digest, the same for the same name everywhere. */
  id(image: string): string {
    const known = this.#ids.get(image)
    if (known !== undefined) return known
    const [repository = image] = image.split("@")
    const id = `${repository.replace(/:[^/:]*$/, "")}@sha256:${sha256Hex(image)}`
    this.#ids.set(image, id)
    return id
  }
}
