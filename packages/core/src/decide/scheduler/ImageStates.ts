/** Which nodes have which images (`pkg/scheduler/backend/cache/cache.go`, addNodeImageStates). */
import { entries, integer } from "../apiserver/fields.ts"
import type { NodeObject } from "./NodeInfo.ts"

export interface ImageState {
  /** Bytes, as the first node that had it said. */
  readonly size: number
  /** Their slots. */
  readonly nodes: Set<number>
}

export class ImageStates {
  readonly #images = new Map<string, ImageState>()

  get(name: string): ImageState | undefined {
    return this.#images.get(name)
  }

  put(node: NodeObject, slot: number): void {
    for (const image of entries(node.status, "images")) {
      for (const name of (image["names"] ?? []) as ReadonlyArray<string>) {
        const known = this.#images.get(name)
        if (known === undefined)
          this.#images.set(name, { size: integer(image, "sizeBytes") ?? 0, nodes: new Set([slot]) })
        else known.nodes.add(slot)
      }
    }
  }

  remove(node: NodeObject, slot: number): void {
    for (const image of entries(node.status, "images")) {
      for (const name of (image["names"] ?? []) as ReadonlyArray<string>) {
        const known = this.#images.get(name)
        if (known?.nodes.delete(slot) === true && known.nodes.size === 0) this.#images.delete(name)
      }
    }
  }
}
